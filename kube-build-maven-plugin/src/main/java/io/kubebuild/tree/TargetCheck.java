package io.kubebuild.tree;

import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Targets as the user wrote them ({@code -Dwhat=cmd/kubectl}), checked.
 *
 * @param targets the good ones, each once, in the user's order and in the tree's spelling
 * @param problems everything wrong with the others
 */
public record TargetCheck(List<String> targets, List<Problem> problems) {

    private static final Pattern SYNTAX =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+~-]{0,254}(/[A-Za-z0-9_.+~-]{1,255})*");
    private static final int LONGEST_SHOWN = 200;
    private static final Pattern PACKAGE_MAIN = Pattern.compile("(?m)^package[ \\t]+main\\b");
    private static final Pattern DOMAIN = Pattern.compile("([A-Za-z0-9]+\\.)+[A-Za-z0-9]+/.*");
    private static final String MODULE = "k8s.io/kubernetes/";

    public TargetCheck {
        targets = List.copyOf(targets);
        problems = List.copyOf(problems);
    }

    /**
     * Checks that each target is one of the tree's, or a directory of the tree with a program or with tests in it.
     *
     * @param description empty where the tree could not be described; then only directories count
     */
    public static TargetCheck against(TreeRoot tree, Optional<Description> description, List<String> written) {
        return against("what", tree, description, written);
    }

    /** The same for targets of another parameter than {@code what}. */
    public static TargetCheck against(
            String parameter, TreeRoot tree, Optional<Description> description, List<String> written) {
        return check(parameter, tree, description.map(Description::allTargets).orElse(List.of()), written);
    }

    /** The same before the tree has described itself: what its script speaks of may be one of its targets. */
    public static TargetCheck against(String parameter, TreeRoot tree, GoScript script, List<String> written) {
        return check(parameter, tree, script.targets(), written);
    }

    private static TargetCheck check(String parameter, TreeRoot tree, List<String> known, List<String> written) {
        Set<String> good = new LinkedHashSet<>();
        List<Problem> problems = new ArrayList<>();
        List<String> words = written.stream()
                .flatMap(text -> Stream.of(text.split("[,\\s]+")))
                .filter(word -> !word.isEmpty())
                .toList();
        for (String word : words) {
            String target = spelled(word);
            if (word.contains("...")) {
                problems.add(new Problem(
                        parameter + " has " + shown(word) + ", a pattern",
                        "each target is compiled to a file of its own, so it must be known by name before",
                        "-D" + parameter + "=<target>[,<target>…] with each one named, such as cmd/kubectl"));
            } else if (!SYNTAX.matcher(target).matches() || target.contains("/../") || target.endsWith("/..")) {
                problems.add(new Problem(
                        parameter + " has " + shown(word) + ", which is no target",
                        "a target is a directory relative to the tree's root, or the name of a test binary in one",
                        "-D" + parameter + "=cmd/kubectl"));
            } else if (known.contains(target)) {
                good.add(target);
            } else {
                existing(tree, target)
                        .ifPresentOrElse(good::add, () -> problems.add(unknown(parameter, tree, word, target, known)));
            }
        }
        return new TargetCheck(List.copyOf(good), problems);
    }

    private static String shown(String word) {
        return word.length() > LONGEST_SHOWN ? word.substring(0, LONGEST_SHOWN) + "…" : word;
    }

    /** Without what people put around a target: {@code ./}, the module's name, a slash at the end. */
    private static String spelled(String word) {
        String target = word.startsWith("./") ? word.substring(2) : word;
        target = target.startsWith(MODULE) ? target.substring(MODULE.length()) : target;
        return target.endsWith("/") ? target.substring(0, target.length() - 1) : target;
    }

    private static Optional<String> existing(TreeRoot tree, String target) {
        if (target.endsWith(".test")) {
            int slash = target.lastIndexOf('/');
            Path directory = slash < 0 ? tree.path() : tree.resolve(target.substring(0, slash));
            return hasTests(directory) ? Optional.of(target) : Optional.empty();
        }
        if (isProgram(tree.resolve(target))) {
            return Optional.of(target);
        }
        // A package by its import path: where the tree keeps it, up to v1.30 by a link in vendor/.
        return DOMAIN.matcher(target).matches()
                ? Stream.of("vendor/" + target, "staging/src/" + target)
                        .filter(path -> isProgram(tree.resolve(path)))
                        .findFirst()
                : Optional.empty();
    }

    private static Problem unknown(String parameter, TreeRoot tree, String word, String target, List<String> known) {
        Set<String> candidates = new TreeSet<>(known);
        candidates.addAll(programsIn(tree, "cmd"));
        Optional<String> nearest = NearestMatch.of(target, candidates).or(() -> candidates.stream()
                .filter(candidate -> candidate.endsWith("/" + target))
                .findFirst());
        return new Problem(
                parameter + " has " + word + ", which is no target of this tree",
                Files.isDirectory(tree.resolve(target))
                        ? "the directory " + target + " holds no program (package main)"
                        : "it is neither in the lists of hack/lib/golang.sh nor a directory with a program in it",
                nearest.map(name -> "-D" + parameter + "=" + name)
                        .orElse("-D" + parameter + "=<target>, such as cmd/kubectl"));
    }

    private static List<String> programsIn(TreeRoot tree, String parent) {
        Path directory = tree.resolve(parent);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(TargetCheck::isProgram)
                    .map(path -> parent + "/" + path.getFileName())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static boolean isProgram(Path directory) {
        return goFiles(directory).stream()
                .filter(file -> !file.toString().endsWith("_test.go"))
                .anyMatch(TargetCheck::declaresMain);
    }

    private static boolean hasTests(Path directory) {
        return goFiles(directory).stream().anyMatch(file -> file.toString().endsWith("_test.go"));
    }

    private static List<Path> goFiles(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(file -> file.toString().endsWith(".go") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private static boolean declaresMain(Path file) {
        try {
            return PACKAGE_MAIN
                    .matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    .find();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
