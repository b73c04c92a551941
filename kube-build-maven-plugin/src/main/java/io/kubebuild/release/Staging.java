package io.kubebuild.release;

import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A recorded stage: everything that a release consists of but for the large files, which placeholders stand for.
 *
 * @param directory on the host, with {@code release-stage}, {@code release-images} and {@code release-tars} as the tree's
 *     packaging leaves them; files that placeholders stand for are missing
 * @param placeholders what is missing, by path relative to the directory
 * @param tarballs every tarball but the source tarball, by name
 * @param builds image builds, by their first tag
 */
public record Staging(
        Path directory,
        SortedMap<String, PlacedPlaceholder> placeholders,
        List<StagedTarball> tarballs,
        List<ImageBuildRecord> builds) {

    /** The tarball that is made of the tree itself, not of a stage. */
    public static final String SOURCE_TARBALL = "kubernetes-src.tar.gz";

    /** The directory for images. */
    public static final String IMAGES = "release-images";

    /** Directories that a release consists of, in the output directory. */
    public static final List<String> ROOTS = List.of("release-stage", IMAGES, "release-tars");

    public Staging {
        placeholders = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(placeholders));
        tarballs = List.copyOf(tarballs);
        builds = List.copyOf(builds);
    }

    /** What belongs into one of the directories: its placeholders, no tarballs, all builds. */
    Staging only(String root) {
        TreeMap<String, PlacedPlaceholder> part = new TreeMap<>(placeholders);
        part.keySet().removeIf(path -> !path.startsWith(root + "/"));
        return new Staging(directory, part, List.of(), builds);
    }

    /** A placeholder at its place; {@code mode} is the one that the tree's packaging gave the file. */
    public record PlacedPlaceholder(Placeholder placeholder, int mode) {}
}
