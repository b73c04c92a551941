package io.kubebuild.step;

import io.kubebuild.docker.Engine;
import io.kubebuild.workspace.container.ShortLivedContainers;

/** The name of a container that a step needs for a moment. */
final class ThrowawayContainer implements AutoCloseable {

    private final Engine engine;
    private final ShortLivedContainers containers;
    private final String name;

    private ThrowawayContainer(Engine engine, ShortLivedContainers containers, String name) {
        this.engine = engine;
        this.containers = containers;
        this.name = name;
    }

    /**
     * Takes the name: a container that has it is removed.
     *
     * @param purpose end of the name, which begins as the build container's
     */
    static ThrowawayContainer of(BuildContext context, String purpose) {
        String name = context.names().buildContainer() + "-" + purpose;
        ShortLivedContainers containers = context.containers();
        containers.expect("the container", name);
        ThrowawayContainer container = new ThrowawayContainer(context.engine(), containers, name);
        context.engine().remove(name);
        return container;
    }

    String name() {
        return name;
    }

    /** Removes the container, if it was made. */
    @Override
    public void close() {
        engine.remove(name);
        containers.gone(name);
    }
}
