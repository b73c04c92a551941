package io.kubebuild.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for another process: by what it has done, never by the clock alone. */
public final class Until {

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private Until() {}

    /**
     * Waits until it holds.
     *
     * @param what is waited for, in words
     * @param longest after which waiting is given up
     * @param otherwise says what there was instead
     */
    public static void holds(String what, Duration longest, BooleanSupplier condition, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "not within " + longest.toSeconds() + " s: " + what + "; instead:\n" + otherwise.get());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
