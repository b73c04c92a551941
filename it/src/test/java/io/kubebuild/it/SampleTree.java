package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the sample tree in a directory of its own, committed and tagged. */
record SampleTree(Path directory) {

    static final String VERSION = "1.19.8";

    /** Makes one below a directory. */
    static SampleTree in(Path parent) {
        Path sample = Bench.directory("it.sample");
        assertThat(sample).as("the sample tree").isDirectory();
        Path tree = parent.resolve("kubernetes");
        copy(sample, tree);
        SampleTree made = new SampleTree(tree);
        made.git("init", "-q", "-b", "main");
        made.git("add", "-A", "-f", ".");
        made.git("commit", "-q", "-m", "Sample Kubernetes");
        made.git("tag", "-a", "-m", "v" + VERSION, "v" + VERSION);
        return made;
    }

    /** Puts a project of {@code it/projects} into the tree's root, its placeholders filled in. */
    SampleTree withProject(String name) {
        try {
            String pom = Files.readString(
                            Bench.directory("it.projects").resolve(name).resolve("pom.xml"))
                    .replace("@plugin.version@", Bench.value("it.version"))
                    .replace("@tree.version@", VERSION);
            Files.writeString(directory.resolve("pom.xml"), pom);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What lies in a directory of the tree, as paths relative to it, sorted; empty where it is not there. */
    List<String> list(String relative) {
        Path start = directory.resolve(relative);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(file -> !file.equals(start))
                    .map(file -> start.relativize(file).toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void git(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-c",
                "user.name=it",
                "-c",
                "user.email=it@example.invalid",
                "-c",
                "commit.gpgSign=false",
                "-c",
                "tag.gpgSign=false"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.walkFileTree(from, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                        throws IOException {
                    Files.createDirectories(
                            to.resolve(from.relativize(directory).toString()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.copy(
                            file,
                            to.resolve(from.relativize(file).toString()),
                            LinkOption.NOFOLLOW_LINKS,
                            StandardCopyOption.COPY_ATTRIBUTES);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
