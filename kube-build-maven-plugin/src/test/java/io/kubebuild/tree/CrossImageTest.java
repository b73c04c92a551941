package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossImageTest {

    private static final String ARGUMENTS = """
            KUBE_BUILD_IMAGE_CROSS_TAG="${KUBE_CROSS_VERSION:-"$(cat "${KUBE_ROOT}/build/build-image/cross/VERSION")"}"
            readonly KUBE_BUILD_IMAGE_CROSS_TAG
            KUBE_BASE_IMAGE_REGISTRY="${KUBE_BASE_IMAGE_REGISTRY:-registry.k8s.io/build-image}"
            KUBE_CROSS_IMAGE="${KUBE_CROSS_IMAGE:-"${KUBE_BASE_IMAGE_REGISTRY}/kube-cross"}"
            readonly KUBE_CROSS_IMAGE
            KUBE_CROSS_VERSION="${KUBE_CROSS_VERSION:-"${KUBE_BUILD_IMAGE_CROSS_TAG}"}"
            """;

    private final TestTree tree;

    CrossImageTest(@TempDir Path directory) throws IOException {
        this.tree = TestTree.rsync(directory);
    }

    private String reference(Map<String, String> variables) {
        return CrossImage.of(tree.located(), variables).reference();
    }

    @Test
    void putsTheTagWhereThePlaceholderStands() {
        assertThat(reference(Map.of())).isEqualTo("k8s.gcr.io/build-image/kube-cross:v1.15.5-1");
    }

    @Test
    void leavesAVariableWithoutEffectThatTheDockerfileDoesNotUse() {
        assertThat(reference(Map.of("KUBE_CROSS_IMAGE", "mine", "KUBE_BASE_IMAGE_REGISTRY", "mirror")))
                .isEqualTo("k8s.gcr.io/build-image/kube-cross:v1.15.5-1");
    }

    @Test
    void anotherNameOrTagTakesThePlaceOfTheTreesOwn() {
        CrossImage own = CrossImage.of(tree.located(), Map.of());

        assertThat(own.with(Optional.of("mine:5000/cross"), Optional.empty()).reference())
                .isEqualTo("mine:5000/cross:v1.15.5-1");
        assertThat(own.with(Optional.empty(), Optional.of("v9")).reference())
                .isEqualTo("k8s.gcr.io/build-image/kube-cross:v9");
        assertThat(own.with(Optional.empty(), Optional.empty())).isEqualTo(own);
    }

    @Test
    void readsTheConstantOfTheOldestTrees() throws IOException {
        tree.delete("build/build-image/rsyncd.sh");
        tree.write("build/common.sh", "readonly KUBE_BUILD_IMAGE_CROSS_TAG=\"v1.4.2-1\"\n");
        tree.write(
                "build/build-image/Dockerfile",
                "# base\nFROM gcr.io/google_containers/kube-cross:KUBE_BUILD_IMAGE_CROSS_TAG\n");

        assertThat(reference(Map.of())).isEqualTo("gcr.io/google_containers/kube-cross:v1.4.2-1");
    }

    @Test
    void fillsInBuildArguments() throws IOException {
        tree.write("build/common.sh", ARGUMENTS);
        tree.write(
                "build/build-image/Dockerfile",
                "ARG KUBE_CROSS_IMAGE\nARG KUBE_CROSS_VERSION\n\nFROM ${KUBE_CROSS_IMAGE}:${KUBE_CROSS_VERSION}\n");

        assertThat(reference(Map.of())).isEqualTo("registry.k8s.io/build-image/kube-cross:v1.15.5-1");
        assertThat(reference(Map.of("KUBE_BASE_IMAGE_REGISTRY", "mirror:5000/k8s")))
                .isEqualTo("mirror:5000/k8s/kube-cross:v1.15.5-1");
        assertThat(reference(Map.of("KUBE_CROSS_IMAGE", "mine/cross", "KUBE_CROSS_VERSION", "v9")))
                .isEqualTo("mine/cross:v9");
    }

    @Test
    void readsTheVariablesOfTreesWithoutABuildImage() throws IOException {
        tree.delete("build/build-image/rsyncd.sh").delete("build/build-image/Dockerfile");
        tree.write("build/common.sh", ARGUMENTS);

        assertThat(reference(Map.of())).isEqualTo("registry.k8s.io/build-image/kube-cross:v1.15.5-1");
    }

    @Test
    void namesTheFileThatDoesNotSay() throws IOException {
        tree.delete("build/build-image/cross/VERSION");

        assertThatThrownBy(() -> reference(Map.of()))
                .hasMessageContaining("build/build-image/Dockerfile")
                .hasMessageContaining("build/build-image/cross/VERSION");
    }
}
