package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.EngineInfo;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.Heard;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class EngineReportTest {

    private final Heard heard = new Heard();
    private final Findings findings = new Findings();

    private static EngineInfo engine(String endpoint, String os, long memory, String directory) {
        return new EngineInfo(
                endpoint,
                "DOCKER_HOST",
                "ID",
                "20.10.24",
                "1.41",
                os,
                "amd64",
                2,
                memory,
                directory,
                false,
                false,
                List.of());
    }

    @Test
    void tellsWhoAnswersWithItsSizes() {
        new EngineReport(heard)
                .tell(
                        engine("tcp://engine.example:2376", "linux", 8_000_000_000L, "/var/lib/docker"),
                        OptionalLong.empty(),
                        findings);

        assertThat(heard.facts("engine"))
                .containsExactly(
                        "20.10.24, API 1.41, linux/amd64, 2 CPUs, 8.0 GB of memory, at"
                                + " tcp://engine.example:2376 (DOCKER_HOST)",
                        "does not limit how many processes a container has; the build goes on without that limit");
        assertThat(findings.isEmpty()).isTrue();
    }

    @Test
    void looksAtNoDirectoryOfThisMachineForAnEngineElsewhere() {
        new EngineReport(heard)
                .tell(engine("tcp://engine.example:2376", "linux", 1L << 40, "/"), OptionalLong.empty(), findings);
        new EngineReport(heard)
                .tell(
                        engine("unix:///run/docker.sock", "linux", 1L << 40, "/not/here"),
                        OptionalLong.empty(),
                        findings);

        assertThat(heard.warnings()).isEmpty();
    }

    @Test
    void warnsOfALimitThatTheEngineCannotKeepTo() {
        EngineInfo engine = engine("tcp://engine.example:2376", "linux", 8_000_000_000L, "/");

        new EngineReport(heard).tell(engine, OptionalLong.of(4L << 30), findings);

        assertThat(heard.warnings()).singleElement().asString().startsWith("kube.memory is not kept to");
    }

    @Test
    void warnsOfLittleMemory() {
        new EngineReport(heard)
                .tell(
                        engine("tcp://engine.example:2376", "linux", 2_000_000_000L, "/"),
                        OptionalLong.empty(),
                        findings);

        assertThat(heard.warnings())
                .singleElement()
                .asString()
                .contains("2.0 GB of memory")
                .contains("4.5 GB");
    }

    @Test
    void refusesWindowsContainers() {
        new EngineReport(heard)
                .tell(
                        engine("npipe:////./pipe/docker", "windows", 1L << 40, "C:\\docker"),
                        OptionalLong.empty(),
                        findings);

        assertThatThrownBy(findings::throwIfAny)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("runs windows containers")
                .hasMessageContaining("-Dkube.docker.host");
    }
}
