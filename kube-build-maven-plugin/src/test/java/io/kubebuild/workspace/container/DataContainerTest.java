package io.kubebuild.workspace.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace.Owner;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DataContainerTest {

    private static final String ROOT = "/go/src/k8s.io/kubernetes";
    private static final String SCRIPT = """
            function kube::build::ensure_data_container() {
              local -ra docker_cmd=(
                "${DOCKER[@]}" run
                --volume "${REMOTE_ROOT}"   # all of it
                --volume /usr/local/go/pkg/linux_386_cgo
                -v /usr/local/go/pkg/windows_386_cgo
                --name "${KUBE_DATA_CONTAINER_NAME}"
                chown -R "${USER_ID}":"${GROUP_ID}"
                  "${REMOTE_ROOT}"
                  /usr/local/go/pkg/
              )
              "${docker_cmd[@]}"
            }
            """;

    private final FakeEngine engine = new FakeEngine();
    private final DataContainer.Wanted wanted = new DataContainer.Wanted(
            "data", "kube-build:x", DataVolumes.of(SCRIPT, ROOT), new Owner(1000, 100), "host", "/home/me/kubernetes");

    @Test
    void readsVolumesAndOwnedDirectoriesFromTheTree() {
        assertThat(wanted.volumes().volumes())
                .containsExactly(ROOT, "/usr/local/go/pkg/linux_386_cgo", "/usr/local/go/pkg/windows_386_cgo");
        assertThat(wanted.volumes().owned()).containsExactly(ROOT, "/usr/local/go/pkg/");
    }

    @Test
    void keepsTheRootWhereTheTreeSaysNothing() {
        assertThat(DataVolumes.of("", ROOT)).isEqualTo(new DataVolumes(List.of(ROOT), List.of(ROOT)));
    }

    @Test
    void namesAVolumeThatItCannotRead() {
        String script = SCRIPT.replace("/usr/local/go/pkg/linux_386_cgo", "${SOMEWHERE}/x");
        assertThatThrownBy(() -> DataVolumes.of(script, ROOT))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("${SOMEWHERE}/x");
    }

    @Test
    void makesOneAndGivesItsVolumesAway() throws Exception {
        assertThat(new DataContainer(engine).ensure(wanted)).isEqualTo("new-1");
        var spec = Objects.requireNonNull(engine.specs.get("data"));
        assertThat(spec.command()).containsExactly("chown", "-R", "1000:100", ROOT, "/usr/local/go/pkg/");
        assertThat(spec.user()).isEqualTo(Optional.of("0:0"));
        assertThat(spec.labels())
                .containsEntry("io.kubebuild.host", "host")
                .containsEntry("io.kubebuild.path", "/home/me/kubernetes");
        assertThat(engine.calls).containsExactly("create data", "start data", "await data");
    }

    @Test
    void usesTheOneThatStands() throws Exception {
        engine.put("data", false, 0);
        assertThat(new DataContainer(engine).ensure(wanted)).isEqualTo("id-of-data");
        assertThat(engine.calls).isEmpty();
    }

    @Test
    void replacesOneWhoseRunFailed() throws Exception {
        engine.put("data", false, 1);
        assertThat(new DataContainer(engine).ensure(wanted)).isEqualTo("new-1");
        assertThat(engine.calls).startsWith("remove data");
    }

    @Test
    void leavesNoneBehindThatCouldNotGiveItsVolumesAway() {
        engine.nextExitCode = 1;
        assertThatThrownBy(() -> new DataContainer(engine).ensure(wanted))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("1000:100")
                .hasMessageContaining("chown: no such thing");
        assertThat(engine.containers).isEmpty();
    }

    @Test
    void saysWhatToDoWhenTheEngineIsGone() {
        engine.failure = new EngineException(EngineException.Kind.UNREACHABLE, "connection refused", null);
        assertThatThrownBy(() -> new DataContainer(engine).ensure(wanted))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("making the data container data")
                .hasMessageContaining("connection refused")
                .hasMessageContaining("docker info");
    }
}
