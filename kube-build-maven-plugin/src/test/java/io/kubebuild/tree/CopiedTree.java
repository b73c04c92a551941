package io.kubebuild.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A copy of a tree's files as a workspace gets them, with the repository that is made for it. */
final class CopiedTree {

    private CopiedTree() {}

    /** Returns what was made, in its place in a copy of the files. */
    static Path of(Path original, Path copy) throws IOException {
        copyFiles(original, copy);
        return make(original, copy.resolve(".git"));
    }

    static Path make(Path original, Path made) throws IOException {
        new WorkspaceRepository(new Git(original.toRealPath(), environment())).make(made);
        return made;
    }

    /** As archives carry them: whole seconds. */
    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(file -> !from.relativize(file).startsWith(".git"))
                    .toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                    long seconds = Files.getLastModifiedTime(file).toMillis() / 1000;
                    Files.setLastModifiedTime(copy, FileTime.fromMillis(seconds * 1000));
                }
            }
        }
    }

    static Map<String, String> environment() {
        return Map.of(
                "PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"), "HOME", "/", "GIT_CONFIG_NOSYSTEM", "1");
    }

    /** What git says in a directory; starts with "no: " where it fails. */
    static String ask(Path directory, List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(words);
        return run(directory, command, Map.of());
    }

    /** The same of any program. */
    static String run(Path directory, List<String> command, Map<String, String> variables)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment());
        builder.environment().putAll(variables);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? said : "no: " + said;
    }
}
