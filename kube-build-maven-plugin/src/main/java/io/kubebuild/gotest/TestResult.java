package io.kubebuild.gotest;

/**
 * What became of a test.
 *
 * @param name with those of the tests around it ({@code TestParse/empty})
 * @param status what became of it
 * @param seconds how long it took
 * @param output what it printed, the end of it; only kept where it did not pass
 */
public record TestResult(String name, Status status, double seconds, String output) {

    /** What may become of a test. */
    public enum Status {
        PASSED,
        FAILED,
        SKIPPED
    }
}
