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
public record SampleTree(Path directory) {

    public static final String VERSION = "1.20.2";

    /** When every copy was committed, in seconds since 1970: equal copies have equal commits. */
    public static final long COMMITTED = 1_610_544_000;

    /** Makes one below a directory. */
    public static SampleTree in(Path parent) {
        return in(parent, "v" + VERSION);
    }

    /** Makes one below a directory, with a tag. */
    public static SampleTree in(Path parent, String tag) {
        return committed(copied(parent), tag);
    }

    /**
     * Makes one below a directory, as a tree of another era is laid out: see {@link SampleEra}.
     *
     * @param era a directory of {@code it/sample-eras}
     */
    public static SampleTree ofEra(Path parent, String era) {
        SampleEra overlay = SampleEra.named(era);
        Path tree = copied(parent);
        overlay.applyTo(tree);
        return committed(tree, overlay.tag().orElse("v" + VERSION));
    }

    private static Path copied(Path parent) {
        Path sample = Bench.directory("it.sample");
        assertThat(sample).as("the sample tree").isDirectory();
        Path tree = parent.resolve("kubernetes");
        copy(sample, tree);
        return tree;
    }

    private static SampleTree committed(Path tree, String tag) {
        SampleTree made = new SampleTree(tree);
        made.git("init", "-q", "-b", "main");
        made.git("add", "-A", "-f", ".");
        made.git("commit", "-q", "-m", "Sample Kubernetes");
        made.git("tag", "-a", "-m", tag, tag);
        return made;
    }

    /** Puts a project of {@code it/projects} into the tree's root, its placeholders filled in. */
    public SampleTree withProject(String name) {
        return write("pom.xml", pom(name));
    }

    /** The POM of a project of {@code it/projects}, its placeholders filled in. */
    static String pom(String name) {
        try {
            return Files.readString(Bench.directory("it.projects").resolve(name).resolve("pom.xml"))
                    .replace("@plugin.version@", Bench.value("it.version"))
                    .replace("@tree.version@", VERSION);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts such a project into a directory, which is made. */
    static void project(String name, Path to) {
        try {
            Files.createDirectories(to);
            Files.writeString(to.resolve("pom.xml"), pom(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What lies in a directory of the tree, as paths relative to it, sorted; empty where it is not there. */
    public List<String> list(String relative) {
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

    public Path file(String relative) {
        return directory.resolve(relative);
    }

    public String read(String relative) {
        try {
            return Files.readString(file(relative));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts another text into a file. */
    public SampleTree write(String relative, String text) {
        try {
            Files.writeString(file(relative), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a file, which is there. */
    public void delete(String relative) {
        try {
            Files.delete(file(relative));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces a text in a file, which has it. */
    public SampleTree edit(String relative, String from, String to) {
        String text = read(relative);
        assertThat(text).contains(from);
        return write(relative, text.replace(from, to));
    }

    /** Commits all that has changed, and moves the version's tag there. */
    public SampleTree commit() {
        git("commit", "-q", "-a", "-m", "Changed");
        git("tag", "-f", "-a", "-m", "v" + VERSION, "v" + VERSION);
        return this;
    }

    /** Runs git in the tree. */
    public void git(String... words) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        new HostCommand(directory, command)
                .with("GIT_AUTHOR_DATE", COMMITTED + " +0000")
                .with("GIT_COMMITTER_DATE", COMMITTED + " +0000")
                .with("GIT_AUTHOR_NAME", "it")
                .with("GIT_AUTHOR_EMAIL", "it@example.invalid")
                .with("GIT_COMMITTER_NAME", "it")
                .with("GIT_COMMITTER_EMAIL", "it@example.invalid")
                .with("GIT_CONFIG_COUNT", "2")
                .with("GIT_CONFIG_KEY_0", "commit.gpgSign")
                .with("GIT_CONFIG_VALUE_0", "false")
                .with("GIT_CONFIG_KEY_1", "tag.gpgSign")
                .with("GIT_CONFIG_VALUE_1", "false")
                .succeeds();
    }

    /** Copies a directory with links and modes, over what is there. */
    public static void copy(Path from, Path to) {
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
                            StandardCopyOption.COPY_ATTRIBUTES,
                            StandardCopyOption.REPLACE_EXISTING);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
