package io.kubebuild.io;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A directory whose content others may have made: a tree, an output directory, a recording. Paths are relative, with slashes, and
 * cannot leave it: neither by {@code ..} nor through a link on the way. The directory itself may be a link: that is its owner's wish.
 */
public final class ConfinedDirectory {

    /** What Linux takes: {@code PATH_MAX} and {@code NAME_MAX}. */
    private static final int LONGEST_PATH = 4096;

    private static final int LONGEST_NAME = 255;

    /** As the kernel counts them before it gives up. */
    private static final int MOST_LINKS = 40;

    private final Path root;

    public ConfinedDirectory(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    public Path path() {
        return root;
    }

    /** Whether a path stays below any directory that it is resolved against, as far as its text goes. */
    public static boolean isConfined(String relative) {
        return relative.indexOf('\0') < 0
                && relative.length() <= LONGEST_PATH
                && Arrays.stream(relative.split("/", -1))
                        .noneMatch(name -> name.isEmpty()
                                || name.equals(".")
                                || name.equals("..")
                                || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME);
    }

    /**
     * Where a path lies; nothing need be there.
     *
     * @throws KubeException where the path leads out, or through a link
     */
    public Path resolve(String relative) {
        if (!isConfined(relative)) {
            throw refused(relative, "the path leads out of it, or is not the path of a file");
        }
        for (int slash = relative.indexOf('/'); slash > 0; slash = relative.indexOf('/', slash + 1)) {
            Path parent = RawName.resolve(root, relative.substring(0, slash));
            if (Files.isSymbolicLink(parent)) {
                throw refused(relative, parent + " is a symbolic link");
            }
            if (!Files.exists(parent, LinkOption.NOFOLLOW_LINKS)) {
                break;
            }
        }
        return RawName.resolve(root, relative);
    }

    /** The directory at a path, made with all above it where it is not there. */
    public Path directory(String relative) throws IOException {
        Path directory = resolve(relative);
        if (Files.isSymbolicLink(directory)) {
            throw refused(relative, directory + " is a symbolic link");
        }
        Files.createDirectories(directory);
        return directory;
    }

    /** A directory below, made if it is not there, to be used in the same way. */
    public ConfinedDirectory below(String relative) throws IOException {
        return new ConfinedDirectory(directory(relative));
    }

    /** Writes a file as a whole or not at all; directories are made. */
    public void write(String relative, AtomicFile.Writer writer) throws IOException {
        AtomicFile.write(parentMade(relative), writer);
    }

    /** A file that grows while others read it, in place of what was there. */
    public OutputStream begin(String relative) throws IOException {
        Path file = parentMade(relative);
        Files.deleteIfExists(file);
        return Files.newOutputStream(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes a link with any target: nothing here follows it. */
    public void link(String relative, String target) throws IOException {
        Files.createSymbolicLink(parentMade(relative), RawName.target(target));
    }

    private Path parentMade(String relative) throws IOException {
        Path file = resolve(relative);
        int slash = relative.lastIndexOf('/');
        Files.createDirectories(root);
        if (slash > 0) {
            directory(relative.substring(0, slash));
        }
        return file;
    }

    /** Whether a regular file is there. */
    public boolean isFile(String relative) {
        return Files.isRegularFile(resolve(relative), LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads a regular file; a link is refused. */
    public InputStream open(String relative) throws IOException {
        Path file = resolve(relative);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(relative, file + " is not a regular file");
        }
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The whole of a small file in UTF-8. */
    public String text(String relative) throws IOException {
        try (InputStream in = open(relative)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What is in the directory at a path, sorted; nothing where there is none. */
    public List<Path> children(String relative) throws IOException {
        Path directory = resolve(relative);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /**
     * What a path means to a program whose root this directory is, as the engine takes the sources of COPY: links in its directories
     * are followed, and lead nowhere else. A link at the very end stays one.
     *
     * @return empty where nothing is there
     */
    public Optional<Path> find(String relative) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(relative.split("/", -1)));
        Deque<String> at = new ArrayDeque<>();
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at.pollLast();
                continue;
            }
            at.addLast(name);
            Path file = RawName.resolve(root, String.join("/", at));
            if (left.stream().allMatch(String::isEmpty) || !Files.isSymbolicLink(file)) {
                continue;
            }
            if (++links > MOST_LINKS) {
                throw refused(relative, "links lead round in a circle at " + file);
            }
            String target = RawName.ofTarget(Files.readSymbolicLink(file))
                    .orElseThrow(() -> refused(relative, file + " is a link whose target is not UTF-8"));
            if (target.startsWith("/")) {
                at.clear();
            } else {
                at.removeLast();
            }
            List<String> parts = List.of(target.split("/", -1));
            for (int i = parts.size() - 1; i >= 0; i--) {
                left.addFirst(parts.get(i));
            }
        }
        if (at.isEmpty()) {
            return Optional.of(root);
        }
        Path found = resolve(String.join("/", at));
        return Files.exists(found, LinkOption.NOFOLLOW_LINKS) ? Optional.of(found) : Optional.empty();
    }

    /** Deletes a file or link, if there is one. */
    public void delete(String relative) throws IOException {
        try {
            Files.delete(resolve(relative));
        } catch (NoSuchFileException e) {
            return;
        }
    }

    private KubeException refused(String relative, String why) {
        return KubeException.user(
                "refused to use '" + Shown.name(relative) + "' in " + root,
                why,
                "nothing is read or written through links that a build's input brings along: replace the link by what it leads to,"
                        + " or name another directory for outputs (-Dkube.outputDirectory)");
    }
}
