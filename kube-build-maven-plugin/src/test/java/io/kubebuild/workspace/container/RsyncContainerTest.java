package io.kubebuild.workspace.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.FakeEngine;
import io.kubebuild.workspace.Workspace.Owner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RsyncContainerTest {

    private final FakeEngine engine = new FakeEngine();

    RsyncContainerTest() {
        engine.addImage("kube-build:x", Map.of());
        engine.create(ContainerSpec.of("data", "kube-build:x", List.of("true")).withVolumes(List.of("/go")));
    }

    private RsyncContainer start(int port) {
        BuildUser user = BuildUser.on(engine.info(), new Owner(1000, 100));
        return RsyncContainer.start(
                engine,
                new RsyncContainer.Settings(
                        "rsync", "kube-build:x", "data", user, "host", "/tree", List.of("10.0.0.1", "10.0.0.2"), port),
                new ShortLivedContainers(engine, ShortLivedContainers.Notes.NONE));
    }

    @Test
    void servesTheVolumesAsTheBuildUserOnTheLoopbackAddressOnly() {
        try (RsyncContainer container = start(0)) {
            ContainerSpec spec = engine.inside("rsync").spec();
            assertThat(spec.command()).containsExactly("/rsyncd.sh");
            assertThat(spec.user()).contains("1000:100");
            assertThat(spec.volumesFrom()).containsExactly("data");
            assertThat(spec.environment()).containsEntry("ALLOW_HOST", "10.0.0.1 10.0.0.2");
            assertThat(spec.host().port()).contains(new HostAccess.Port(8730, 0));
            assertThat(container.port()).isPresent();
        }
        assertThat(engine.container("rsync")).isEmpty();
    }

    @Test
    void tellsTheLastWordsOfADaemonThatEnded() {
        try (RsyncContainer container = start(8731)) {
            assertThat(container.port()).contains(8731);
            engine.inside("rsync").print("cannot bind");
            engine.end("rsync", 1);

            assertThat(container.port()).isEqualTo(Optional.empty());
            assertThat(container.lastWords()).isEqualTo("cannot bind");
        }
    }

    @Test
    void leavesNothingWhereItDoesNotStart() {
        engine.failNext(Kind.OTHER, "port is already allocated");

        assertThatThrownBy(() -> start(8731))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("starting the rsync container")
                .hasMessageContaining("port is already allocated");
        assertThat(engine.container("rsync")).isEmpty();
    }
}
