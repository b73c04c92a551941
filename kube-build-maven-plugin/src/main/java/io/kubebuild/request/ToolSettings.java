package io.kubebuild.request;

import java.util.Optional;

/**
 * With which tools it is built.
 *
 * @param goToolchain {@code local} or a release of Go such as {@code go1.22.5} (GOTOOLCHAIN); empty for the Go of the workspace
 * @param crossImage name of the cross image, without its tag (KUBE_CROSS_IMAGE)
 * @param crossVersion its tag (KUBE_CROSS_VERSION)
 */
public record ToolSettings(Optional<String> goToolchain, Optional<String> crossImage, Optional<String> crossVersion) {

    /** The tree's own. */
    public static final ToolSettings NONE = new ToolSettings(Optional.empty(), Optional.empty(), Optional.empty());
}
