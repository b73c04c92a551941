package io.kubebuild.step;

import io.kubebuild.tree.GitVersion;
import java.util.List;

/**
 * What verify-prereqs fixed for the steps after it; they read it even if git has moved on.
 *
 * @param request hash of everything that was asked for
 * @param version the version, as it is written to {@code .dockerized-kube-version-defs}
 * @param cleanCommit the commit that is checked out, where git finds the tree just as it was committed, whatever state the version
 *     claims; else empty
 * @param epochSeconds build date
 * @param crossImage reference of the cross image
 * @param crossImageId its id in the engine
 * @param engineId the engine that has it
 * @param platforms KUBE_BUILD_PLATFORMS, checked; empty leaves the choice to the tree
 * @param targets targets, in the tree's spelling; empty for a release
 * @param imagesOnly whether the images of a release are made and nothing else of it; the targets come on top of theirs
 */
record Verified(
        String request,
        GitVersion version,
        String cleanCommit,
        long epochSeconds,
        String crossImage,
        String crossImageId,
        String engineId,
        List<String> platforms,
        List<String> targets,
        boolean imagesOnly) {

    static final String NAME = "verified";

    Verified {
        platforms = List.copyOf(platforms);
        targets = List.copyOf(targets);
    }

    /**
     * Whether the source tarball is what git has committed: as upstream, only where the version says clean (an archive is packed as
     * its files are), and other than upstream only where that is true.
     */
    boolean packsCommit() {
        return !cleanCommit.isEmpty() && version.treeState().equals("clean");
    }

    /** Whether a release is built, not single targets. */
    boolean isRelease() {
        return targets.isEmpty() && !imagesOnly;
    }
}
