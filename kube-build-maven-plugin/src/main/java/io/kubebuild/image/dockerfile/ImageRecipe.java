package io.kubebuild.image.dockerfile;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image as base, files and settings: what a Dockerfile says once stages and variables are resolved.
 *
 * @param base reference of the base image, or {@code scratch}
 * @param platform as {@code FROM --platform} has it, if it does
 * @param contents files and directories, in the order in which they are put in
 * @param settings what changes in the base's configuration
 */
public record ImageRecipe(String base, Optional<String> platform, List<Content> contents, Settings settings) {

    public ImageRecipe {
        contents = List.copyOf(contents);
    }

    /** Something in the image's file system. */
    public sealed interface Content {}

    /**
     * A file or directory of the build context.
     *
     * @param source relative to the context
     * @param target absolute; with a slash at its end it names a directory
     * @param mode permissions (octal {@code 0755}) instead of the source's
     * @param capability of the file
     */
    public record Copy(String source, String target, Optional<Integer> mode, Optional<FileCapability> capability)
            implements Content {}

    /** A directory that is made where there is none. */
    public record Directory(String path) implements Content {}

    /**
     * Changes of the configuration; empty means as in the base.
     *
     * @param environment added, or put in the place of the same name
     * @param labels added, or put in the place of the same name
     * @param command an empty list inside takes the base's command away
     */
    public record Settings(
            Map<String, String> environment,
            Map<String, String> labels,
            Optional<String> user,
            Optional<String> directory,
            Optional<List<String>> entrypoint,
            Optional<List<String>> command) {

        /** Everything as in the base. */
        public static final Settings NONE = new Settings(
                Map.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        public Settings {
            // In order: the configuration lists variables as the Dockerfile does.
            environment = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(environment));
            labels = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(labels));
            entrypoint = entrypoint.map(List::copyOf);
            command = command.map(List::copyOf);
        }
    }
}
