package io.kubebuild.plan;

import io.kubebuild.tree.Platform;

/**
 * A file that a command of the plan will leave behind.
 *
 * @param target as requested; the package's path where the tree builds it unasked
 * @param platform what it runs on
 * @param path where go writes it, absolute in the workspace
 * @param placedPath where the tree's {@code place_bins} would copy it, absolute in the workspace
 */
public record PromisedOutput(String target, Platform platform, String path, String placedPath) {}
