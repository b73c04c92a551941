package io.kubebuild.gotest;

import java.util.List;

/**
 * What became of the tests of a package.
 *
 * @param name import path
 * @param failed whether the package as a whole failed: a test did, or it could not be built, or it ended too early
 * @param seconds how long they took
 * @param tests in the order in which they began
 * @param output what was printed outside of tests, the end of it
 */
public record PackageResult(String name, boolean failed, double seconds, List<TestResult> tests, String output) {

    public PackageResult {
        tests = List.copyOf(tests);
    }

    /** How many tests have this status. */
    public long count(TestResult.Status status) {
        return tests.stream().filter(test -> test.status() == status).count();
    }

    /** Whether it failed and no test says why: it could not be built, or something outside of tests ended it. */
    public boolean failedByItself() {
        return failed && count(TestResult.Status.FAILED) == 0;
    }
}
