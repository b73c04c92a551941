package io.kubebuild.workspace.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.mandas.MandasEngine;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import io.kubebuild.workspace.WorkspaceContract;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract in containers of a real engine. */
@RequiresEngine
class ContainerWorkspaceIT extends WorkspaceContract {

    private static final String IMAGE = "k8s.gcr.io/build-image/kube-cross:v1.19.8-sample-1";
    private static final String ROOT = "/go/src/k8s.io/kubernetes";

    private static @Nullable Engine engine;
    private final String name = "kube-workspace-it-" + UUID.randomUUID();
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
                        Map.of("GIVEN", "1"),
                        Map.of("HTTPS_PROXY", "http://jo:secret@proxy:3128"),
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
    }

    @Test
    void onlyCommandsKnowThePasswordOfAProxy() throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();

        workspace()
                .run(
                        Command.in(
                                ROOT,
                                Map.of(),
                                "/bin/sh",
                                "-c",
                                "echo \"command $HTTPS_PROXY\"; tr '\\0' '\\n' < /proc/1/environ"),
                        lines::add);

        assertThat(lines)
                .contains("command http://jo:secret@proxy:3128", "GIVEN=1")
                .filteredOn(line -> line.contains("secret"))
                .hasSize(1);
    }

    @Override
    protected Workspace workspace() {
        return Objects.requireNonNull(workspace);
    }
}
