package io.kubebuild.workspace.host;

import io.kubebuild.io.OwnFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a host workspace keeps between builds: a GOPATH with the sources in it, a directory for temporary files, and the empty one
 * that its file system is mounted on.
 *
 * @param path absolute
 */
public record HostDirectory(Path path) {

    private static final String ID = "id";
    private static final String TREE = "tree";

    /** Gone with the directory, and another one in the next. Empty where there is none. */
    public Optional<String> id() {
        Path file = path.resolve(ID);
        try {
            return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Makes what is missing.
     *
     * @param root of the tree inside of the GOPATH ({@code src/k8s.io/kubernetes})
     * @param host whose it is, for {@link #tree}
     * @param tree whose it is, absolute
     * @return its id
     */
    public String ensure(String root, String host, String tree) throws IOException {
        for (Path directory : List.of(gopath().resolve(root), gopath().resolve("bin"), temporary(), mountPoint())) {
            OwnFiles.makeDirectories(directory);
        }
        OwnFiles.write(path.resolve(TREE), (host + "\n" + tree + "\n").getBytes(StandardCharsets.UTF_8));
        Optional<String> id = id();
        if (id.isPresent()) {
            return id.get();
        }
        String made = UUID.randomUUID().toString();
        OwnFiles.write(path.resolve(ID), made.getBytes(StandardCharsets.UTF_8));
        return made;
    }

    Path gopath() {
        return path.resolve("go");
    }

    Path temporary() {
        return path.resolve("tmp");
    }

    Path mountPoint() {
        return path.resolve("root");
    }

    /** Deletes it with everything below; links are not followed. Returns whether there was one. */
    public boolean delete() throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        // Never to be taken for a whole one, should this be the last that happens.
        Files.deleteIfExists(path.resolve(ID));
        Files.walkFileTree(path, new Deletion());
        return true;
    }

    /** Those below a directory that were made for trees of a host which are no more. */
    public static List<HostDirectory> orphans(Path below, String host) throws IOException {
        if (!Files.isDirectory(below)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(below)) {
            return all.map(HostDirectory::new)
                    .filter(one -> one.tree(host)
                            .filter(tree -> !Files.exists(Path.of(tree)))
                            .isPresent())
                    .sorted(java.util.Comparator.comparing(HostDirectory::path))
                    .toList();
        }
    }

    /** The tree that it was made for on this host. */
    public Optional<String> tree(String host) {
        try {
            List<String> lines = Files.readAllLines(path.resolve(TREE), StandardCharsets.UTF_8);
            return lines.size() == 2 && lines.get(0).equals(host) ? Optional.of(lines.get(1)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Go keeps modules in directories that nobody may write to. */
    private static final class Deletion extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (!Files.isWritable(directory)) {
                Set<PosixFilePermission> all = EnumSet.copyOf(Files.getPosixFilePermissions(directory));
                all.addAll(EnumSet.of(
                        PosixFilePermission.OWNER_READ,
                        PosixFilePermission.OWNER_WRITE,
                        PosixFilePermission.OWNER_EXECUTE));
                OwnFiles.mode(directory, all);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem) throws IOException {
            if (problem != null) {
                throw problem;
            }
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
