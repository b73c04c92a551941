package io.kubebuild.workspace.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.FakeEngine;
import io.kubebuild.workspace.Workspace.Owner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    DataContainerTest() {
        engine.addImage("kube-build:x", Map.of());
        engine.onStart(container -> OptionalInt.of(0));
    }

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
    void keepsWhatNoSyncTouchesInVolumesWhereTheTreeIsMounted(@TempDir Path tree) throws Exception {
        DataVolumes bound = DataVolumes.of(SCRIPT, ROOT).boundTo(tree, ROOT, List.of(".make", "_output"), false);
        DataContainer.Wanted mounting = new DataContainer.Wanted(
                "data-bind", "kube-build:x", bound, new Owner(1000, 100), "host", tree.toString());

        String id = new DataContainer(engine).ensure(mounting);

        ContainerSpec spec = engine.inside("data-bind").spec();
        assertThat(spec.host().binds()).containsExactly(new HostAccess.Bind(tree.toString(), ROOT, false));
        assertThat(spec.volumes())
                .containsExactly(
                        ROOT + "/.make",
                        ROOT + "/_output",
                        "/usr/local/go/pkg/linux_386_cgo",
                        "/usr/local/go/pkg/windows_386_cgo");
        // The tree is not given to anybody.
        assertThat(spec.command())
                .containsExactly("chown", "-R", "1000:100", ROOT + "/.make", ROOT + "/_output", "/usr/local/go/pkg/");
        assertThat(new DataContainer(engine).ensure(mounting)).isEqualTo(id);
    }

    @Test
    void replacesOneThatHasAnotherTreeMounted(@TempDir Path tree) throws Exception {
        DataVolumes bound = DataVolumes.of(SCRIPT, ROOT).boundTo(tree, ROOT, List.of("_output"), false);
        String id = new DataContainer(engine)
                .ensure(new DataContainer.Wanted(
                        "data-bind", "kube-build:x", bound, new Owner(1, 1), "host", "/elsewhere"));

        assertThat(new DataContainer(engine)
                        .ensure(new DataContainer.Wanted(
                                "data-bind", "kube-build:x", bound, new Owner(1, 1), "host", tree.toString())))
                .isNotEqualTo(id);
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
        String id = new DataContainer(engine).ensure(wanted);

        assertThat(engine.container("data")).get().extracting(ContainerInfo::id).isEqualTo(id);
        ContainerSpec spec = engine.inside("data").spec();
        assertThat(spec.command()).containsExactly("chown", "-R", "1000:100", ROOT, "/usr/local/go/pkg/");
        assertThat(spec.user()).isEqualTo(Optional.of("0:0"));
        assertThat(spec.labels())
                .containsEntry("io.kubebuild.host", "host")
                .containsEntry("io.kubebuild.path", "/home/me/kubernetes");
        assertThat(engine.calls()).containsExactly("create data", "start data", "await data");
    }

    @Test
    void usesTheOneThatStands() throws Exception {
        String id = ended(0);

        assertThat(new DataContainer(engine).ensure(wanted)).isEqualTo(id);
        assertThat(engine.calls()).isEmpty();
    }

    @Test
    void replacesOneWhoseRunFailed() throws Exception {
        String failed = ended(1);

        String id = new DataContainer(engine).ensure(wanted);

        assertThat(id).isNotEqualTo(failed);
        assertThat(engine.containers("")).extracting(ContainerInfo::id).containsExactly(id);
        assertThat(engine.calls()).startsWith("remove data");
    }

    @Test
    void leavesNoneBehindThatCouldNotGiveItsVolumesAway() {
        engine.onStart(container -> {
            container.print("chown: no such thing");
            return OptionalInt.of(1);
        });

        assertThatThrownBy(() -> new DataContainer(engine).ensure(wanted))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("1000:100")
                .hasMessageContaining("chown: no such thing");
        assertThat(engine.containers("")).isEmpty();
    }

    @Test
    void saysWhatToDoWhenTheEngineIsGone() {
        engine.failNext(Kind.UNREACHABLE, "connection refused");

        assertThatThrownBy(() -> new DataContainer(engine).ensure(wanted))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("making the data container data")
                .hasMessageContaining("connection refused")
                .hasMessageContaining("docker info");
    }

    /** The data container, after a run that ended so. */
    private String ended(int exitCode) {
        String id = engine.addContainer(wanted.spec());
        engine.end(id, exitCode);
        return id;
    }
}
