package io.kubebuild.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The texts of a tree that take part in a build, as far as they tell something before they run. The same places as in describe.sh,
 * {@code describe_part_texts}, which has the last word: elsewhere in a tree the same names mean other things.
 *
 * @param text all of them, without lines that are comments
 */
public record BuildScripts(String text) {

    private static final Pattern TAKES_PART =
            Pattern.compile("hack/(?:lib|make-rules)/.*|hack/build-[^/]*\\.sh|Makefile|Makefile\\.generated_files"
                    + "|(?:build|build-tools)/(?:[^/]*\\.sh|lib/.*|build-image/.*)");

    private static final List<String> PLACES =
            List.of("hack", "build", "build-tools", "Makefile", "Makefile.generated_files");

    private static final int DEPTH = 5;

    private static final Pattern COMMENT = Pattern.compile("\\s*#.*");

    /** The scripts of a tree. */
    public static BuildScripts of(TreeRoot tree) {
        List<Path> files = new ArrayList<>();
        for (String place : PLACES) {
            if (Files.exists(tree.resolve(place))) {
                files.addAll(below(tree, tree.resolve(place)));
            }
        }
        return new BuildScripts(files.stream()
                .flatMap(BuildScripts::lines)
                .filter(line -> !COMMENT.matcher(line).matches())
                .collect(Collectors.joining("\n")));
    }

    private static List<Path> below(TreeRoot tree, Path place) {
        try (Stream<Path> all = Files.walk(place, DEPTH)) {
            return all.filter(file -> TAKES_PART
                                    .matcher(tree.path().relativize(file).toString())
                                    .matches()
                            && Files.isRegularFile(file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look into " + place, e);
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            // Not strict UTF-8: a stray byte in a comment must not stop a build.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Whether one of them reads a variable of the user's; one that is only set is not the user's to give. */
    public boolean read(String variable) {
        return Pattern.compile("(?:[$][{(]?|(?:-v|ifn?def) +)" + Pattern.quote(variable) + "(?![A-Za-z0-9_])")
                .matcher(text)
                .find();
    }
}
