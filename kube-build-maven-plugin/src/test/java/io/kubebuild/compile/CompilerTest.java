package io.kubebuild.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PlanMerger;
import io.kubebuild.plan.RecordRequest;
import io.kubebuild.plan.Recorder;
import io.kubebuild.plan.StubTree;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilerTest {

    private static final Platform LINUX = new Platform("linux", "amd64");
    private static final Platform WINDOWS = new Platform("windows", "amd64");
    private static final Map<String, String> DOCKERIZED =
            Map.of("KUBE_OUTPUT_SUBPATH", "_output/dockerized", "STUB_EXTRA", "two words");

    private StubTree tree;
    private CompileSettings settings;

    @BeforeEach
    void makeTree(@TempDir Path directory) throws Exception {
        tree = StubTree.in(directory);
        settings = new CompileSettings(directory.resolve("logs/compile.log"));
    }

    private Plan plan(String... targets) throws Exception {
        return plan(List.of(targets), List.of(LINUX));
    }

    private Plan plan(List<String> targets, List<Platform> platforms) throws Exception {
        RecordRequest request = RecordRequest.what(targets, platforms, DOCKERIZED);
        return new PlanMerger().merge(new Recorder().record(tree.workspace(), request, line -> {}));
    }

    private CompileResult compile(Plan plan) throws Exception {
        return new Compiler().run(plan, tree.workspace(), settings, BuildListener.SILENT);
    }

    private Path placed(String name) {
        return tree.root().resolve("_output/dockerized/bin").resolve(name);
    }

    @Test
    void compilesChecksAndPlacesEveryPromisedProgram() throws Exception {
        CompileResult result =
                compile(plan(List.of("cmd/alpha", "cmd/beta", "test/e2e/e2e.test"), List.of(LINUX, WINDOWS)));

        assertThat(result.outputs()).hasSize(6);
        assertThat(result.rebuilt()).isEqualTo(6);
        assertThat(result.placed()).isEqualTo(6);
        assertThat(placed("linux/amd64")).isDirectoryContaining("glob:**/e2e.test");
        assertThat(placed("windows/amd64/e2e.test.exe")).exists();
        assertThat(placed("linux/amd64/alpha")).isExecutable();
        assertThat(Files.readSymbolicLink(tree.root().resolve("_output/bin"))).isEqualTo(placed("linux/amd64"));
    }

    @Test
    void replaysDirectoryAndEnvironmentOfTheRecording() throws Exception {
        compile(plan("cmd/alpha"));

        assertThat(tree.calls())
                .contains(tree.root() + "/_output/dockerized/go/src/k8s.io/kubernetes|1|0|two words|install"
                        + " -installsuffix static -ldflags -X a=b -X c=d e k8s.io/kubernetes/cmd/alpha");
    }

    @Test
    void tellsThePackagesThatEachProgramIsMadeOf() throws Exception {
        CompileResult result = compile(plan("cmd/alpha", "cmd/beta"));

        assertThat(result.packages())
                .containsOnlyKeys(
                        placed("linux/amd64/alpha").toString(),
                        placed("linux/amd64/beta").toString())
                .containsEntry(
                        placed("linux/amd64/alpha").toString(),
                        Set.of("k8s.io/kubernetes/cmd/alpha", "k8s.io/kubernetes/pkg/shared"));
        assertThat(tree.root().resolve("_output")).isDirectoryNotContaining("glob:**/kube-trace-*");
    }

    @Test
    void runsPartOfAPlan() throws Exception {
        Plan plan = plan(List.of("cmd/alpha", "cmd/beta", "test/e2e/e2e.test"), List.of(LINUX));
        Plan part = plan.only(plan.outputs().stream()
                .filter(output -> output.target().equals("cmd/beta"))
                .toList());
        CompileResult result = compile(part);

        assertThat(part.jobs())
                .singleElement()
                .satisfies(job -> assertThat(job.command().packages()).containsExactly("k8s.io/kubernetes/cmd/beta"));
        assertThat(result.outputs()).extracting(output -> output.target()).containsExactly("cmd/beta");
        assertThat(placed("linux/amd64/beta")).exists();
        assertThat(placed("linux/amd64/alpha")).doesNotExist();
        assertThat(compile(plan.only(List.of())).outputs()).isEmpty();
        assertThat(plan.only(plan.outputs())).isEqualTo(plan);
    }

    @Test
    void placesOnlyWhatWasPromised() throws Exception {
        Path stale = tree.root().resolve("_output/dockerized/go/bin/stale");
        Files.createDirectories(stale.getParent());
        Files.writeString(stale, "old");
        compile(plan("cmd/alpha"));

        assertThat(placed("linux/amd64/alpha")).exists();
        assertThat(placed("linux/amd64/stale")).doesNotExist();
        assertThat(placed("linux/amd64/helper")).doesNotExist();
    }

    @Test
    void leavesWhatIsUpToDateUntouched() throws Exception {
        Plan plan = plan("cmd/alpha", "cmd/beta");
        compile(plan);
        Object before = Files.getLastModifiedTime(placed("linux/amd64/alpha"));
        CompileResult again = compile(plan);

        assertThat(again.rebuilt()).isZero();
        assertThat(again.placed()).isZero();
        assertThat(Files.getLastModifiedTime(placed("linux/amd64/alpha"))).isEqualTo(before);
    }

    @Test
    void showsTheLastLinesOfAFailureAndKeepsAllInTheLog() throws Exception {
        Plan plan = plan("cmd/broken");

        assertThatThrownBy(() -> compile(plan))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("Compiling cmd/broken failed (go install linux/amd64 (cmd/broken), exit code 2)")
                .hasMessageContaining("broken.go:300: undefined")
                .hasMessageContaining("broken.go:281: undefined")
                .hasMessageNotContaining("broken.go:280: undefined")
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSizeLessThan(25))
                .hasMessageContaining(settings.logFile().toString());
        assertThat(Files.readString(settings.logFile())).contains("broken.go:1: undefined");
        assertThat(placed("linux/amd64/broken")).doesNotExist();
    }

    @Test
    void namesWantOfMemory() throws Exception {
        Plan plan = plan("cmd/killed");

        assertThatThrownBy(() -> compile(plan))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("Compiling cmd/killed ran out of memory")
                .hasMessageContaining("give the engine more memory");
    }

    @Test
    void refusesACommandThatLeavesNothingOrAForeignProgram() throws Exception {
        Plan plan = plan("cmd/absent", "cmd/foreign");

        assertThatThrownBy(() -> compile(plan))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("cmd/absent for linux/amd64")
                .hasMessageContaining("is not there")
                .hasMessageContaining("bin/foreign) is ELF arm64");
    }

    @Test
    void reportsProgress() throws Exception {
        List<BuildListener.Event> events = java.util.Collections.synchronizedList(new ArrayList<>());
        new Compiler().run(plan("cmd/alpha", "cmd/beta"), tree.workspace(), settings, events::add);

        assertThat(events)
                .contains(
                        new BuildListener.Progress("compile", 0, 2),
                        new BuildListener.Progress("compile", 1, 2),
                        new BuildListener.Progress("compile", 2, 2));
    }

    @Test
    void anInterruptionStopsTheRunningCommand() throws Exception {
        Plan plan = plan("cmd/alpha", "cmd/beta");
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Workspace silent = new Silent(tree.workspace(), started, stopped);
        List<Throwable> thrown = new ArrayList<>();
        Thread build = new Thread(() -> {
            try {
                new Compiler().run(plan, silent, settings, BuildListener.SILENT);
            } catch (InterruptedException | IOException | RuntimeException e) {
                thrown.add(e);
            }
        });
        build.start();
        started.await();
        build.interrupt();
        build.join();

        assertThat(stopped.getCount()).isZero();
        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
    }

    @Test
    void theTreesOwnMakeCompilesToo() throws Exception {
        RecordRequest request = RecordRequest.what(List.of("cmd/alpha"), List.of(LINUX), DOCKERIZED);
        CompileResult result = new MakeCompiler().run(tree.workspace(), request, settings, BuildListener.SILENT);

        assertThat(result.outputs()).singleElement().satisfies(output -> assertThat(Path.of(output.placedPath()))
                .isEqualTo(placed("linux/amd64/alpha"))
                .exists());
        assertThat(Files.readString(settings.logFile())).contains("sources generated");
        assertThatThrownBy(() -> new MakeCompiler()
                        .run(
                                tree.workspace(),
                                RecordRequest.what(List.of("cmd/absent"), List.of(LINUX), DOCKERIZED),
                                settings,
                                BuildListener.SILENT))
                .hasMessageContaining("cmd/absent for linux/amd64");
    }

    /** A workspace whose go never ends by itself. */
    private record Silent(Workspace behind, CountDownLatch started, CountDownLatch stopped) implements Workspace {
        @Override
        public AtTerminal atTerminal(Command command) {
            return new AtTerminal(command.argv(), Map.of(), false);
        }

        @Override
        public int run(Command command, Consumer<String> output) throws InterruptedException {
            if (!command.argv().get(0).equals("go")) {
                return behind.run(command, output);
            }
            started.countDown();
            try {
                new CountDownLatch(1).await();
                return 0;
            } finally {
                stopped.countDown();
            }
        }

        @Override
        public String identity() {
            return behind.identity();
        }

        @Override
        public String root() {
            return behind.root();
        }

        @Override
        public String platform() {
            return behind.platform();
        }

        @Override
        public Capacity capacity() throws InterruptedException {
            return behind.capacity();
        }

        @Override
        public void put(String directory, TarWriter tar) throws IOException {
            behind.put(directory, tar);
        }

        @Override
        public Map<String, String> marks(List<String> paths) throws InterruptedException {
            return behind.marks(paths);
        }

        @Override
        public InputStream get(String path) throws IOException {
            return behind.get(path);
        }

        @Override
        public Owner owner() {
            return behind.owner();
        }

        @Override
        public void close() {
            behind.close();
        }
    }
}
