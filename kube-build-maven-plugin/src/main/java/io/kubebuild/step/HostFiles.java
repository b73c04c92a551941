package io.kubebuild.step;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Size, time and inode of files that a step left on the host. The time of the last status change does not count: linking a
 * binary into a stage moves it.
 */
final class HostFiles {

    private HostFiles() {}

    /** Stats of single files by absolute path; a file that is missing is not in the answer. */
    static Map<String, String> of(List<Path> files) throws IOException {
        Map<String, String> stats = new TreeMap<>();
        for (Path file : files) {
            if (Files.isRegularFile(file)) {
                stats.put(file.toString(), stat(Files.readAttributes(file, BasicFileAttributes.class)));
            }
        }
        return stats;
    }

    /** One text over all files below these directories. */
    static String below(List<Path> directories) throws IOException {
        Map<String, String> stats = new TreeMap<>();
        for (Path directory : directories) {
            if (Files.isDirectory(directory)) {
                Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        stats.put(file.toString(), stat(attributes));
                        return FileVisitResult.CONTINUE;
                    }
                });
            }
        }
        return io.kubebuild.fingerprint.Fingerprint.sha256(stats.toString());
    }

    private static String stat(BasicFileAttributes attributes) {
        return attributes.size() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " "
                + attributes.fileKey();
    }
}
