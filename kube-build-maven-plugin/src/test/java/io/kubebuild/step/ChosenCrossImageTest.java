package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.request.ToolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another cross image than the tree's, for a tree whose scripts do not know that one can be chosen. */
class ChosenCrossImageTest {

    private static final String MINE = "registry.example.com/cross-of-mine";

    private final FakeBench bench;

    ChosenCrossImageTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
    }

    @Test
    void theBuildImageIsMadeFromIt() throws IOException {
        bench.engine().addImage(MINE + ":v9", Map.of());

        buildImage(Optional.of(MINE), Optional.of("v9"));

        assertThat(dockerfile()).contains("FROM " + MINE + ":v9\n").doesNotContain("kube-cross");
        assertThat(bench.heard().outcomes()).containsEntry("build-image", "done");
    }

    @Test
    void choosingAnotherOneMakesTheStepsRunAgain() throws IOException {
        bench.engine().addImage(MINE + ":v9", Map.of());
        buildImage(Optional.empty(), Optional.empty());
        String first = dockerfile();

        assertThatThrownBy(() -> bench.pipeline(request(Optional.of(MINE), Optional.of("v9")))
                        .run(List.of(StepName.BUILD_IMAGE), false))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("run kube:verify-prereqs first");
        buildImage(Optional.of(MINE), Optional.of("v9"));
        assertThat(dockerfile()).isNotEqualTo(first);
        buildImage(Optional.empty(), Optional.empty());
        assertThat(dockerfile()).isEqualTo(first);
    }

    @Test
    void oneThatIsNowhereIsNamed() {
        assertThatThrownBy(() -> buildImage(Optional.empty(), Optional.of("v10")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("k8s.gcr.io/build-image/kube-cross:v10");
    }

    private void buildImage(Optional<String> name, Optional<String> tag) {
        bench.pipeline(request(name, tag)).run(List.of(StepName.BUILD_IMAGE), true);
    }

    private BuildRequest request(Optional<String> name, Optional<String> tag) {
        return bench.request()
                .scripts(new ToolSettings(Optional.empty(), name, tag))
                .build();
    }

    private String dockerfile() throws IOException {
        try (Stream<Path> files = Files.walk(bench.tree().file("_output/images"))) {
            return Files.readString(files.filter(file -> file.endsWith("Dockerfile"))
                    .findFirst()
                    .orElseThrow());
        }
    }
}
