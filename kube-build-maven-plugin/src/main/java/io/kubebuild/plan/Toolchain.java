package io.kubebuild.plan;

import io.kubebuild.tree.GoVersion;
import io.kubebuild.tree.Platform;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The Go that the tree's scripts find in the workspace.
 *
 * @param host the platform that it runs on (GOHOSTOS/GOHOSTARCH); programs for it land in GOPATH/bin itself
 * @param version {@code go1.19.8}; {@code devel} for what is no release
 * @param root GOROOT
 */
public record Toolchain(Platform host, String version, String root) {

    /** The 19 of {@code go1.19.8}; empty for what is no release. */
    public OptionalInt minor() {
        Optional<GoVersion> release = GoVersion.parse(version);
        return release.isPresent() ? OptionalInt.of(release.get().minor()) : OptionalInt.empty();
    }
}
