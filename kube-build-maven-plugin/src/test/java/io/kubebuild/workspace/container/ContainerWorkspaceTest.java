package io.kubebuild.workspace.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContainerWorkspaceTest {

    private final FakeEngine engine = new FakeEngine();
    private final Hooks hooks = new Hooks();

    private static final class Hooks implements ShutdownHooks {
        private final List<Thread> registered = new ArrayList<>();

        @Override
        public void add(Thread hook) {
            registered.add(hook);
        }

        @Override
        public void remove(Thread hook) {
            registered.remove(hook);
        }
    }

    private ContainerWorkspace workspace() {
        BuildUser user = BuildUser.on(engine.info(), new Owner(1000, 100));
        return new ContainerWorkspace(
                engine,
                new ContainerWorkspace.Settings(
                        "build",
                        "kube-build:x",
                        "data-id",
                        "/go/src/k8s.io/kubernetes",
                        user,
                        "host",
                        "/home/me/kubernetes",
                        Map.of("KUBE_VERBOSE", "0"),
                        Optional.empty()),
                hooks);
    }

    private static Command command(boolean clean) {
        return new Command(List.of("make", "all"), Map.of("A", "1"), "/go/link", clean);
    }

    @Test
    void startsNoContainerBeforeItIsNeeded() {
        try (ContainerWorkspace workspace = workspace()) {
            assertThat(workspace.identity()).isEqualTo("data-id");
            assertThat(workspace.platform()).isEqualTo("linux/amd64");
        }
        assertThat(engine.calls).isEmpty();
    }

    @Test
    void asksTheContainerOnceWhatItMayUse() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            assertThat(workspace.capacity().cpus()).isEqualTo(4);
            assertThat(workspace.capacity().cpus()).isEqualTo(4);
        }
        assertThat(engine.calls).containsExactly("create build", "start build", "exec in build", "remove build");
    }

    @Test
    void readsAndWritesTheTreeWithoutAContainerOfItsOwn() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.marks(List.of("/go/src/k8s.io/kubernetes/a"));
            workspace.get("/go/src/k8s.io/kubernetes/a").close();
            workspace.put("/go/src/k8s.io/kubernetes", out -> {});
            assertThat(engine.calls).noneMatch(call -> call.startsWith("create"));

            workspace.put("/tmp", out -> {});
            assertThat(engine.calls).contains("create build", "start build");
        }
    }

    @Test
    void runsAllCommandsInOneContainerAndRemovesIt() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            workspace.run(command(false), line -> {});
            assertThat(hooks.registered).hasSize(1);
        }
        assertThat(engine.calls)
                .containsExactly("create build", "start build", "exec in build", "exec in build", "remove build");
        assertThat(hooks.registered).isEmpty();
        var spec = Objects.requireNonNull(engine.specs.get("build"));
        assertThat(spec.volumesFrom()).containsExactly("data-id");
        assertThat(spec.user()).contains("1000:100");
        assertThat(spec.environment()).containsEntry("KUBE_VERBOSE", "0");
    }

    @Test
    void removesAContainerThatAKilledBuildLeftBehind() throws Exception {
        engine.put("build", true, 0);
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
        }
        assertThat(engine.calls).startsWith("remove build", "create build");
    }

    @Test
    void startsAnotherWhereTheContainerEnded() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            engine.put("build", false, 0);
            workspace.run(command(false), line -> {});
            assertThat(hooks.registered).hasSize(1);
        }
        assertThat(engine.calls.stream().filter("create build"::equals)).hasSize(2);
    }

    @Test
    void replacesTheEnvironmentWhereItShallBeClean() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(true), line -> {});
        }
        assertThat(engine.execs.get(0).environment()).isEmpty();
        assertThat(engine.execs.get(0).command())
                .startsWith("/usr/bin/env", "-i", "A=1", "PWD=/go/link")
                .endsWith("make", "all");
    }

    @Test
    void connectsATerminalByTheDockerCommand() {
        try (ContainerWorkspace workspace = workspace()) {
            assertThat(workspace.atTerminal(command(false)))
                    .startsWith("docker", "--host", "unix:///fake", "exec", "--interactive", "--tty")
                    .containsSequence("--user", "1000:100", "--workdir", "/go/link", "--env", "A=1")
                    .endsWith("make", "all");
        }
    }

    @Test
    void setsThePwdThatWasAskedFor() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
        }
        assertThat(engine.execs.get(0).environment())
                .containsEntry("PWD", "/go/link")
                .containsEntry("A", "1");
        assertThat(engine.execs.get(0).directory()).contains("/go/link");
        assertThat(engine.execs.get(0).user()).contains("1000:100");
    }

    @Test
    void isRootOnARootlessEngine() throws Exception {
        engine.securityOptions = List.of("name=seccomp,profile=default", "name=rootless");
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            assertThat(workspace.owner()).isEqualTo(new Owner(0, 0));
        }
        assertThat(Objects.requireNonNull(engine.specs.get("build")).user()).isEmpty();
    }

    @Test
    void removesTheContainerWhenTheJvmEnds() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            Thread hook = hooks.registered.get(0);
            hook.start();
            hook.join();
            assertThat(engine.containers).isEmpty();
        }
    }

    @Test
    void leavesNothingBehindWhereStartingFails() {
        try (ContainerWorkspace workspace = workspace()) {
            engine.failure = new EngineException(EngineException.Kind.NO_SPACE, "no space left on device", null);
            assertThatThrownBy(() -> workspace.run(command(false), line -> {}))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("starting the build container build")
                    .hasMessageContaining("free disk");
        }
        assertThat(hooks.registered).isEmpty();
        assertThat(engine.containers).isEmpty();
    }

    @Test
    void namesTheCommandThatFailedWithoutItsScriptAndItsListOfFiles() throws Exception {
        Command inspect = new Command(
                List.of("sh", "-c", "for file; do\n  stat \"$file\"\ndone", "sh", "x".repeat(1000)),
                Map.of(),
                "/go",
                false);
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            engine.failure = new EngineException(EngineException.Kind.UNREACHABLE, "connection reset", null);

            assertThatThrownBy(() -> workspace.run(inspect, line -> {}))
                    .hasMessageContaining("running sh -c <script> sh xxx")
                    .hasMessageNotContaining("stat")
                    .hasMessageNotContaining("x".repeat(200));
        }
    }

    @Test
    void refusesWorkAfterItWasClosed() {
        ContainerWorkspace workspace = workspace();
        workspace.close();
        assertThatThrownBy(() -> workspace.run(command(false), line -> {})).isInstanceOf(IllegalStateException.class);
    }
}
