package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Goals that let the user into the workspace: commands, a shell, the tree's tests. */
@Tag("more")
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class WorkspaceGoalsIT {

    private static final String BUILD_ROOT = "/go/src/k8s.io/kubernetes";
    private static final String TESTS = "pkg/sample/types_test.go";
    private static final String REPORT = "target/surefire-reports/TEST-k8s.io.kubernetes.pkg.sample.xml";

    private final ReleasedTree released;

    WorkspaceGoalsIT(ReleasedTree released) {
        this.released = released;
    }

    @Test
    void aCommandSeesTheCurrentSourcesAndChangesNothingForTheNextBuild() {
        released.release().execute().succeeded();
        Map<String, String> before = released.results();

        released.command("go version; make all WHAT=cmd/kubectl; cp _output/dockerized/bin/linux/amd64/kubectl"
                        + " _output/dockerized/bin/linux/amd64/kubectl-of-mine")
                .execute()
                .succeeded()
                .says("[INFO] go version go1.", "sync: up to date", "run: done", "exit code 0, ");

        assertThat(released.tree().file("_output/dockerized/bin/linux/amd64/kubectl-of-mine"))
                .isExecutable();
        released.tree().delete("_output/dockerized/bin/linux/amd64/kubectl-of-mine");
        released.release().execute().succeeded().says("sync: up to date").doesNotSay("generated sources: made anew");
        assertThat(ReleasedTree.withoutTestBinaries(released.results()))
                .isEqualTo(ReleasedTree.withoutTestBinaries(before));
    }

    @Test
    void aCommandThatFailsFailsTheBuildAndWhatItBrokeIsMended() {
        released.release().execute().succeeded();
        Map<String, String> before = released.results();

        released.command(
                        "rm -rf _output/dockerized/go/src; echo broken > cmd/kubectl/main.go; echo more than that >&2; exit 7")
                .execute()
                .failedCleanly()
                .says("[INFO] more than that", "the command ended with exit code 7");

        assertThat(EngineSocket.running(released.tree())).isEmpty();
        released.release().execute().succeeded().says("sync: because");
        assertThat(ReleasedTree.withoutTestBinaries(released.results()))
                .isEqualTo(ReleasedTree.withoutTestBinaries(before));
    }

    @Test
    void aShellSeesTheCurrentSourcesAtATerminal() {
        MavenBuild shell = released.goal("shell").parameter("kube.platforms", ReleasedTree.PLATFORMS);

        shell.execute()
                .failedCleanly()
                .says("kube:shell needs a terminal", "kube:run")
                .doesNotSay("sync: ");
        try (RunningBuild build = shell.atTerminal().start()) {
            build.says("shell: in the build container").types("head -1 cmd/kubectl/main.go; pwd; exit 3\n");
            build.result()
                    .succeeded()
                    .says("// Command kubectl is one of", BUILD_ROOT, "shell: ended with exit code 3");
        }
        assertThat(EngineSocket.running(released.tree())).isEmpty();
    }

    @Test
    void testsHaveReportsWhereBuildServersLook() {
        released.release().execute().succeeded();

        test("test").execute().succeeded().says("ok   k8s.io/kubernetes/pkg/sample", "tests: 3 tests of ", "1 skipped");

        assertThat(released.tree().read(REPORT))
                .contains("<testsuite name=\"k8s.io/kubernetes/pkg/sample\" tests=\"4\" failures=\"0\"")
                .contains("name=\"TestAPodHasAName/b\"", "<skipped");
        released.release().execute().succeeded().says("sync: up to date");
    }

    @Test
    void testsBeforeAnyCompileGenerateSourcesOnce() {
        test("test").parameter("kube.force.sync", "true").execute().succeeded().says("generated sources: made anew");

        test("test").execute().succeeded().says("sync: up to date").doesNotSay("generated sources:");
        released.command("make test").execute().succeeded().doesNotSay("generated sources:");
        released.release().execute().succeeded().says("sync: up to date").doesNotSay("generated sources:");
    }

    @Test
    void aCommandRunsWhereSourcesCannotBeGenerated() {
        String generator = "hack/make-rules/generate.sh";
        String script = released.tree().read(generator);
        released.tree().write(generator, "exit 1\n");
        try {
            released.command("cat " + generator)
                    .execute()
                    .succeeded()
                    .says("the command runs without them: Generating sources failed", "[INFO] exit 1");
        } finally {
            released.tree().write(generator, script);
        }
        released.release().execute().succeeded();
    }

    @Test
    void aTestThatFailsFailsTheBuildAndSaysWhy() {
        String source = released.tree().read(TESTS);
        released.tree().edit(TESTS, "got != name", "got == name");
        try {
            test("test")
                    .parameter("kube.test.args", "-run TestAPodHasAName")
                    .execute()
                    .failedCleanly()
                    .says("failed: k8s.io/kubernetes/pkg/sample TestAPodHasAName/a", "the pod is a, not a", "3 failed");
            assertThat(released.tree().read(REPORT)).contains("failures=\"3\"", "the pod is b, not b");

            released.tree().write(TESTS, "package sample\n\nfunc broken( {\n");
            test("test").execute().failedCleanly().says("1 packages failed outside of tests");
        } finally {
            released.tree().write(TESTS, source);
        }
        assertThat(EngineSocket.running(released.tree())).isEmpty();
    }

    @Test
    void integrationTestsNeedEtcd(@TempDir Path directory) throws IOException {
        test("test-integration")
                .execute()
                .failedCleanly()
                .says("kube:test-integration needs etcd", "-Dkube.test.etcd=");
        Path etcd = Files.writeString(directory.resolve("etcd"), "#!/bin/sh\necho 'etcd of the test'\n");

        test("test-integration")
                .parameter("kube.test.etcd", etcd.toString())
                .execute()
                .succeeded()
                .says("etcd of the test", "tests: 3 tests of ");
    }

    @Test
    void testsOfTheCommandLineLeaveTheirOwnReports(@TempDir Path directory) throws IOException {
        Path etcd = Files.writeString(directory.resolve("etcd"), "#!/bin/sh\necho 'etcd of the test'\n");

        released.goal("test-cmd")
                .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                .parameter("kube.test.what", "version")
                .parameter("kube.test.etcd", etcd.toString())
                .execute()
                .succeeded()
                .says("etcd of the test", "kubectl --version: Kubernetes v" + SampleTree.VERSION, "test-cmd: done");

        assertThat(released.tree().read("target/surefire-reports/TEST-junit-version.xml"))
                .contains("classname=\"test-cmd\"");
    }

    @Test
    void otherTargetsOfMakeAreCommands() {
        released.command("make vet WHAT=./cmd/kubectl").execute().succeeded().says("Vetted ./cmd/kubectl");
    }

    private MavenBuild test(String goal) {
        return released.goal(goal)
                .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                .parameter("kube.test.what", "./pkg/sample");
    }
}
