package io.kubebuild.event;

import java.time.Duration;
import java.util.List;

/**
 * What happens in a build, as it happens. Implementations decide on wording, level, colour and rate; they are called from
 * several threads.
 */
public interface BuildListener {

    /** A listener that hears nothing. */
    BuildListener SILENT = event -> {};

    void on(Event event);

    /** Something that happened. */
    sealed interface Event {}

    /** A step begins. */
    record StepStarted(String step) implements Event {}

    /** Why a step, or a part of its work, is done: "cmd/kubectl/kubectl.go changed". */
    record StepReason(String step, String reason) implements Event {}

    /** A step ended well. */
    record StepEnded(String step, Outcome outcome, Duration took) implements Event {}

    /** A fact worth a line: the version, the engine, where a value came from. */
    record Fact(String subject, String text) implements Event {}

    /** A fact for those who debug. */
    record Detail(String text) implements Event {}

    /** Something that the user should know and may have to act on; the build goes on. */
    record Warning(String text) implements Event {}

    /** A line that a command printed; {@code source} names the command. */
    record Output(String source, String line) implements Event {}

    /** A line of what the user asked to see: of the output of a command of theirs, of a plan. */
    record Printed(String line) implements Event {}

    /** How far a piece of work is; {@code total} is 0 where it is unknown. Sent often: listeners bound the rate. */
    record Progress(String work, long done, long total) implements Event {}

    /** A file of lasting interest was made: a tarball, an image archive, a binary. */
    record Produced(String kind, java.nio.file.Path file, long bytes) implements Event {}

    /** A file of lasting interest stands as an earlier build made it. */
    record Standing(String kind, java.nio.file.Path file, long bytes) implements Event {}

    /** The version that the build goes by is found ({@code v1.20.2}); nothing has been built yet. */
    record VersionFound(String version) implements Event {}

    /** Several lines that belong together, such as the files that make a tree dirty. */
    record Listing(String title, List<String> lines) implements Event {
        public Listing {
            lines = List.copyOf(lines);
        }
    }
}
