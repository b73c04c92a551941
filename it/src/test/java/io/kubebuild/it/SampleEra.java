package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What trees of another era have differently from the sample tree, a directory of {@code it/sample-eras}: its files are laid over
 * the sample's. Three files in it say the rest; each may be absent:
 *
 * <ul>
 *   <li>{@code .moved}: lines {@code FROM TO}, a directory that has another name; scripts in it and in {@code hack/} that name it
 *       are changed with it
 *   <li>{@code .removed}: paths that such trees do not have
 *   <li>{@code .tag}: the tag that its commit gets
 * </ul>
 */
record SampleEra(Path directory) {

    private static final List<String> NOTES = List.of(".moved", ".removed", ".tag");

    static SampleEra named(String name) {
        Path directory =
                Bench.directory("it.sample").resolveSibling("sample-eras").resolve(name);
        assertThat(directory).as("the sample's era " + name).isDirectory();
        return new SampleEra(directory);
    }

    /** What the commit is tagged with; empty for the sample's own tag. */
    Optional<String> tag() {
        return lines(".tag").stream().findFirst();
    }

    /** Turns a copy of the sample tree into one of this era. */
    void applyTo(Path tree) {
        try {
            for (String line : lines(".moved")) {
                String[] names = line.split(" ", 2);
                Path target = tree.resolve(names[1]);
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.move(tree.resolve(names[0]), target);
                rename(tree.resolve(names[1]), names[0], names[1]);
                rename(tree.resolve("hack"), names[0], names[1]);
            }
            for (String path : lines(".removed")) {
                delete(tree.resolve(path));
            }
            SampleTree.copy(directory, tree);
            for (String note : NOTES) {
                Files.deleteIfExists(tree.resolve(note));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Scripts name the directory behind a slash, rules of a Makefile behind a tab. */
    private static void rename(Path start, String from, String to) throws IOException {
        try (Stream<Path> walk = Files.walk(start)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file);
                String changed =
                        text.replace("/" + from + "/", "/" + to + "/").replace("\t" + from + "/", "\t" + to + "/");
                if (!changed.equals(text)) {
                    Files.writeString(file, changed);
                }
            }
        }
    }

    private static void delete(Path path) throws IOException {
        assertThat(path)
                .as("what the era does not have")
                .matches(one -> Files.exists(one, LinkOption.NOFOLLOW_LINKS), "is there");
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path one : walk.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private List<String> lines(String name) {
        Path file = directory.resolve(name);
        try {
            return Files.isRegularFile(file)
                    ? Files.readAllLines(file).stream()
                            .filter(line -> !line.isBlank())
                            .toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
