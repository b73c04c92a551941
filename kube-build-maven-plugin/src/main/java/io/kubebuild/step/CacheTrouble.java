package io.kubebuild.step;

import io.kubebuild.docker.EngineException;
import io.kubebuild.event.BuildListener;
import io.kubebuild.io.Zstd;
import io.kubebuild.io.Zstd.NativeLibraryException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.nio.file.Path;
import java.util.Optional;

/** What stands in the way of a cache: told before a build where it can be known, and no reason to fail one that has succeeded. */
final class CacheTrouble {

    private CacheTrouble() {}

    /**
     * Finds out whether this machine can compress and unpack caches.
     *
     * @param wanted what needs it: a parameter or a goal
     */
    static Optional<Problem> missingLibrary(String wanted) {
        try {
            Zstd.require();
            return Optional.empty();
        } catch (NativeLibraryException e) {
            return Optional.of(new Problem(
                    wanted + " needs zstd, which cannot be used on this machine",
                    e.why(),
                    e.fix() + (wanted.startsWith("kube.cache.") ? "; or leave out " + wanted : "")));
        }
    }

    /** An export. */
    @FunctionalInterface
    interface Export {
        Path run() throws InterruptedException;
    }

    /** Whatever goes wrong is a warning, but for the user who ends it. */
    static void orWarn(BuildListener listener, Export export) throws InterruptedException {
        String why;
        try {
            export.run();
            return;
        } catch (KubeException e) {
            why = e.problems().get(0).what() + ": " + e.problems().get(0).why();
        } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
            why = e instanceof EngineException ? String.valueOf(e.getMessage()) : e.toString();
        }
        listener.on(new BuildListener.Warning("no cache was exported: " + why));
    }
}
