package io.kubebuild.mojo;

import io.kubebuild.io.Packing;
import io.kubebuild.problem.Problem;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that name files and directories, relative to the tree if relative. What cannot be read, or written later, is a problem
 * now, and so is a place among the sources: what is written there would change what is built.
 */
final class FileParameters {

    private static final String ALLOWED = "the path of a file or directory of this machine";

    /** What file systems of Linux take. */
    private static final int LONGEST_NAME = 255;

    private static final int LONGEST_PATH = 4095;

    private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+://.*");

    private final ParameterReader reader;
    private final Path tree;
    private final List<Path> outputs;

    /** @param outputs paths below the tree that hold no sources */
    FileParameters(ParameterReader reader, Path tree, List<Path> outputs) {
        this.reader = reader;
        this.tree = tree;
        this.outputs = outputs.stream().map(FileParameters::physical).toList();
    }

    /** The path that a text can be; empty where it can be none. */
    static Optional<Path> parse(String text) {
        if (ShownValue.hasControls(text)
                || text.matches("(?s).*[\\n\\r\\t].*")
                || URL.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(text);
            boolean fits = bytes(path.toAbsolutePath()) <= LONGEST_PATH;
            for (Path name : path) {
                fits &= bytes(name) <= LONGEST_NAME;
            }
            return fits ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /** A path that is only looked at later. */
    Optional<Path> path(ParameterName name, @Nullable String value) {
        return reader.parsed(name, value, FileParameters::parse, ALLOWED);
    }

    /** The path of a parameter that Maven has made a file of. */
    Optional<Path> path(String property, @Nullable File file) {
        if (file == null) {
            return Optional.empty();
        }
        Optional<Path> path = parse(file.getPath());
        if (path.isEmpty()) {
            reader.problem(new Problem(
                    property + " is " + ShownValue.of(file.getPath()) + ", which is no path",
                    "",
                    "allowed: " + ALLOWED));
        }
        return path;
    }

    /** A file to read. */
    Optional<Path> toRead(ParameterName name, @Nullable String value, String fix) {
        return path(name, value).map(tree::resolve).filter(file -> isReadable(name.property(), file, fix));
    }

    /** Whether it is a file that can be read; else that is a problem. */
    boolean isReadable(String property, Path file, String fix) {
        if (Files.isRegularFile(file) && Files.isReadable(file)) {
            return true;
        }
        String wrong = Files.isRegularFile(file)
                ? ", which may not be read by this user"
                : Files.exists(file) ? ", which is no file" : ", which is not there";
        reader.problem(new Problem(property + " names " + file + wrong, "", fix));
        return false;
    }

    /** A file that may be missing or broken, but is no directory. */
    Optional<Path> toTry(ParameterName name, @Nullable String value) {
        Optional<Path> path = path(name, value);
        path.map(tree::resolve)
                .filter(Files::isDirectory)
                .ifPresent(directory -> refuse(name, directory, "it is a directory", "name a file"));
        return path;
    }

    /** A file that is made, or made anew. */
    Optional<Path> toWrite(ParameterName name, @Nullable String value) {
        Optional<Path> path = path(name, value);
        path.map(this::absolute).ifPresent(file -> {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                refuse(name, file, Files.isDirectory(file) ? "it is a directory" : "it is no file", "name a file");
            } else if (outputs.contains(physical(file))) {
                refuse(name, file, "the build keeps something else there", "name a file of its own");
            } else {
                refusePlace(name, file, Optional.ofNullable(file.getParent()));
            }
        });
        return path;
    }

    /** A directory that files are written into, made where it is missing. */
    Optional<Path> toFill(ParameterName name, @Nullable String value) {
        Optional<Path> path = path(name, value);
        path.map(this::absolute).ifPresent(directory -> refusePlace(name, directory, Optional.of(directory)));
        return path;
    }

    /** A directory that holds archives, compressed or not; other files may lie beside them. */
    Optional<Path> toTakeArchivesFrom(ParameterName name, @Nullable String value) {
        Optional<Path> path = path(name, value).map(tree::resolve);
        path.ifPresent(directory -> {
            try (Stream<Path> files = Files.list(directory)) {
                if (files.noneMatch(file -> Packing.of(file).isArchive())) {
                    refuse(
                            name,
                            directory,
                            "no file in it is a tar file, compressed or not",
                            "name the directory that holds them");
                }
            } catch (IOException e) {
                refuse(
                        name,
                        directory,
                        Files.isDirectory(directory)
                                ? "it may not be read by this user"
                                : Files.exists(directory) ? "it is no directory" : "it is not there",
                        "name a directory that exists");
            }
        });
        return path;
    }

    private Path absolute(Path path) {
        return tree.resolve(path).normalize();
    }

    private void refusePlace(ParameterName name, Path place, Optional<Path> directory) {
        if (isSource(place)) {
            refuse(
                    name,
                    place,
                    "there it would count as a source of the tree",
                    "name a place outside of the tree, or in its output directory");
            return;
        }
        Path there = directory.map(FileParameters::existing).orElse(place);
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            refuse(
                    name,
                    place,
                    there + (Files.isDirectory(there) ? " may not be written by this user" : " is no directory"),
                    "name a place that can be written");
        }
    }

    private void refuse(ParameterName name, Path place, String why, String fix) {
        reader.problem(new Problem(name.property() + " is " + place, why, fix));
    }

    /** Names with an underscore are those of outputs at the root of every tree, as of {@code _artifacts}. */
    private boolean isSource(Path place) {
        Path file = physical(place);
        Path root = physical(tree);
        return file.startsWith(root)
                && outputs.stream().noneMatch(file::startsWith)
                && (file.equals(root)
                        || !root.relativize(file).getName(0).toString().startsWith("_"));
    }

    private static Path existing(Path path) {
        return Stream.iterate(path, there -> there != null, Path::getParent)
                .filter(Files::exists)
                .findFirst()
                .orElse(path);
    }

    /** Without links, as far as it exists. */
    private static Path physical(Path path) {
        Path there = existing(path);
        try {
            return there.toRealPath().resolve(there.relativize(path));
        } catch (IOException e) {
            return path;
        }
    }
}
