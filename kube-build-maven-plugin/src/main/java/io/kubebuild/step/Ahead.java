package io.kubebuild.step;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * Waiting that is done beside other work: for an engine, for a container. Nobody needs it done: whoever does asks again, and then
 * hears what went wrong.
 */
final class Ahead {

    private Ahead() {}

    /** Runs in the background; a failure is left to be met again. */
    static void start(String what, Runnable work) {
        Thread thread = new Thread(() -> quietly(work), "kube-build: " + what);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for work that was begun, however it ends. */
    static void await(Future<?> work) throws InterruptedException {
        try {
            work.get();
        } catch (ExecutionException e) {
            // It is met again where its result is missing.
            return;
        }
    }

    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (KubeException | EngineException | IllegalStateException e) {
            // A closed workspace is one that is no longer needed; all else is met again in its place.
            return;
        }
    }
}
