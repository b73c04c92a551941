package io.kubebuild.gotest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Events as go 1.19 prints them. */
class TestRunTest {

    private static final String UTIL = "k8s.io/kubernetes/pkg/util";

    private final TestRun run = new TestRun();

    @Test
    void testsEndAsTheirEventsSay() {
        event("run", "TestA", "");
        output("TestA", "=== RUN   TestA\n");
        event("run", "TestA/empty", "");
        output("TestA/empty", "    a_test.go:7: 0 is not 1\n");
        event("fail", "TestA/empty", ",\"Elapsed\":0.5");
        event("fail", "TestA", ",\"Elapsed\":0.75");
        event("run", "TestB", "");
        output("TestB", "much that nobody needs");
        event("pass", "TestB", ",\"Elapsed\":0.25");
        event("run", "TestC", "");
        output("TestC", "    not on this machine\n");
        event("skip", "TestC", ",\"Elapsed\":0");
        event("fail", "", ",\"Elapsed\":1.5");

        PackageResult util = run.packages().get(0);

        assertThat(util.name()).isEqualTo(UTIL);
        assertThat(util.failed()).isTrue();
        assertThat(util.failedByItself()).isFalse();
        assertThat(util.seconds()).isEqualTo(1.5);
        assertThat(util.tests())
                .containsExactly(
                        new TestResult("TestA", TestResult.Status.FAILED, 0.75, "=== RUN   TestA\n"),
                        new TestResult("TestA/empty", TestResult.Status.FAILED, 0.5, "    a_test.go:7: 0 is not 1\n"),
                        new TestResult("TestB", TestResult.Status.PASSED, 0.25, ""),
                        new TestResult("TestC", TestResult.Status.SKIPPED, 0, "    not on this machine\n"));
    }

    @Test
    void aTestThatAPanicCutShortHasFailed() {
        event("run", "TestA", "");
        output("TestA", "panic: nil map\n");
        event("fail", "", ",\"Elapsed\":0.1");

        assertThat(run.packages().get(0).tests())
                .containsExactly(new TestResult("TestA", TestResult.Status.FAILED, 0, "panic: nil map\n"));
    }

    @Test
    void aPackageThatCannotBeBuiltHasFailedByItself() {
        assertThat(run.line("FAIL\t" + UTIL + " [build failed]")).contains("FAIL\t" + UTIL + " [build failed]");

        PackageResult util = run.packages().get(0);
        assertThat(util.failedByItself()).isTrue();
        assertThat(util.output()).isEqualTo("build failed\n");
    }

    @Test
    void theLineOfAPackageIsWhatGoWouldPrint() {
        assertThat(output("", "ok  \\t" + UTIL + "\\t0.012s\n")).contains("ok   " + UTIL + " 0.012s");
        assertThat(output("", "coverage: 71%\n")).isEmpty();
        assertThat(run.line("go: downloading example.com")).isEmpty();
        assertThat(run.line("{\"no\": \"event")).isEmpty();
    }

    @Test
    void ofWhatATestPrintsTheEndIsKept() {
        event("run", "TestA", "");
        for (int i = 0; i < 100; i++) {
            output("TestA", "x".repeat(1000));
        }
        output("TestA", "the end");
        event("fail", "TestA", "");

        assertThat(run.packages().get(0).tests().get(0).output())
                .hasSizeLessThan(70_000)
                .endsWith("the end");
    }

    private Optional<String> output(String test, String text) {
        return event("output", test, ",\"Output\":\"" + text.replace("\n", "\\n") + "\"");
    }

    private Optional<String> event(String action, String test, String more) {
        return run.line("{\"Time\":\"2026-11-21T10:00:00Z\",\"Action\":\"" + action + "\",\"Package\":\"" + UTIL + "\""
                + (test.isEmpty() ? "" : ",\"Test\":\"" + test + "\"") + more + "}");
    }
}
