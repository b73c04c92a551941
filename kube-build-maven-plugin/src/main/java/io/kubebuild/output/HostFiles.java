package io.kubebuild.output;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.RawName;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What files that a step left on the host look like, so that somebody's hand on them is noticed without reading them. */
public final class HostFiles {

    private static final String STAT = "unix:size,mode,ino,lastModifiedTime";

    private HostFiles() {}

    /**
     * Size, mode, inode and times of modification and of the last status change, by path; what is missing is not in the answer.
     * A link counts as itself.
     */
    public static Map<String, String> of(List<Path> files) throws IOException {
        return stats(files, STAT + ",ctime");
    }

    /** The same without the time of the last status change, which moves when a binary is linked into a stage. */
    public static Map<String, String> withoutStatusChange(List<Path> files) throws IOException {
        return stats(files, STAT);
    }

    /** One text over everything below these directories, directories themselves included. */
    public static String below(List<Path> directories) throws IOException {
        Map<String, String> stats = new TreeMap<>();
        for (Path directory : directories) {
            if (!Files.isDirectory(directory)) {
                continue;
            }
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    stats.put(RawName.key(file), stat(file, STAT + ",ctime"));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    stats.put(RawName.key(visited), stat(visited, "unix:mode"));
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return Fingerprint.sha256(stats.toString());
    }

    private static Map<String, String> stats(List<Path> files, String attributes) throws IOException {
        Map<String, String> stats = new TreeMap<>();
        for (Path file : files) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                stats.put(RawName.key(file), stat(file, attributes));
            }
        }
        return stats;
    }

    private static String stat(Path file, String attributes) throws IOException {
        Map<String, String> sorted = new TreeMap<>();
        Files.readAttributes(file, attributes, LinkOption.NOFOLLOW_LINKS)
                .forEach((name, value) -> sorted.put(
                        name,
                        value instanceof FileTime time
                                ? Long.toString(time.to(TimeUnit.NANOSECONDS))
                                : String.valueOf(value)));
        return String.join(" ", sorted.values());
    }
}
