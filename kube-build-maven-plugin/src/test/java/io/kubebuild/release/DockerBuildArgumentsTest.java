package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DockerBuildArgumentsTest {

    @Test
    void readsTheFormOfBuildx() {
        DockerBuildArguments words = DockerBuildArguments.parse(List.of(
                "buildx",
                "build",
                "-f",
                "build/server-image/Dockerfile",
                "--platform",
                "linux/arm64",
                "--load",
                "-t",
                "a/b:1",
                "--build-arg",
                "BASEIMAGE=base:2=3",
                "--build-arg=EMPTY=",
                "context"));

        assertThat(words)
                .isEqualTo(new DockerBuildArguments(
                        List.of("a/b:1"),
                        Map.of("BASEIMAGE", "base:2=3", "EMPTY", ""),
                        Optional.of("linux/arm64"),
                        Optional.empty(),
                        Optional.of("build/server-image/Dockerfile"),
                        "context"));
    }

    @Test
    void takesSwitchesForWhatTheyAre() {
        assertThat(DockerBuildArguments.parse(List.of("build", "--pull", "-q", "-t", "a", "dir"))
                        .context())
                .isEqualTo("dir");
    }
}
