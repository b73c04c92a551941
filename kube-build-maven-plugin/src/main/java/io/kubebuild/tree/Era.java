package io.kubebuild.tree;

/**
 * How a tree's own scripts bring sources into a container and results out of it; the largest difference between Kubernetes
 * releases. Told by marks in the tree, never by its version: forks move things.
 */
public enum Era {
    /** v1.2 to v1.4: a source tarball is added to the build image, results come out through a bind mount. */
    BAKED("v1.2 to v1.4"),

    /** v1.5.2 to v1.34: an rsync daemon fills the volumes of a data container; results come back the same way. */
    RSYNC("v1.5.2 to v1.34"),

    /** v1.5.0 and v1.5.1 only: as {@link #RSYNC}, in a directory {@code build-tools}. */
    RSYNC_BUILD_TOOLS("v1.5.0 and v1.5.1"),

    /** From v1.35 on: the cross image runs directly on the bind-mounted tree; no build image, no data container. */
    DIRECT("v1.35 and later");

    private final String versions;

    Era(String versions) {
        this.versions = versions;
    }

    /** The releases, in words. */
    public String versions() {
        return versions;
    }

    /** Whether upstream's scripts build an image {@code kube-build} from {@code build-image/Dockerfile}. */
    public boolean hasBuildImage() {
        return this != DIRECT;
    }

    /** Whether upstream keeps the sources in volumes of a data container, synchronised in both directions. */
    public boolean hasRsync() {
        return this == RSYNC || this == RSYNC_BUILD_TOOLS;
    }
}
