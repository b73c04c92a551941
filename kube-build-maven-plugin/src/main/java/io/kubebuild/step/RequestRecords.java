package io.kubebuild.step;

import io.kubebuild.output.OutputDirectory;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.RequestFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is kept of each request by itself, so that several may be built of one tree in turns, goal by goal: what was fixed for it, and the
 * release that Maven has of it.
 */
final class RequestRecords {

    /** Below the plugin's own directory, one directory for each request. */
    static final String DIRECTORY = "requests";

    private static final int KEY_LENGTH = 16;

    /** More than anybody builds of one tree in turns; a record has a few kilobytes. */
    private static final int MOST = 16;

    private final BuildContext context;

    RequestRecords(BuildContext context) {
        this.context = context;
    }

    /** Name of a request's directory. */
    static String key(BuildRequest request) {
        return RequestFingerprint.of(request).substring(0, KEY_LENGTH);
    }

    /** Directories of all requests. */
    List<Path> all() {
        Path directory = context.state().file(DIRECTORY);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }

    /** Deletes those that have not been asked for the longest, but none whose release somebody may still use. */
    void prune() {
        all().stream()
                .sorted(Comparator.comparing(RequestRecords::lastVerified).reversed())
                .skip(MOST)
                .filter(directory -> !KeptRelease.isIn(directory))
                .forEach(OutputDirectory::delete);
    }

    private static FileTime lastVerified(Path directory) {
        try {
            return Files.getLastModifiedTime(directory.resolve(Verified.NAME + ".json"));
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
