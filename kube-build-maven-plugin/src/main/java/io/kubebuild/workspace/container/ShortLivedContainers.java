package io.kubebuild.workspace.container;

import io.kubebuild.docker.Engine;
import io.kubebuild.problem.KubeException;
import java.util.HashMap;
import java.util.Map;

/**
 * Containers that live no longer than the build. Each is removed when Maven is told to end; and it is on record for as long as it may be
 * there, because a Maven that is killed removes nothing, and the next build may have no use for a container of that name.
 */
public final class ShortLivedContainers {

    private final Engine engine;
    private final Notes notes;
    private final ShutdownHooks hooks;
    private final Map<String, Thread> expected = new HashMap<>();

    /** Remembers names beyond the end of the JVM. */
    public interface Notes {

        /** Remembers nothing. */
        Notes NONE = new Notes() {
            @Override
            public void add(String name) {}

            @Override
            public void remove(String name) {}
        };

        /** A container of this name may be there from now on. */
        void add(String name);

        /** It is gone. */
        void remove(String name);
    }

    public ShortLivedContainers(Engine engine, Notes notes) {
        this(engine, notes, ShutdownHooks.OF_THIS_JVM);
    }

    ShortLivedContainers(Engine engine, Notes notes, ShutdownHooks hooks) {
        this.engine = engine;
        this.notes = notes;
        this.hooks = hooks;
    }

    /**
     * Answers for a container before it exists, so that there is no moment at which it would be left behind.
     *
     * @param what the container in words, for the error
     * @throws KubeException where Maven is ending; then it must not be made
     */
    public synchronized void expect(String what, String name) {
        Thread hook = new Thread(
                () -> {
                    engine.remove(name);
                    notes.remove(name);
                },
                "remove " + name);
        try {
            hooks.add(hook);
        } catch (IllegalStateException ending) {
            throw KubeException.build(what + " " + name + " was not started", "Maven is ending", "run again", ending);
        }
        expected.put(name, hook);
        notes.add(name);
    }

    /** It is gone, or was never made. */
    public synchronized void gone(String name) {
        Thread hook = expected.remove(name);
        if (hook == null) {
            return;
        }
        notes.remove(name);
        try {
            hooks.remove(hook);
        } catch (IllegalStateException ending) {
            // The hook runs just now and does what it is for.
            return;
        }
    }
}
