package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.mandas.MandasEngine;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import io.kubebuild.workspace.container.BuildUser;
import io.kubebuild.workspace.container.ContainerWorkspace;
import io.kubebuild.workspace.container.DataContainer;
import io.kubebuild.workspace.container.DataVolumes;
import io.kubebuild.workspace.container.LeastRights;
import io.kubebuild.workspace.container.ShortLivedContainers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same contract through a real engine, and what a container's environment is really like. */
@RequiresEngine
class ArchiveTransportIT extends CarryingContract {

    private static final String IMAGE = "k8s.gcr.io/build-image/kube-cross:v1.19.8-sample-1";
    private static final String ROOT = "/go/src/k8s.io/kubernetes";

    private static @Nullable Engine engine;
    private final String name = "kube-sync-it-" + UUID.randomUUID();
    private @Nullable ContainerWorkspace workspace;

    @BeforeAll
    static void connect() {
        engine = MandasEngine.connect(
                new EndpointResolver(System.getenv(), Path.of(System.getProperty("user.home")), Files::exists)
                        .resolve(Optional.empty(), Optional.empty()));
    }

    @AfterAll
    static void disconnect() {
        engine().close();
    }

    private static Engine engine() {
        return Objects.requireNonNull(engine);
    }

    @BeforeEach
    void open() throws Exception {
        BuildUser user = BuildUser.on(engine().info(), new Owner(1234, 2345));
        String data = new DataContainer(engine())
                .ensure(new DataContainer.Wanted(
                        name + "-data",
                        IMAGE,
                        new DataVolumes(List.of(ROOT), List.of(ROOT)),
                        user.owner(),
                        "it-host",
                        "/it"));
        workspace = new ContainerWorkspace(
                engine(),
                new ContainerWorkspace.Settings(
                        name,
                        IMAGE,
                        data,
                        ROOT,
                        user,
                        "it-host",
                        "/it",
                        Map.of("KUBE_VERBOSE", "7"),
                        Map.of(),
                        LeastRights.on(engine().info(), user, OptionalLong.empty()),
                        Optional.of(ContainerWorkspace.NO_NETWORK),
                        Optional.empty(),
                        false),
                new ShortLivedContainers(engine(), ShortLivedContainers.Notes.NONE),
                advice -> {});
    }

    @AfterEach
    void remove() {
        workspace().close();
        engine().remove(name + "-data");
        assertThat(engine().containers(name)).isEmpty();
    }

    @Override
    Workspace workspace() {
        return Objects.requireNonNull(workspace);
    }

    @Override
    Transport transport() {
        return new ArchiveTransport(event -> {});
    }

    private List<String> lines(Command command) throws Exception {
        List<String> lines = new ArrayList<>();
        assertThat(workspace().run(command, lines::add)).isZero();
        return lines;
    }

    @Test
    void givesCommandsTheirUserEnvironmentAndPwd() throws Exception {
        lines(Command.in(ROOT, Map.of(), "ln", "-s", ".", "entry"));
        String[] argv = {"/bin/sh", "-c", "id -u; id -g; printenv PWD KUBE_VERBOSE A; hostname"};
        assertThat(lines(Command.in(ROOT + "/entry", Map.of("A", "1"), argv)))
                .containsExactly("1234", "2345", ROOT + "/entry", "7", "1", "it-host");
        Command clean = new Command(
                List.of("/bin/sh", "-c", "umask; /usr/bin/env | sort"), Map.of("A", "1"), ROOT + "/entry", true);
        assertThat(lines(clean))
                .startsWith("0022")
                .contains("A=1", "PWD=" + ROOT + "/entry")
                .noneMatch(l -> l.startsWith("KUBE"));
    }

    @Test
    void copiesBinariesAndGeneratedSourcesOut() throws Exception {
        sync();
        lines(Command.in(
                ROOT,
                Map.of(),
                "/bin/sh",
                "-c",
                "mkdir -p _output/bin && head -c 3000000 /dev/urandom > _output/bin/kubectl && chmod 755 _output/bin/kubectl"
                        + " && echo generated > pkg/zz_generated.x.go"));
        SourceSnapshot sent = new SourceScanner(java.time.Clock.systemUTC(), 1, event -> {})
                .take(SourceRoot.of(tree), RULES, List.of(), null);
        CopyRequest request = new CopyRequest(
                tree.resolve("_output"),
                List.of(new CopyRequest.Binary(ROOT + "/_output/bin/kubectl", "dockerized/bin/linux/amd64/kubectl")),
                Optional.of(new CopyRequest.Generated(
                        tree, FilterRules.of(List.of("+ zz_generated.*", "+ */", "- /**")), RULES, sent)));
        CopyOut copyOut = new CopyOut(tree.resolve("_output/state.json"), event -> {});
        CopyResult first = copyOut.copy(request, workspace());
        assertThat(first.changed())
                .containsExactly(
                        tree.resolve("_output/dockerized/bin/linux/amd64/kubectl"),
                        tree.resolve("pkg/zz_generated.x.go"));
        assertThat(tree.resolve("_output/dockerized/bin/linux/amd64/kubectl"))
                .isExecutable()
                .hasSize(3_000_000);
        assertThat(tree.resolve("pkg/zz_generated.x.go")).hasContent("generated");
        CopyResult second = copyOut.copy(request, workspace());
        assertThat(second.changed()).isEmpty();
        assertThat(second.unchanged()).isEqualTo(2);
    }
}
