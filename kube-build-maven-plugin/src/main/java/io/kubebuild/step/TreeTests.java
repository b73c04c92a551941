package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.gotest.JUnitReports;
import io.kubebuild.gotest.PackageResult;
import io.kubebuild.gotest.TestResult;
import io.kubebuild.gotest.TestRun;
import io.kubebuild.io.TarOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.TestRequest;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Runs the tree's own tests in the build container ({@code make test} and its like, hack/make-rules/test.sh), and makes reports of what
 * go says. The tree's way to reports needs a program that is fetched at that time; the events that it would be fed are all it takes.
 */
final class TreeTests {

    private static final String REPORTS = "_output/kube-test-reports";
    private static final String ETCD = "_output/kube-test-etcd";

    /** More than a screen of each helps nobody: the reports have it all. */
    private static final int LINES_SHOWN = 40;

    private static final int TESTS_SHOWN = 20;

    /** {@code $0} is a directory that goes before the others. */
    private static final String MAKE = "PATH=\"$0:$PATH\" exec make \"$@\"";

    private final BuildContext context;
    private final TestRequest request;

    /** The sync stands. */
    TreeTests(BuildContext context, TestRequest request) {
        this.context = context;
        this.request = request;
    }

    /** @throws KubeException where a test fails, or none could be run */
    void run() throws InterruptedException {
        Sync.Synced synced = Sync.synced(context);
        Workspace workspace = Workspaces.open(context, synced.dataContainer());
        long start = System.nanoTime();
        context.listener().on(new BuildListener.StepStarted(request.goal()));
        try {
            prepare(workspace);
            Generated.ensureForCommands(context, workspace, synced);
            int code = UserCommand.guarded(
                    context, workspace, () -> workspace.run(make(workspace), new LiveOutput(context.listener())::line));
            List<PackageResult> results = new TestReports(request.reports(), context.listener())
                    .fetch(workspace, workspace.root() + "/" + REPORTS);
            new JUnitReports(request.reports()).write(results);
            Summary summary = new Summary(results);
            summary.failures().forEach(line -> context.listener().on(new BuildListener.Printed(line)));
            context.listener().on(new BuildListener.Fact("tests", summary + "; reports in " + request.reports()));
            summary.throwIfFailed(request.goal(), code);
            context.listener()
                    .on(new BuildListener.StepEnded(
                            request.goal(),
                            new Outcome.Done(summary.toString()),
                            Duration.ofNanos(System.nanoTime() - start)));
        } catch (IOException e) {
            throw KubeException.build(
                    "the reports of the tests could not be written to " + request.reports(),
                    e.toString(),
                    "make the directory writable, or name another: -Dkube.test.reports=DIRECTORY",
                    e);
        }
    }

    /**
     * Brings what they need.
     *
     * @throws KubeException where that is not to be had
     */
    void prepare() throws InterruptedException {
        try {
            prepare(Workspaces.open(context, Sync.synced(context).dataContainer()));
        } catch (IOException e) {
            throw KubeException.build(
                    "etcd could not be brought into the workspace",
                    e.toString(),
                    "check the file that kube.test.etcd names, the engine and its disk",
                    e);
        }
    }

    private void prepare(Workspace workspace) throws IOException, InterruptedException {
        script(workspace, "rm -rf -- \"$1\" \"$2\" && mkdir -p -- \"$1\" \"$2\"", REPORTS, ETCD);
        if (request.etcd().isPresent()) {
            put(workspace, request.etcd().get());
        }
        boolean needsEtcd = !request.goal().equals("test");
        if (needsEtcd
                && script(workspace, "PATH=\"$PWD/$1:$PWD/third_party/etcd:$PATH\"; command -v etcd >/dev/null", ETCD)
                        != 0) {
            throw KubeException.user(
                    "kube:" + request.goal() + " needs etcd, and the build container has none",
                    "neither its PATH nor third_party/etcd of the tree holds the program",
                    "name one of this machine, for the engine's platform: -Dkube.test.etcd=/usr/bin/etcd; or use a cross image"
                            + " that holds it, as upstream's does");
        }
    }

