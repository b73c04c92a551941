package io.kubebuild.testing;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers what a build told. */
public final class Heard implements BuildListener {

    private final List<Event> events = new ArrayList<>();

    @Override
    public synchronized void on(Event event) {
        events.add(event);
    }

    /** Steps in the order in which they ended, with {@code done} or {@code up to date}. */
    public synchronized Map<String, String> outcomes() {
        Map<String, String> outcomes = new LinkedHashMap<>();
        for (Event event : events) {
            if (event instanceof StepEnded ended) {
                boolean stood = ended.outcome() instanceof Outcome.UpToDate;
                boolean skipped = ended.outcome() instanceof Outcome.Skipped;
                outcomes.put(ended.step(), stood ? "up to date" : skipped ? "skipped" : "done");
            }
        }
        return outcomes;
    }

    /** Why steps were skipped. */
    public synchronized List<String> skipped() {
        return events.stream()
                .filter(StepEnded.class::isInstance)
                .map(event -> ((StepEnded) event).outcome())
                .filter(Outcome.Skipped.class::isInstance)
                .map(outcome -> ((Outcome.Skipped) outcome).reason())
                .toList();
    }

    /** Versions that builds went by. */
    public synchronized List<String> versions() {
        return events.stream()
                .filter(VersionFound.class::isInstance)
                .map(event -> ((VersionFound) event).version())
                .toList();
    }

    public synchronized List<String> warnings() {
        return events.stream()
                .filter(Warning.class::isInstance)
                .map(event -> ((Warning) event).text())
                .toList();
    }

    public synchronized List<String> printed() {
        return events.stream()
                .filter(Printed.class::isInstance)
                .map(event -> ((Printed) event).line())
                .toList();
    }

    public synchronized List<String> details() {
        return events.stream()
                .filter(Detail.class::isInstance)
                .map(event -> ((Detail) event).text())
                .toList();
    }

    /** Why steps were done: "step: reason". */
    public synchronized List<String> reasons() {
        return events.stream()
                .filter(StepReason.class::isInstance)
                .map(StepReason.class::cast)
                .map(reason -> reason.step() + ": " + reason.reason())
                .toList();
    }

    public synchronized List<String> facts(String subject) {
        return events.stream()
                .filter(Fact.class::isInstance)
                .map(Fact.class::cast)
                .filter(fact -> fact.subject().equals(subject))
                .map(Fact::text)
                .toList();
    }
}
