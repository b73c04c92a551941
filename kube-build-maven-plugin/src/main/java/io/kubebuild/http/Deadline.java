package io.kubebuild.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Ends something that waits without end: whoever waits says in the end whether that was in time. */
public final class Deadline {

    private final CompletableFuture<Boolean> met = new CompletableFuture<>();

    /** @param late is run in another thread when the time is over */
    public Deadline(Duration time, Runnable late) {
        CompletableFuture<Void> watch = met.thenAccept(inTime -> {
            if (!inTime) {
                late.run();
            }
        });
        if (!watch.isDone()) {
            met.completeOnTimeout(false, time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** The waiting is over; tells whether that was in time, also when asked again. */
    public boolean meet() {
        met.complete(true);
        return met.join();
    }
}
