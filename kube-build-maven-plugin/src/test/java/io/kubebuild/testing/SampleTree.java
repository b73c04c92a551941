package io.kubebuild.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A copy of it/sample-kubernetes, committed and tagged. */
public final class SampleTree {

    private static final long COMMIT_TIME = 1_610_560_000L;

    private final Path root;

    private SampleTree(Path root) {
        this.root = root;
    }

    /**
     * Copies the tree and commits it.
     *
     * @param directory made if missing
     */
    public static SampleTree copyTo(Path directory) throws IOException, InterruptedException {
        Path from = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("it/sample-kubernetes");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.sorted().toList()) {
                Path to = directory.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(file, to, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                }
            }
        }
        SampleTree tree = new SampleTree(directory.toRealPath());
        tree.git("init", "-q", "-b", "main");
        tree.git("add", "-A", "-f", ".");
        tree.git("commit", "-q", "-m", "Sample");
        tree.git("tag", "-a", "-m", "Sample", "v1.20.2");
        return tree;
    }

    public Path root() {
        return root;
    }

    public Path file(String path) {
        return root.resolve(path);
    }

    public void git(String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.invalid"));
        command.addAll(List.of("-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_AUTHOR_DATE", COMMIT_TIME + " +0000");
        builder.environment().put("GIT_COMMITTER_DATE", COMMIT_TIME + " +0000");
        Process git = builder.start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (git.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }
}