    private static void put(Workspace workspace, Path etcd) throws IOException {
        workspace.put(workspace.root() + "/" + ETCD, out -> {
            TarArchiveOutputStream tar = TarOutput.to(out);
            TarArchiveEntry entry = new TarArchiveEntry("etcd");
            entry.setSize(Files.size(etcd));
            entry.setMode(0755);
            entry.setIds(workspace.owner().uid(), workspace.owner().gid());
            tar.putArchiveEntry(entry);
            Files.copy(etcd, tar);
            tar.closeArchiveEntry();
            tar.finish();
            out.flush();
        });
    }

    private static int script(Workspace workspace, String script, String... arguments) throws InterruptedException {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        argv.addAll(List.of(arguments));
        return workspace.run(new Command(argv, Map.of(), workspace.root(), false), line -> {});
    }

    private Command make(Workspace workspace) {
        List<String> argv = new ArrayList<>(List.of("bash", "-c", MAKE, workspace.root() + "/" + ETCD, request.goal()));
        if (!request.what().isEmpty()) {
            argv.add("WHAT=" + String.join(" ", request.what()));
        }
        request.arguments().ifPresent(arguments -> argv.add("KUBE_TEST_ARGS=" + arguments));
        Map<String, String> variables = new TreeMap<>();
        variables.put("KUBE_JUNIT_REPORT_DIR", workspace.root() + "/" + REPORTS);
        // The events, which are deleted otherwise where the tree makes a report of its own.
        variables.put("KUBE_KEEP_VERBOSE_TEST_OUTPUT", "y");
        return new Command(argv, variables, workspace.root(), false);
    }

    /** What make prints, with events turned into what go would have printed. */
    private static final class LiveOutput {
        private final BuildListener listener;
        private final TestRun events = new TestRun();

        LiveOutput(BuildListener listener) {
            this.listener = listener;
        }

        synchronized void line(String line) {
            if (line.startsWith("{")) {
                events.line(line).ifPresent(text -> listener.on(new BuildListener.Printed(text)));
            } else {
                listener.on(new BuildListener.Printed(line));
            }
        }
    }

    /** All results in words. */
    private record Summary(List<PackageResult> packages) {

        private long count(TestResult.Status status) {
            return packages.stream().mapToLong(one -> one.count(status)).sum();
        }

        private boolean hasFailed() {
            return packages.stream().anyMatch(PackageResult::failed);
        }

        /** What failing tests printed. */
        List<String> failures() {
            Stream<String> tests = packages.stream().flatMap(one -> one.tests().stream()
                    .filter(test -> test.status() == TestResult.Status.FAILED)
                    .limit(TESTS_SHOWN)
                    .flatMap(test -> shown(one.name() + " " + test.name(), test.output())));
            Stream<String> others = packages.stream()
                    .filter(PackageResult::failedByItself)
                    .flatMap(one -> shown(one.name(), one.output()));
            return Stream.concat(tests, others).toList();
        }

        private static Stream<String> shown(String title, String output) {
            List<String> lines = output.lines().toList();
            return Stream.concat(
                    Stream.of("failed: " + title),
                    lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()).stream()
                            .map(line -> "    " + line));
        }

        void throwIfFailed(String goal, int code) {
            if (hasFailed()) {
                throw KubeException.build(
                        "tests failed: " + this, "", "see above what they printed, or the reports for all of it");
            }
            if (code != 0) {
                throw KubeException.build(
                        "make " + goal + " ended with exit code " + ExitCode.inWords(code),
                        "no test says that it failed",
                        ExitCode.fix(code, "see above what it printed"));
            }
        }

        @Override
        public String toString() {
            long failed = count(TestResult.Status.FAILED);
            long broken =
                    packages.stream().filter(PackageResult::failedByItself).count();
            return (count(TestResult.Status.PASSED) + failed) + " tests of " + packages.size() + " packages, " + failed
                    + " failed, " + count(TestResult.Status.SKIPPED) + " skipped"
                    + (broken > 0 ? ", " + broken + " packages failed outside of tests" : "");
        }
    }
}
