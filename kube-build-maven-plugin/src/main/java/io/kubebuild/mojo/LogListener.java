package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.plugin.logging.Log;

/**
 * Events in words, on Maven's log. All wording and levels are here: steps, facts and what was made at info, what commands
 * print at debug, progress at a bounded rate and only where somebody watches.
 */
final class LogListener implements BuildListener {

    /** Between two lines about the progress of one piece of work. */
    static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

    /** Warnings are told twice: where they arise, and at the end, where they are read. */
    private static final int REPEATED_WARNINGS = 20;

    /** Lines of a failed step's commands that are shown; the whole is on debug level. */
    private static final int TAIL = 200;

    private final Log log;
    private final boolean watched;
    private final Clock clock;
    private final Map<String, Instant> lastProgress = new HashMap<>();
    private final List<Line> ended = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Deque<String> tail = new ArrayDeque<>();
    private Optional<Started> running = Optional.empty();

    /**
     * @param log Maven's
     * @param watched whether a person is at a terminal, to whom progress is shown
     * @param clock times failed steps and bounds the rate of progress
     */
    LogListener(Log log, boolean watched, Clock clock) {
        this.log = log;
        this.watched = watched;
        this.clock = clock;
    }

    @Override
    public synchronized void on(Event event) {
        if (event instanceof StepStarted started) {
            running = Optional.of(new Started(started.step(), clock.instant()));
            tail.clear();
            log.info(started.step() + ": begins" + inBrackets(started.reason()));
        } else if (event instanceof StepEnded ended) {
            ended(ended);
        } else if (event instanceof Fact fact) {
            log.info(fact.subject() + ": " + fact.text());
        } else if (event instanceof Detail detail) {
            log.debug(detail.text());
        } else if (event instanceof Warning warning) {
            warnings.add(warning.text());
            log.warn(warning.text());
        } else if (event instanceof Output output) {
            output(output);
        } else if (event instanceof Progress progress) {
            progress(progress);
        } else if (event instanceof Produced produced) {
            log.info(produced.kind() + ": " + produced.file() + " (" + Wording.bytes(produced.bytes()) + ")");
        } else if (event instanceof Listing listing) {
            log.info(listing.title() + ":");
            listing.lines().forEach(line -> log.info("  " + line));
        }
    }

    /** The last words: what became of each step; of a failed one also what its commands printed last. */
    synchronized void close() {
        running.ifPresent(step -> {
            if (!tail.isEmpty()) {
                log.error("the last lines that " + step.name() + " printed:");
                tail.forEach(line -> log.error("  " + line));
            }
            ended.add(new Line(step.name(), "failed", Duration.between(step.since(), clock.instant()), ""));
            running = Optional.empty();
        });
        if (ended.size() > 1) {
            log.info("Summary:");
            ended.forEach(line -> log.info(line.rendered()));
        }
        if (warnings.size() > 1) {
            log.info(warnings.size() + " warnings in all:");
            warnings.stream().limit(REPEATED_WARNINGS).forEach(warning -> log.warn("  " + warning));
        }
    }

    private void ended(StepEnded event) {
        Outcome outcome = event.outcome();
        String name = Wording.name(outcome);
        String text = Wording.text(outcome);
        running = Optional.empty();
        lastProgress.clear();
        ended.add(new Line(event.step(), name, event.took(), text));
        String time = outcome instanceof Outcome.Done ? " in " + Wording.duration(event.took()) : "";
        log.info(event.step() + ": " + name + time + inBrackets(text));
    }

    private void output(Output event) {
        String line = "[" + event.source() + "] " + event.line();
        log.debug(line);
        if (tail.size() == TAIL) {
            tail.removeFirst();
        }
        tail.addLast(line);
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
        log.info("  " + event.work() + ": " + share);
    }

    private static String inBrackets(String text) {
        return text.isBlank() ? "" : " (" + text + ")";
    }

    private record Started(String name, Instant since) {}

    private record Line(String step, String outcome, Duration took, String text) {
        String rendered() {
            return String.format(Locale.ROOT, "  %-17s %-10s %10s  %s", step, outcome, Wording.duration(took), text)
                    .stripTrailing();
        }
    }
}
