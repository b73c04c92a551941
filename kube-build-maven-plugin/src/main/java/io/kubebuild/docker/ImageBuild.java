package io.kubebuild.docker;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image to be built by the engine.
 *
 * @param context directory that is sent as it is; keep it small
 * @param dockerfile relative to the context
 * @param tags names for the result
 * @param arguments build arguments; the engine's predefined ones (HTTP_PROXY …) leave no trace in the image
 * @param labels labels for the result
 * @param platform {@code linux/arm64}, or empty for the engine's own
 */
public record ImageBuild(
        Path context,
        String dockerfile,
        List<String> tags,
        Map<String, String> arguments,
        Map<String, String> labels,
        Optional<String> platform) {
    public ImageBuild {
        tags = List.copyOf(tags);
        arguments = Map.copyOf(arguments);
        labels = Map.copyOf(labels);
    }
}
