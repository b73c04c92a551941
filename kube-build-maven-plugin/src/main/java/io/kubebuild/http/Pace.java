package io.kubebuild.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How fast an answer has to come.
 *
 * @param bytes fewest bytes in a window; those at the end of an answer excepted
 * @param window time spent waiting for the server; what we do with the bytes in between does not count
 * @param silence longest time without a single byte, and longest time before an answer begins
 * @param nanos a clock that only goes forward, as {@link System#nanoTime}
 */
public record Pace(long bytes, Duration window, Duration silence, LongSupplier nanos) {

    /** One kilobyte a second, which is a twentieth of what a telephone line gave; in a minute a server may also restart. */
    public static Pace standard() {
        return new Pace(60_000, Duration.ofMinutes(1), Duration.ofMinutes(1), System::nanoTime);
    }

    /** The time of silence, for messages. */
    public String silent() {
        return BigDecimal.valueOf(silence.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
