package io.kubebuild.http;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A failure that may pass.
 *
 * @param why what the server said, or what the connection met
 * @param pause how long the server wants to be left alone, if it said so
 */
public record Passing(String why, Optional<Duration> pause) {

    /** The server is busy, restarts, or stands behind something that does. */
    private static final Set<Integer> STATUSES = Set.of(429, 500, 502, 503, 504);

    private static final List<Class<? extends Exception>> FAILURES = List.of(
            LostConnectionException.class,
            SocketException.class,
            SocketTimeoutException.class,
            HttpTimeoutException.class,
            EOFException.class);

    /**
     * What a status says: 401, 403 and 404 are answers, and asking again would give the same.
     *
     * @param retryAfter the header of that name: seconds, or a date as HTTP has it
     */
    public static Optional<Passing> ofStatus(int status, Optional<String> retryAfter, Instant now) {
        return STATUSES.contains(status)
                ? Optional.of(
                        new Passing("it answered " + status, retryAfter.flatMap(text -> pause(text.strip(), now))))
                : Optional.empty();
    }

    /** What a connection met: refused, reset, timed out, lost; but not a certificate that is not trusted or a host without an address. */
    public static Optional<Passing> ofFailure(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (isOne(cause)) {
                return Optional.of(new Passing(
                        cause.getMessage() == null ? cause.toString() : cause.getMessage(), Optional.empty()));
            }
        }
        return Optional.empty();
    }

    private static boolean isOne(Throwable cause) {
        return FAILURES.stream().anyMatch(type -> type.isInstance(cause));
    }

    private static Optional<Duration> pause(String text, Instant now) {
        try {
            if (text.matches("[0-9]+")) {
                // More digits than a long has are a long time, too.
                return Optional.of(Duration.ofSeconds(text.length() > 9 ? Integer.MAX_VALUE : Long.parseLong(text)));
            }
            Duration until = Duration.between(now, DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
            return Optional.of(until.isNegative() ? Duration.ZERO : until);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
