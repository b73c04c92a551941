package io.kubebuild.release;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of a release, and how Maven knows it.
 *
 * @param file where it is
 * @param classifier empty for the main artifact
 * @param type Maven's type, which is its extension too: {@code tar.gz} or {@code tar}
 */
public record ReleaseArtifact(Path file, Optional<String> classifier, String type) {

    /** What it is, in a word for reports. */
    public String kind() {
        return type.equals("tar") ? "image" : "tarball";
    }
}
