package io.kubebuild.plan;

import io.kubebuild.tree.Platform;

/**
 * The Go that the tree's scripts find in the workspace.
 *
 * @param host the platform that it runs on (GOHOSTOS/GOHOSTARCH); programs for it land in GOPATH/bin itself
 * @param version {@code go1.19.8}; empty where this Go does not say (before Go 1.16)
 * @param root GOROOT
 */
public record Toolchain(Platform host, String version, String root) {}
