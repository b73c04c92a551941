package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images alone, of a tree of our own whose scripts run in this machine's bash. */
class ImagesScriptTest {

    private final SmallTree tree;

    ImagesScriptTest(@TempDir Path directory) throws IOException {
        tree = SmallTree.in(directory.resolve("kubernetes")).withBinaries();
    }

    @Test
    void theTreesOwnScriptSaysWhatIsCompiled() throws InterruptedException {
        ImagesScript.Asked asked = ask(Map.of("KUBE_BUILD_CONFORMANCE", "y", "DBG", "1"));

        assertThat(asked.targets()).containsExactly("cmd/kube-apiserver", "cmd/kube-proxy", "cmd/kubectl");
        assertThat(asked.platforms()).containsExactly(SmallTree.LINUX);
        assertThat(asked.variables()).isEqualTo(Map.of("DBG", "1"));
        assertThat(ask(Map.of("KUBE_BUILD_PLATFORMS", "")).platforms()).isEmpty();
    }

    @Test
    void whatCompilesInAnotherWayIsRefused() throws IOException {
        edit("run_build_command make all", "run_build_command hack/build-images.sh");
        assertThatThrownBy(() -> ask(Map.of()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("does not compile with one make all")
                .hasMessageContaining("kube:release");

        edit("run_build_command hack/build-images.sh", "run_build_command make all");
        edit("kube::build::copy_output", "kube::build::run_build_command make all WHAT=cmd/more");
        assertThatThrownBy(() -> ask(Map.of())).hasMessageContaining("does not compile with one make all");
    }

    @Test
    void aScriptThatFailsIsShown() throws IOException {
        edit("kube::build::build_image", "echo 'no such image' >&2; exit 9");

        assertThatThrownBy(() -> ask(Map.of()))
                .hasMessageContaining("build/release-images.sh failed with exit code 9")
                .hasMessageContaining("no such image");
    }

    @Test
    void imagesAreReplacedAndTheStageOfAReleaseStays() throws Exception {
        Path staged = written("release-stage/server/linux-amd64/kubernetes/server/bin/kubelet");
        Path tarball = written("release-tars/kubernetes.tar.gz");
        Path old = written("release-images/amd64/cloud-controller-manager.tar");
        Map<String, String> environment = new TreeMap<>(ImagesScript.insteadOfRelease());
        environment.put("KUBE_BUILD_CONFORMANCE", "y");
        Staging staging = new StagingRecorder(BuildListener.SILENT)
                .record(new LocalWorkspace(tree.root()), tree.request(environment));

        List<ReleaseArtifact> made = new StagedImages(
                        tree.output(), (build, references, target) -> Files.writeString(target, references.get(0)))
                .replace(staging);

        assertThat(made)
                .extracting(image -> tree.output().relativize(image.file()).toString())
                .containsExactly(
                        "release-images/amd64/conformance-amd64.tar",
                        "release-images/amd64/kube-apiserver.tar",
                        "release-images/amd64/kube-proxy.tar");
        assertThat(made.get(1).file()).hasContent("first/kube-apiserver:v1.2.3");
        assertThat(old).doesNotExist();
        assertThat(List.of(staged, tarball)).allSatisfy(file -> assertThat(file).hasContent("earlier"));
        assertThat(staging.directory()).doesNotExist();
        assertThat(tree.root().resolve(StagingRequest.SCRATCH)).doesNotExist();
    }

    private ImagesScript.Asked ask(Map<String, String> more) throws InterruptedException {
        Map<String, String> environment = new TreeMap<>(more);
        environment.put(
                "KUBE_GIT_VERSION_FILE", tree.root().resolve("version-defs").toString());
        return ImagesScript.ask(new LocalWorkspace(tree.root()), "build", environment);
    }

    private Path written(String relative) throws IOException {
        Path file = tree.output().resolve(relative);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "earlier");
    }

    private void edit(String from, String to) throws IOException {
        Path script = tree.root().resolve("build/release-images.sh");
        Files.writeString(script, Files.readString(script).replace(from, to));
    }
}
