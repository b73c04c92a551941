package io.kubebuild.docker;

import java.util.List;
import java.util.Map;

/**
 * An image that the engine has.
 *
 * @param id {@code sha256:…} of its configuration
 * @param tags its names, {@code repository:tag}
 * @param os {@code linux}
 * @param architecture in Go's words
 * @param variant {@code v7} for arm, else empty
 * @param labels its labels
 * @param environment {@code NAME=value} as the image sets it
 * @param bytes size on the engine's disk
 */
public record ImageInfo(
        String id,
        List<String> tags,
        String os,
        String architecture,
        String variant,
        Map<String, String> labels,
        List<String> environment,
        long bytes) {
    public ImageInfo {
        tags = List.copyOf(tags);
        labels = Map.copyOf(labels);
        environment = List.copyOf(environment);
    }
}
