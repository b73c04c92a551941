package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.WorkspaceNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees from v1.35 on: they have no build image. */
class DirectTreeTest {

    private final FakeBench bench;

    DirectTreeTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
        Path common = bench.tree().file("build/common.sh");
        String script = Files.readString(common).replace("_NAME_BASE}-${KUBE_BUILD_IMAGE_VERSION}", "_NAME_BASE}-6");
        Files.writeString(common, script + """
                        KUBE_CROSS_IMAGE="${KUBE_CROSS_IMAGE:-"${KUBE_BASE_IMAGE_REGISTRY}/kube-cross"}"
                        KUBE_CROSS_VERSION="${KUBE_CROSS_VERSION:-"${KUBE_BUILD_IMAGE_CROSS_TAG}"}"
                        KUBE_CROSS_CONTAINER_ROOT="/go/src/k8s.io/kubernetes"
                        """);
        Files.delete(bench.tree().file("build/build-image/rsyncd.sh"));
        Files.delete(bench.tree().file("build/build-image/Dockerfile"));
    }

    private void run(StepName step) {
        bench.pipeline(bench.request().build()).run(List.of(step), false);
    }

    @Test
    void noImageIsBuilt() {
        run(StepName.VERIFY_PREREQS);
        run(StepName.BUILD_IMAGE);

        assertThat(bench.heard().outcomes()).containsEntry("build-image", "skipped");
        assertThat(bench.engine().builds()).isEmpty();
        assertThat(bench.tree().file("_output/images")).doesNotExist();
    }

    @Test
    void theStepStandsAsLongAsTheCrossImageDoes() {
        run(StepName.VERIFY_PREREQS);
        try (BuildContext context = bench.context(bench.request().build())) {
            assertThat(new BuildImage().stands(context)).isTrue();
            assertThat(context.workspaceImage()).isEqualTo(FakeBench.CROSS);

            bench.engine().removeImage(FakeBench.CROSS);
            assertThat(new BuildImage().stands(context)).isFalse();
            assertThatThrownBy(() -> new BuildImage().run(context))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("the cross image " + FakeBench.CROSS + " is gone");
        }
    }

    @Test
    void whatTheTreeLeftWhenItHadABuildImageGoes() {
        WorkspaceNames names;
        try (BuildContext context = bench.context(bench.request().build())) {
            names = context.names();
        }
        String before = "5-v1.34.0-go1.24.5-bullseye.0";
        for (String base : List.of(names.dataContainerBase(), names.rsyncContainerBase())) {
            bench.engine().create(ContainerSpec.of(base + "-" + before, FakeBench.CROSS, List.of("true")));
        }
        bench.engine().addImage("kube-build:" + names.imageTagBase() + "-" + before, Map.of());
        bench.engine().addImage("kube-build:build-0123456789-5", Map.of());

        run(StepName.VERIFY_PREREQS);
        run(StepName.BUILD_IMAGE);

        assertThat(names.dataContainer()).isEqualTo(names.dataContainerBase() + "-6");
        assertThat(bench.engine().containers("")).isEmpty();
        assertThat(bench.engine().imageTags("kube-build")).containsExactly("kube-build:build-0123456789-5");
    }

    @Test
    void cleaningLeavesTheCrossImageThatTheContainersAreMadeOf() {
        try (BuildContext context = bench.context(bench.request().build())) {
            bench.engine()
                    .create(ContainerSpec.of(context.names().dataContainer(), FakeBench.CROSS, List.of("true"))
                            .withLabels(Labels.of(context)));
        }

        bench.pipeline(bench.request().build()).clean(true);

        assertThat(bench.engine().containers("")).isEmpty();
        assertThat(bench.engine().image(FakeBench.CROSS)).isPresent();
    }
}
