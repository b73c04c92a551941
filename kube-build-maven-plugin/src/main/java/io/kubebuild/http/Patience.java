package io.kubebuild.http;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How long, how often and how slowly servers of others may answer.
 *
 * @param backOff attempts, and the pauses between them
 * @param pace of what comes
 * @param clock for dates that servers name
 */
public record Patience(BackOff backOff, Pace pace, Clock clock) {

    /** A server that wants to be left alone for longer is left alone: another place may have the same. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    public static Patience standard() {
        return new Patience(BackOff.standard(), Pace.standard(), Clock.systemUTC());
    }

    /** Something that is asked of a server, from the start whenever it is called. */
    @FunctionalInterface
    public interface Attempt<T> {
        T make() throws IOException;
    }

    /**
     * Makes attempts until one succeeds, fails for good, or there were enough.
     *
     * @param what is asked for, for messages
     * @param passing whether a failure may pass
     * @param told what is tried again, and when
     * @throws GaveUpException with the last failure as its cause
     */
    public <T> T attempt(
            String what, Function<IOException, Optional<Passing>> passing, Consumer<String> told, Attempt<T> attempt)
            throws IOException {
        for (int made = 1; ; made++) {
            try {
                return attempt.make();
            } catch (IOException e) {
                pause(what, made, passing.apply(e).orElseThrow(() -> e), e, told);
            }
        }
    }

    private void pause(String what, int made, Passing failure, IOException cause, Consumer<String> told)
            throws GaveUpException {
        Duration wait = failure.pause().orElse(Duration.ZERO);
        String tries = made > 1 ? " (" + made + " attempts)" : "";
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw new GaveUpException(
                    failure.why() + " and wants to be asked again in " + wait.toSeconds() + " s, which is too long"
                            + tries,
                    cause);
        }
        if (made > backOff.pauses().size()) {
            throw new GaveUpException(failure.why() + tries, cause);
        }
        Duration pause = backOff.pauses().get(made - 1);
        Duration longer = wait.compareTo(pause) > 0 ? wait : pause;
        told.accept("fetching " + what + " failed (" + failure.why() + "); again in " + longer.toSeconds() + " s");
        try {
            backOff.sleeper().sleep(longer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build("interrupted while fetching " + what, "", "run the build again", e);
        }
    }
}
