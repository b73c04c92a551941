package io.kubebuild.release;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The tree's {@code build/release-images.sh} (v1.12 and later): the images of a release and nothing else. The tree's own script is run,
 * so that what it compiles and packs is what its version, or a fork, has it do.
 */
public final class ImagesScript {

    /** Its name in the tree's directory of packaging scripts. */
    public static final String NAME = "release-images.sh";

    private static final String MARK = "kube-images:";
    private static final String WHAT = "WHAT";
    private static final String PLATFORMS = "KUBE_BUILD_PLATFORMS";

    private ImagesScript() {}

    /**
     * What it has compiled in the build container.
     *
     * @param targets in the tree's spelling
     * @param platforms for each of which all of them are built
     * @param variables other words of its make command: they win over the environment
     */
    public record Asked(List<String> targets, List<Platform> platforms, Map<String, String> variables) {
        public Asked {
            targets = List.copyOf(targets);
            platforms = List.copyOf(platforms);
            variables = Map.copyOf(variables);
        }
    }

    /**
     * Finds out what it would compile; nothing is.
     *
     * @param environment as for the tree's packaging functions
     * @throws KubeException where the script fails, or runs other commands than one {@code make all}
     */
    public static Asked ask(Workspace workspace, String buildDirectory, Map<String, String> environment)
            throws InterruptedException {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        List<String> argv = List.of("bash", "-c", text(), "kube-images", "ask", buildDirectory);
        int exit = workspace.run(new Command(argv, environment, workspace.root(), false), lines::add);
        List<String> copy = List.copyOf(lines);
        LastLines last = LastLines.ofScript();
        copy.forEach(last);
        if (exit != 0) {
            throw KubeException.build(
                    "The tree's " + buildDirectory + "/" + NAME + " failed with exit code " + ExitCode.inWords(exit),
                    last.text(),
                    ExitCode.fix(
                            exit,
                            "Mend what the lines above name; kube:release makes the images of a tree whose script cannot be"
                                    + " run"));
        }
        return parse(copy)
                .orElseThrow(() -> KubeException.user(
                        "The tree's " + buildDirectory + "/" + NAME + " does not compile with one make all",
                        last.text(),
                        "run kube:release, which makes the images together with everything else"));
    }

    private static Optional<Asked> parse(List<String> lines) {
        List<String> words = lines.stream()
                .filter(line -> line.startsWith(MARK))
                .map(line -> line.substring(MARK.length()))
                .toList();
        // One command, and the empty word that ends it.
        boolean single = words.size() > 2
                && words.indexOf("") == words.size() - 1
                && words.subList(0, 2).equals(List.of("make", "all"));
        if (!single) {
            return Optional.empty();
        }
        Map<String, String> variables = new TreeMap<>();
        for (String word : words.subList(2, words.size() - 1)) {
            int sign = word.indexOf('=');
            if (sign < 1) {
                return Optional.empty();
            }
            variables.put(word.substring(0, sign), word.substring(sign + 1));
        }
        List<String> targets = split(variables.getOrDefault(WHAT, ""));
        List<Platform> platforms = split(variables.getOrDefault(PLATFORMS, "")).stream()
                .flatMap(name -> Platform.parse(name).stream())
                .toList();
        variables.keySet().removeAll(List.of(WHAT, PLATFORMS));
        return targets.isEmpty() ? Optional.empty() : Optional.of(new Asked(targets, platforms, variables));
    }

    private static List<String> split(String words) {
        return Stream.of(words.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    /** Variables of a {@link StagingRequest} that has its images recorded, instead of a whole release. */
    public static Map<String, String> insteadOfRelease() {
        return Map.of("KUBE_STAGE_INSTEAD", text());
    }

    private static String text() {
        try (InputStream in = ImagesScript.class.getResourceAsStream("images.sh")) {
            if (in == null) {
                throw new IllegalStateException("images.sh is missing from the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
