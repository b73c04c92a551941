package io.kubebuild.tree;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The images of a release that a Makefile of their own builds ({@code kube::release::build_conformance_image} and {@code
 * kube::release::build_hyperkube_image}, build/lib/release.sh). Their bases are in no variable of the scripts; they are read here so that
 * one that is missing is found before the compile. What the build takes in the end is what the recorded Makefile names.
 */
public enum MadeImage {
    /** v1.13 to v1.20 in the first place, later in the second. */
    CONFORMANCE(
            "KUBE_BUILD_CONFORMANCE",
            "kube::release::build_conformance_image",
            "cluster/images/conformance",
            "test/conformance/image"),

    /** Up to v1.18. */
    HYPERKUBE("KUBE_BUILD_HYPERKUBE", "kube::release::build_hyperkube_image", "cluster/images/hyperkube", "");

    private static final Pattern ASSIGNMENT = Pattern.compile("(?m)^([A-Z_]+)[ \\t]*(\\?=|:=|=)[ \\t]*(.*?)[ \\t]*$");
    private static final Pattern REFERENCE = Pattern.compile("\\$(?:\\(([A-Z_]+)\\)|\\{([A-Z_]+)})");
    private static final List<String> BASES = List.of("BASEIMAGE", "RUNNERIMAGE");

    private final String variable;
    private final String function;
    private final String directory;
    private final String laterDirectory;

    MadeImage(String variable, String function, String directory, String laterDirectory) {
        this.variable = variable;
        this.function = function;
        this.directory = directory;
        this.laterDirectory = laterDirectory;
    }

    /**
     * Whether a release of this tree has the image.
     *
     * @param wanted what the user said
     */
    public boolean isMade(TreeRoot tree, Optional<Boolean> wanted) {
        String script = tree.text(tree.buildDirectory() + "/lib/release.sh").orElse("");
        if (!script.contains(function)) {
            return false;
        }
        return wanted.orElseGet(() -> new ShellVariables(tree, script, Map.of())
                .value(variable)
                .filter(value -> value.equalsIgnoreCase("y"))
                .isPresent());
    }

    /**
     * References of the images that it begins from; none where the tree's scripts name others to the Makefile, or where it names them in
     * a way that is not read.
     *
     * @param arch what it is built for
     * @param environment variables that make sees besides
     */
    public List<String> bases(TreeRoot tree, String arch, Map<String, String> environment) {
        boolean named = tree.text(tree.buildDirectory() + "/lib/release.sh")
                .filter(script -> BASES.stream().anyMatch(base -> script.contains(base + "=")))
                .isPresent();
        Optional<String> makefile =
                tree.text(directory + "/Makefile").or(() -> tree.text(laterDirectory + "/Makefile"));
        if (named || makefile.isEmpty()) {
            return List.of();
        }
        Map<String, String> outside = new HashMap<>(environment);
        outside.put("ARCH", arch);
        Map<String, String> variables = new HashMap<>();
        for (MatchResult line : ASSIGNMENT.matcher(makefile.get()).results().toList()) {
            String fromOutside = line.group(2).equals("?=") ? outside.get(line.group(1)) : null;
            variables.put(line.group(1), fromOutside == null ? line.group(3) : fromOutside);
        }
        return BASES.stream()
                .flatMap(base -> expand("$(" + base + ")", variables, new LinkedHashSet<>()).stream())
                .toList();
    }

    private static Optional<String> expand(String text, Map<String, String> variables, Set<String> open) {
        StringBuilder expanded = new StringBuilder();
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            String name = reference.group(1) == null ? reference.group(2) : reference.group(1);
            String value = variables.get(name);
            if (value == null || !open.add(name)) {
                return Optional.empty();
            }
            Optional<String> inner = expand(value, variables, open);
            open.remove(name);
            if (inner.isEmpty()) {
                return Optional.empty();
            }
            reference.appendReplacement(expanded, Matcher.quoteReplacement(inner.get()));
        }
        reference.appendTail(expanded);
        String result = expanded.toString();
        // A function of make, or something for the shell.
        return result.contains("$") ? Optional.empty() : Optional.of(result);
    }
}
