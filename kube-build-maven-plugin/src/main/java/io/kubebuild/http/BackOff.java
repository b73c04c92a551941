package io.kubebuild.http;

import java.time.Duration;
import java.util.List;

/**
 * How often and after what pauses something is tried again.
 *
 * @param pauses before the second attempt, the third, and so on
 * @param sleeper waits
 */
public record BackOff(List<Duration> pauses, Sleeper sleeper) {

    public BackOff {
        pauses = List.copyOf(pauses);
    }

    /** Three attempts within some seconds: enough for a registry that restarts, not for one that is down. */
    public static BackOff standard() {
        return new BackOff(
                List.of(Duration.ofSeconds(2), Duration.ofSeconds(8)), pause -> Thread.sleep(pause.toMillis()));
    }

    /** Waits; a test counts instead. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration pause) throws InterruptedException;
    }
}
