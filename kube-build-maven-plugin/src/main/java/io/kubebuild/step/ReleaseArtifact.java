package io.kubebuild.step;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of a release that a repository should hold.
 *
 * @param classifier the tarball's name without {@code kubernetes-}; empty for the main artifact
 * @param type its extension, {@code tar.gz} or {@code tar}
 * @param file where it is
 */
public record ReleaseArtifact(Optional<String> classifier, String type, Path file) {}
