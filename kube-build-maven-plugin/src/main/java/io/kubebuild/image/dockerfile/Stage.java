package io.kubebuild.image.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stage while it is read. */
final class Stage {

    final String name;
    final String base;
    final Optional<String> platform;
    final List<ImageRecipe.Content> contents = new ArrayList<>();
    final Map<String, String> environment = new LinkedHashMap<>();
    final Map<String, String> labels = new LinkedHashMap<>();
    /** What may be named in this stage: its arguments, and over them its environment. */
    final Map<String, String> arguments = new LinkedHashMap<>();

    @Nullable
    String user;

    @Nullable
    String directory;

    @Nullable
    List<String> entrypoint;

    @Nullable
    List<String> command;

    /** Whether this very stage has a CMD. */
    boolean commandIsOwn;

    Stage(String name, String base, Optional<String> platform) {
        this.name = name;
        this.base = base;
        this.platform = platform;
    }

    /** A stage that goes on where another ended; arguments are not handed on. */
    Stage(String name, Stage from) {
        this(name, from.base, from.platform);
        contents.addAll(from.contents);
        environment.putAll(from.environment);
        labels.putAll(from.labels);
        user = from.user;
        directory = from.directory;
        entrypoint = from.entrypoint;
        command = from.command;
    }

    Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>(arguments);
        variables.putAll(environment);
        return variables;
    }

    ImageRecipe recipe() {
        return new ImageRecipe(
                base,
                platform,
                contents,
                new ImageRecipe.Settings(
                        environment,
                        labels,
                        Optional.ofNullable(user),
                        Optional.ofNullable(directory),
                        Optional.ofNullable(entrypoint),
                        Optional.ofNullable(command)));
    }
}
