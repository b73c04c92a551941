package io.kubebuild.release;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An image build that the tree's packaging asked of docker.
 *
 * @param id names the build within its staging
 * @param argv what docker was called with, the program's name left out
 * @param dockerfile text of the Dockerfile
 * @param dockerfilePath the Dockerfile relative to the context; a copy was put there where the tree keeps it elsewhere
 * @param context directory with the build context; real files stand for its placeholders from materialising on
 * @param placeholders files of the context, by path relative to it, that are placeholders in the recording
 * @param arguments build arguments
 * @param platform {@code linux/arm64}, where the command names it
 * @param target the stage to build, where the command names it
 * @param tags names of the image
 */
public record ImageBuildRecord(
        String id,
        List<String> argv,
        String dockerfile,
        String dockerfilePath,
        Path context,
        SortedMap<String, Staging.PlacedPlaceholder> placeholders,
        Map<String, String> arguments,
        Optional<String> platform,
        Optional<String> target,
        List<String> tags) {
    public ImageBuildRecord {
        argv = List.copyOf(argv);
        placeholders = java.util.Collections.unmodifiableSortedMap(new java.util.TreeMap<>(placeholders));
        arguments = Map.copyOf(arguments);
        tags = List.copyOf(tags);
    }

    /** The same build under other names. */
    ImageBuildRecord withTags(List<String> others) {
        return new ImageBuildRecord(
                id, argv, dockerfile, dockerfilePath, context, placeholders, arguments, platform, target, others);
    }
}
