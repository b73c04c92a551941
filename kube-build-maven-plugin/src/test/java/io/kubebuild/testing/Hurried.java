package io.kubebuild.testing;

import io.kubebuild.http.BackOff;
import io.kubebuild.http.Pace;
import io.kubebuild.http.Patience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Patience of tests: as many attempts as in a build, and no waiting. */
public final class Hurried {

    /** What every clock says. */
    public static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");

    public static final Patience PATIENCE = patience(pause -> {});

    private Hurried() {}

    /** Three attempts, with the pauses told instead of waited. */
    public static Patience patience(BackOff.Sleeper sleeper) {
        return patience(sleeper, Pace.standard());
    }

    /** The same at another pace. */
    public static Patience patience(BackOff.Sleeper sleeper, Pace pace) {
        return new Patience(
                new BackOff(List.of(Duration.ofSeconds(2), Duration.ofSeconds(8)), sleeper),
                pace,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** The usual pace, where each read of an answer takes a second. */
    public static Pace withReadsOfASecond() {
        AtomicLong nanos = new AtomicLong();
        Pace usual = Pace.standard();
        return new Pace(usual.bytes(), usual.window(), usual.silence(), () -> nanos.addAndGet(1_000_000_000));
    }
}
