package io.kubebuild.step;

import io.kubebuild.release.ReleaseArtifact;
import java.nio.file.Path;
import java.util.List;

/**
 * What a build made.
 *
 * @param artifacts files for a repository; empty where nothing was packaged
 * @param binaries programs on the host; empty where nothing was copied out
 */
public record BuildResult(List<ReleaseArtifact> artifacts, List<Path> binaries) {
    public BuildResult {
        artifacts = List.copyOf(artifacts);
        binaries = List.copyOf(binaries);
    }
}
