package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.problem.Secrets;
import io.kubebuild.problem.Shown;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.plugin.logging.Log;

/**
 * Events in words, on Maven's log. All wording and levels are here: steps, facts and what was made at info, what commands
 * print at debug, progress at a bounded rate and only where somebody watches.
 */
final class LogListener implements BuildListener {

    /** A tree whose generated files were written anew has hundreds of changed files. */
    private static final int LINES_LISTED = 20;

    /** Between two lines about the progress of one piece of work. */
    static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

    /** Lines of a failed step's commands that are shown; the whole is on debug level. */
    private static final int TAIL = 200;

    private final Log log;
    private final boolean watched;
    private final Clock clock;
    private final Map<String, Instant> lastProgress = new HashMap<>();
    private final Summary summary;
    private int stepsHere;
    private final Deque<Output> tail = new ArrayDeque<>();
    private Optional<Started> running = Optional.empty();

    /**
     * @param log Maven's
     * @param watched whether a person is at a terminal, to whom progress is shown
     * @param clock times failed steps and bounds the rate of progress
     * @param summary of the build, which other goals may have begun
     */
    LogListener(Log log, boolean watched, Clock clock, Summary summary) {
        this.log = log;
        this.watched = watched;
        this.clock = clock;
        this.summary = summary;
    }

    @Override
    public synchronized void on(Event event) {
        if (event instanceof StepStarted started) {
            running = Optional.of(new Started(started.step(), clock.instant()));
            tail.clear();
            info(started.step() + ": begins");
        } else if (event instanceof StepReason why) {
            info(why.step() + ": because " + why.reason());
        } else if (event instanceof StepEnded ended) {
            ended(ended);
        } else if (event instanceof Fact fact) {
            info(fact.subject() + ": " + fact.text());
        } else if (event instanceof Detail detail) {
            debug(Shown.text(detail.text()));
        } else if (event instanceof Warning warning) {
            summary.warning(warning.text());
            warn(warning.text());
        } else if (event instanceof Output output) {
            output(output);
        } else if (event instanceof Printed printed) {
            log.info(Secrets.hidden(printed.line()));
        } else if (event instanceof Progress progress) {
            progress(progress);
        } else if (event instanceof Produced produced) {
            info(produced.kind() + ": " + produced.file() + " (" + Wording.bytes(produced.bytes()) + ")");
        } else if (event instanceof Standing standing) {
            info(standing.kind() + ": " + standing.file() + " (" + Wording.bytes(standing.bytes()) + ", as it was)");
        } else if (event instanceof Listing listing) {
            info(listing.title() + ":");
            listing.lines().stream().limit(LINES_LISTED).forEach(line -> info("  " + Shown.line(line)));
            if (listing.lines().size() > LINES_LISTED) {
                info("  and " + (listing.lines().size() - LINES_LISTED) + " more; mvn -X lists them");
                listing.lines().stream().skip(LINES_LISTED).forEach(line -> debug("  " + Shown.line(line)));
            }
        }
    }

    /**
     * The step that runs has failed: shows what its commands printed last, unless the failure's message tells it.
     *
     * @param message of the failure
     */
    synchronized void failed(String message) {
        if (!tail.isEmpty() && !message.contains(tail.getLast().line())) {
            running.ifPresent(step -> error("the last lines that " + step.name() + " printed:"));
            tail.forEach(output -> error("  " + rendered(output)));
        }
    }

    /** The last words: what became of each step of the build. */
    synchronized void close() {
        running.ifPresent(step -> {
            summary.step(step.name(), "failed", Duration.between(step.since(), clock.instant()), "");
            running = Optional.empty();
        });
        summary.tell(this::info, this::warn);
    }

    /** The end of a goal that others of the same build follow: these are the last words only where it failed or was a build by itself. */
    synchronized void pause() {
        if (running.isPresent() || stepsHere > 1) {
            close();
        }
    }

    private void ended(StepEnded event) {
        tail.clear();
        Outcome outcome = event.outcome();
        String name = Wording.name(outcome);
        String text = Wording.text(outcome);
        running = Optional.empty();
        lastProgress.clear();
        stepsHere++;
        summary.step(event.step(), name, event.took(), text);
        String time = outcome instanceof Outcome.Done ? " in " + Wording.duration(event.took()) : "";
        info(event.step() + ": " + name + time + inBrackets(text));
    }

    private void output(Output event) {
        debug(rendered(event));
        if (tail.size() == TAIL) {
            tail.removeFirst();
        }
        tail.addLast(event);
    }

    private static String rendered(Output event) {
        return "[" + event.source() + "] " + event.line();
    }

    private void progress(Progress event) {
        Instant now = clock.instant();
        Instant last = lastProgress.get(event.work());
        boolean due = last == null || !now.isBefore(last.plus(PROGRESS_INTERVAL));
        if (!watched || !due) {
            return;
        }
        lastProgress.put(event.work(), now);
        String share = event.total() > 0
                ? event.done() + " of " + event.total() + " (" + 100 * event.done() / event.total() + " %)"
                : String.valueOf(event.done());
        info("  " + event.work() + ": " + share);
    }

    // Every line goes through these, so that no address shows its password, and no name moves the cursor. What commands
    // print has its
    // colours.

    private void debug(String line) {
        if (log.isDebugEnabled()) {
            log.debug(Secrets.hidden(line));
        }
    }

    private void info(String line) {
        log.info(Secrets.hidden(Shown.text(line)));
    }

    private void warn(String line) {
        log.warn(Secrets.hidden(Shown.text(line)));
    }

    private void error(String line) {
        log.error(Secrets.hidden(line));
    }

    private static String inBrackets(String text) {
        return text.isBlank() ? "" : " (" + text + ")";
    }

    private record Started(String name, Instant since) {}
}
