package io.kubebuild.step;

import io.kubebuild.release.ReleaseArtifact;
import java.nio.file.Path;
import java.util.List;

/**
 * What a build made.
 *
 * @param artifacts files for a repository; empty where nothing was packaged
 * @param binaries programs on the host; empty where nothing was copied out
 * @param version the tree's version ({@code v1.20.2})
 */
public record BuildResult(List<ReleaseArtifact> artifacts, List<Path> binaries, String version) {
    public BuildResult {
        artifacts = List.copyOf(artifacts);
        binaries = List.copyOf(binaries);
    }
}
