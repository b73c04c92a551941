package io.kubebuild.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Copies of it/sample-kubernetes, as they are or with what an era of it/sample-eras has differently. */
final class SampleScripts {

    private static final Path IT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("it");

    private SampleScripts() {}

    static Path copyTo(Path directory) throws IOException {
        copy(IT.resolve("sample-kubernetes"), directory);
        return directory.toRealPath();
    }

    static Path copyTo(Path directory, String era) throws IOException {
        Path overlay = IT.resolve("sample-eras").resolve(era);
        Path tree = copyTo(directory);
        for (String line : Files.readAllLines(overlay.resolve(".moved"))) {
            String[] names = line.split(" ", 2);
            Path target = tree.resolve(names[1]);
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            Files.move(tree.resolve(names[0]), target);
        }
        for (String name : Files.readAllLines(overlay.resolve(".removed"))) {
            try (Stream<Path> files = Files.walk(tree.resolve(name))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        copy(overlay, tree);
        return tree;
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(from)) {
            all = files.sorted().toList();
        }
        for (Path file : all) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(target);
            } else {
                Files.copy(
                        file,
                        target,
                        StandardCopyOption.COPY_ATTRIBUTES,
                        StandardCopyOption.REPLACE_EXISTING,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }
}
