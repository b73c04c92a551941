package io.kubebuild.event;

/** How a step ended. */
public sealed interface Outcome {

    /** The work was done; {@code summary} says what came of it ("26 binaries for linux/amd64"). */
    record Done(String summary) implements Outcome {}

    /** Nothing to do: everything stands as it was left; {@code what} says what was found standing. */
    record UpToDate(String what) implements Outcome {}

    /** Not done, on purpose; the reason is for the user. */
    record Skipped(String reason) implements Outcome {}
}
