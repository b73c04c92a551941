package io.kubebuild.step;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What builds on this host left in an engine for trees that are no more. Told by labels alone: what has none, such as what upstream's
 * scripts made, and what another host made, stays.
 */
final class Orphans {

    /** How all names of containers and images begin, but those of rsync containers, which carry no labels. */
    private static final String NAMES = "kube-build";

    private final Engine engine;
    private final String host;
    private final BuildListener listener;
    private int removed;

    Orphans(Engine engine, String host, BuildListener listener) {
        this.engine = engine;
        this.host = host;
        this.listener = listener;
    }

    /** Removes containers with their volumes, then images. Returns how many there were. */
    int remove() {
        for (ContainerInfo container : engine.containers(NAMES)) {
            goneTree(container.labels()).ifPresent(tree -> remove(container, tree));
        }
        for (String image : engine.imageTags(NAMES)) {
            Map<String, String> labels =
                    engine.image(image).map(ImageInfo::labels).orElse(Map.of());
            goneTree(labels).ifPresent(tree -> remove(image, tree));
        }
        return removed;
    }

    /** The tree that something was made for on this host, where that is gone. */
    private Optional<String> goneTree(Map<String, String> labels) {
        return Optional.ofNullable(labels.get(Labels.PATH))
                .filter(tree -> host.equals(labels.get(Labels.HOST)))
                .filter(tree -> !Files.exists(Path.of(tree)));
    }

    private void remove(ContainerInfo container, String tree) {
        if (container.running()) {
            listener.on(new BuildListener.Warning(
                    "container " + container.name() + " stays: it runs, although its tree " + tree + " is gone"));
            return;
        }
        engine.remove(container.id());
        told("container " + container.name(), tree);
    }

    private void remove(String image, String tree) {
        try {
            engine.removeImage(image);
            told("image " + image, tree);
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.CONFLICT) {
                throw e;
            }
            listener.on(new BuildListener.Warning("image " + image + " stays: a container uses it"));
        }
    }

    private void told(String what, String tree) {
        removed++;
        listener.on(new BuildListener.Fact("removed", what + " of " + tree));
    }
}
