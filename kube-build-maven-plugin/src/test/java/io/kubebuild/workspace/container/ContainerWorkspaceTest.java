package io.kubebuild.workspace.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.Rights;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.FakeContainer;
import io.kubebuild.testing.FakeEngine;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace.AtTerminal;
import io.kubebuild.workspace.Workspace.Owner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerWorkspaceTest {

    private static final String IMAGE = "kube-build:x";
    private static final String PROXY = "http://jo:secret@proxy:3128";
    private static final String ROOT = "/go/src/k8s.io/kubernetes";

    private final FakeEngine engine = new FakeEngine();
    private final Hooks hooks = new Hooks();
    private final List<String> advice = new ArrayList<>();
    private Optional<String> network = Optional.of(ContainerWorkspace.NO_NETWORK);
    private final String data;

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

    ContainerWorkspaceTest() {
        engine.addImage(IMAGE, Map.of());
        data = engine.addContainer(
                ContainerSpec.of("data", IMAGE, List.of("true")).withVolumes(List.of(ROOT)));
        engine.end(data, 0);
    }

    private ContainerWorkspace workspace() {
        BuildUser user = BuildUser.on(engine.info(), new Owner(1000, 100));
        return new ContainerWorkspace(
                engine,
                new ContainerWorkspace.Settings(
                        "build",
                        IMAGE,
                        data,
                        ROOT,
                        user,
                        "host",
                        "/home/me/kubernetes",
                        Map.of("KUBE_VERBOSE", "0"),
                        Map.of("HTTPS_PROXY", PROXY),
                        LeastRights.on(engine.info(), user, OptionalLong.empty()),
                        network,
                        Optional.of("/builds"),
                        false),
                new ShortLivedContainers(engine, ShortLivedContainers.Notes.NONE, hooks),
                advice::add);
    }

    private static Command command(boolean clean) {
        return new Command(List.of("make", "all"), Map.of("A", "1"), "/go/link", clean);
    }

    @Test
    void startsNoContainerBeforeItIsNeeded() {
        try (ContainerWorkspace workspace = workspace()) {
            assertThat(workspace.identity()).isEqualTo(data);
            assertThat(workspace.platform()).isEqualTo("linux/amd64");
        }
        assertThat(engine.calls()).isEmpty();
    }

    @Test
    void asksTheContainerOnceWhatItMayUse() throws Exception {
        engine.onExec((container, spec, output) -> {
            output.accept("cpus 3");
            return 0;
        });
        try (ContainerWorkspace workspace = workspace()) {
            assertThat(workspace.capacity().cpus()).isEqualTo(3);
            assertThat(workspace.capacity().cpus()).isEqualTo(3);
        }
        assertThat(engine.calls())
                .containsExactly(
                        "create build", "start build", "exec build /bin/sh -c " + Limits.SCRIPT, "remove build");
    }

    @Test
    void readsAndWritesTheTreeWithoutAContainerOfItsOwn() throws Exception {
        engine.inside(data).files().write(ROOT + "/a", "text");
        engine.onStart(container -> {
            container.files().makeDirectory("/tmp");
            return OptionalInt.empty();
        });
        try (ContainerWorkspace workspace = workspace()) {
            assertThat(workspace.marks(List.of(ROOT + "/a"))).containsOnlyKeys(ROOT + "/a");
            workspace.get(ROOT + "/a").close();
            workspace.put(ROOT, out -> {});
            assertThat(engine.calls())
                    .containsExactly(
                            "mark data " + ROOT + "/a", "copyOutOf data " + ROOT + "/a", "copyInto data " + ROOT);

            workspace.put("/tmp", out -> {});
            assertThat(engine.calls()).endsWith("create build", "start build", "copyInto build /tmp");
        }
    }

    @Test
    void runsAllCommandsInOneContainerAndRemovesIt() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            workspace.run(command(false), line -> {});
            assertThat(hooks.registered).hasSize(1);
            ContainerSpec spec = engine.inside("build").spec();
            assertThat(spec.volumesFrom()).containsExactly(data);
            assertThat(spec.user()).contains("1000:100");
            assertThat(spec.environment()).containsEntry("KUBE_VERBOSE", "0");
            assertThat(spec.cgroupParent()).contains("/builds");
        }
        assertThat(engine.calls())
                .containsExactly(
                        "create build", "start build", "exec build make all", "exec build make all", "remove build");
        assertThat(hooks.registered).isEmpty();
    }

    @Test
    void removesAContainerThatAKilledBuildLeftBehind() throws Exception {
        engine.addContainer(ContainerSpec.of("build", IMAGE, List.of("sleep")));
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
        }
        assertThat(engine.calls()).startsWith("remove build", "create build");
    }

    @Test
    void startsAnotherWhereTheContainerEnded() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            engine.end("build", 0);
            workspace.run(command(false), line -> {});
            assertThat(hooks.registered).hasSize(1);
        }
        assertThat(engine.calls().stream().filter("create build"::equals)).hasSize(2);
    }

    @Test
    void replacesTheEnvironmentWhereItShallBeClean() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(true), line -> {});
        }
        assertThat(engine.execs().get(0).environment()).isEmpty();
        assertThat(engine.execs().get(0).command())
                .startsWith("/usr/bin/env", "-i", "A=1", "PWD=/go/link")
                .endsWith("make", "all");
    }

    @Test
    void connectsATerminalByTheDockerCommand() {
        try (ContainerWorkspace workspace = workspace()) {
            AtTerminal terminal = workspace.atTerminal(command(false));
            assertThat(terminal.words())
                    .startsWith("docker", "--host", "unix:///fake/docker.sock", "exec", "--interactive", "--tty")
                    .containsSequence("--user", "1000:100", "--workdir", "/go/link", "--env", "A=1")
                    .endsWith("make", "all")
                    .noneMatch(word -> word.contains("secret"));
            assertThat(terminal.environment()).containsExactly(Map.entry("KUBEBUILD_HTTPS_PROXY", PROXY));
        }
    }

    @Test
    void aVariableReachesTheTerminalsCommandUnderItsOwnNameOnly() throws Exception {
        List<String> inside;
        Map<String, String> handed;
        try (ContainerWorkspace workspace = workspace()) {
            AtTerminal terminal = workspace.atTerminal(
                    new Command(List.of("/bin/sh", "-c", "env | grep PROXY | sort"), Map.of(), "/", false));
            int shell = terminal.words().indexOf("/bin/sh");
            inside = terminal.words().subList(shell, terminal.words().size());
            handed = terminal.environment();
        }
        ProcessBuilder builder = new ProcessBuilder(inside);
        builder.environment().keySet().removeIf(name -> name.toUpperCase(Locale.ROOT)
                .endsWith("PROXY"));
        builder.environment().putAll(handed);
        Process process = builder.start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("HTTPS_PROXY=" + PROXY + "\n");
    }

    @Test
    void whoeverInspectsTheContainerSeesNoPassword() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            workspace.run(command(true), line -> {});

            assertThat(engine.inside("build").spec().environment()).doesNotContainKey("HTTPS_PROXY");
        }
        assertThat(engine.execs().get(0).environment()).containsEntry("HTTPS_PROXY", PROXY);
        assertThat(engine.execs().get(1).command()).noneMatch(word -> word.contains("secret"));
    }

    @Test
    void setsThePwdThatWasAskedFor() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
        }
        assertThat(engine.execs().get(0).environment())
                .containsEntry("PWD", "/go/link")
                .containsEntry("A", "1");
        assertThat(engine.execs().get(0).directory()).contains("/go/link");
        assertThat(engine.execs().get(0).user()).contains("1000:100");
    }

    @Test
    void commandsHaveNoMoreRightsThanScriptsNeed() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            ContainerSpec spec = engine.inside("build").spec();
            assertThat(spec.rights())
                    .isEqualTo(
                            new Rights(Optional.of(List.of()), false, OptionalLong.of(32_768), OptionalLong.empty()));
            assertThat(spec.networkMode()).contains("none");
        }
    }

    @Test
    void memoryIsLimitedWhereTheEngineCan() {
        BuildUser user = BuildUser.on(engine.info(), new Owner(1000, 100));

        assertThat(LeastRights.on(engine.info(), user, OptionalLong.of(1L << 30))
                        .memory())
                .hasValue(1L << 30);
        engine.withoutLimits();
        assertThat(LeastRights.on(engine.info(), user, OptionalLong.of(1L << 30))
                        .memory())
                .isEmpty();
    }

    @Test
    void rootKeepsWhatScriptsDoWithFiles() throws Exception {
        engine.securityOptions("name=rootless").withoutLimits();
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            Rights rights = engine.inside("build").spec().rights();
            assertThat(rights.capabilities().orElseThrow()).contains("CHOWN").doesNotContain("NET_RAW", "SYS_CHROOT");
            assertThat(rights.processes()).isEmpty();
        }
    }

    @Test
    void anEngineThatCannotTakeRightsBuildsAndIsNamedOnce() throws Exception {
        engine.onStart(container -> {
            if (!container.spec().rights().equals(Rights.USUAL)) {
                throw new EngineException(Kind.OTHER, "pids cgroup is not mounted", null);
            }
            return OptionalInt.empty();
        });
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            engine.end("build", 0);
            workspace.run(command(false), line -> {});
        }
        assertThat(advice)
                .containsExactly("the engine cannot take rights from the build container, which runs with its usual"
                        + " ones: pids cgroup is not mounted");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "go: example.org/m@v1: Get \"https://proxy.golang.org/x\": dial tcp: lookup proxy.golang.org: no such host",
                "dial udp 10.0.0.2:53: connect: network is unreachable",
                "fatal: unable to access 'https://x/': Could not resolve host: x",
                "wget: bad address 'example.org'"
            })
    void whoeverMissesTheNetworkIsToldHowToHaveIt(String line) throws Exception {
        engine.onExec((container, spec, output) -> {
            output.accept(line);
            return 1;
        });
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), printed -> {});
            workspace.run(command(false), printed -> {});
        }
        assertThat(advice).singleElement().asString().contains(line).contains("-Dkube.network=on");
    }

    @Test
    void nobodyIsToldOfTheNetworkWhoHasItOrDidNotFail() throws Exception {
        engine.onExec((container, spec, output) -> {
            output.accept("network is unreachable");
            return network.isPresent() ? 0 : 1;
        });
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
        }
        network = Optional.empty();
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
        }
        assertThat(advice).isEmpty();
    }

    @Test
    void isRootOnARootlessEngine() throws Exception {
        engine.securityOptions("name=seccomp,profile=default", "name=rootless");
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            assertThat(workspace.owner()).isEqualTo(new Owner(0, 0));
            assertThat(engine.inside("build").spec().user()).isEmpty();
        }
    }

    @Test
    void removesTheContainerWhenTheJvmEnds() throws Exception {
        try (ContainerWorkspace workspace = workspace()) {
            workspace.run(command(false), line -> {});
            Thread hook = hooks.registered.get(0);
            hook.start();
            hook.join();
            assertThatOnlyTheDataContainerIsThere();
        }
    }

    @Test
    void leavesNothingBehindWhereStartingFails() {
        try (ContainerWorkspace workspace = workspace()) {
            engine.onStart(container -> {
                throw new EngineException(Kind.NO_SPACE, "no space left on device", null);
            });
            assertThatThrownBy(() -> workspace.run(command(false), line -> {}))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("starting the build container build")
                    .hasMessageContaining("free disk");
        }
        assertThat(engine.calls()).containsExactly("create build", "start build", "remove build");
        assertThat(hooks.registered).isEmpty();
        assertThatOnlyTheDataContainerIsThere();
    }

    @Test
    void forgetsAContainerThatCannotBeMade() {
        try (ContainerWorkspace workspace = workspace()) {
            engine.failNext(Kind.NO_SPACE, "no space left on device");
            assertThatThrownBy(() -> workspace.run(command(false), line -> {}))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("starting the build container build")
                    .hasMessageContaining("free disk");
        }
        assertThat(hooks.registered).isEmpty();
        assertThatOnlyTheDataContainerIsThere();
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
            engine.failNext(Kind.UNREACHABLE, "connection reset");

            assertThatThrownBy(() -> workspace.run(inspect, line -> {}))
                    .hasMessageContaining("running sh -c <script> sh xxx")
                    .hasMessageNotContaining("stat")
                    .hasMessageNotContaining("x".repeat(200));
        }
    }

    @Test
    void whoeverEndsItsContainerIsNamed() {
        assertEnds(container -> engine.end("build", 143))
                .hasMessageContaining("the build container build was stopped while running make all")
                .hasMessageContaining("exit code 137; its own exit code is 143 (SIGTERM");
        assertEnds(container -> {
                    container.runOutOfMemory();
                    engine.end("build", 137);
                })
                .hasMessageContaining("memory ran out while running make all")
                .hasMessageContaining("OOMKilled");
        assertEnds(container -> engine.remove("build"))
                .hasMessageContaining("somebody removed the build container build while running make all");
        assertEnds(container -> engine.stop()).hasMessageContaining("the Docker engine stopped while running make all");
    }

    @Test
    void aCommandThatWasKilledInAContainerThatRunsKeepsItsCode() throws Exception {
        engine.onExec((container, spec, output) -> 137);
        try (ContainerWorkspace workspace = workspace()) {
            assertThat(workspace.run(command(false), line -> {})).isEqualTo(137);
        }
    }

    @Test
    void aContainerThatEndsBeforeItsCommandIsLookedAt() {
        engine.onExec((container, spec, output) -> {
            container.runOutOfMemory();
            engine.end("build", 137);
            throw new EngineException(Kind.CONFLICT, "the container build ended before its command did", null);
        });
        try (ContainerWorkspace workspace = workspace()) {
            assertThatThrownBy(() -> workspace.run(command(false), line -> {}))
                    .hasMessageContaining("memory ran out while running make all")
                    .hasMessageNotContaining("another build works with the same container");
        }
    }

    /** Not closed: the engine may be gone. */
    private AbstractThrowableAssert<?, ? extends Throwable> assertEnds(Consumer<FakeContainer> ending) {
        engine.onExec((container, spec, output) -> {
            ending.accept(container);
            return 137;
        });
        return assertThatThrownBy(() -> workspace().run(command(false), line -> {}))
                .isInstanceOf(KubeException.class);
    }

    @Test
    void refusesWorkAfterItWasClosed() {
        ContainerWorkspace workspace = workspace();
        workspace.close();
        assertThatThrownBy(() -> workspace.run(command(false), line -> {})).isInstanceOf(IllegalStateException.class);
    }

    private void assertThatOnlyTheDataContainerIsThere() {
        assertThat(engine.containers("")).extracting(ContainerInfo::name).containsExactly("data");
    }
}
