package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Builds that are cut short, and builds at the same time. */
@Tag("more")
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class InterruptedIT {

    /** Said when the go commands begin. */
    private static final String COMPILING = " go commands for ";

    private final ReleasedTree released;
    private final Path directory;

    InterruptedIT(ReleasedTree released, @TempDir Path directory) {
        this.released = released;
        this.directory = directory;
    }

    @Test
    void aBuildThatIsToldToEndLeavesNoBuildContainerAndTheNextOneWorks() {
        // A platform that nothing was built for yet: Go's own packages take their time.
        MavenResult ended;
        try (RunningBuild build = kubectl("linux/386").start()) {
            ended = build.says(COMPILING).terminate().result();
        }

        assertThat(ended.exitCode()).isNotZero();
        ended.doesNotSay("cross-compile: done");
        Until.holds(
                "no container of the tree runs",
                Duration.ofSeconds(30),
                () -> EngineSocket.running(released.tree()).isEmpty(),
                () -> EngineSocket.running(released.tree()).toString());
        kubectl("linux/386").execute().succeeded().says("cross-compile: done");
        assertThat(released.tree().file("_output/dockerized/bin/linux/386/kubectl"))
                .isNotEmptyFile();
        released.tree().delete("_output/dockerized/bin/linux/386/kubectl");
    }

    @Test
    void anEngineThatDiesIsNamedAndTheNextBuildWorks() {
        try (EngineProxy engine = EngineProxy.in(directory)) {
            try (RunningBuild build = kubectl("linux/arm64")
                    .environment("DOCKER_HOST", engine.address())
                    .start()) {
                build.says(COMPILING);
                engine.cut();
                build.result()
                        .failedCleanly()
                        .says("Docker engine", "docker info", "run")
                        .doesNotSay("cross-compile: done");
            }
        }

        kubectl("linux/arm64").execute().succeeded().says("cross-compile: done");
        released.tree().delete("_output/dockerized/bin/linux/arm64/kubectl");
        assertThat(EngineSocket.running(released.tree())).isEmpty();
    }

    @Test
    void twoBuildsOfOneTreeWaitForEachOther() {
        try (EngineProxy engine = EngineProxy.in(directory)) {
            engine.hold();
            try (RunningBuild first = kubectl("linux/amd64")
                            .environment("DOCKER_HOST", engine.address())
                            .start()
                            .says("verify-prereqs: begins");
                    RunningBuild second = kubectl("linux/amd64")
                            .environment("DOCKER_HOST", engine.address())
                            .start()
                            .says("waiting for another build of this tree: process ")) {
                engine.letGo();

                first.result().succeeded().doesNotSay("waiting for another build");
                second.result().succeeded();
            }
        }
        assertThat(EngineSocket.running(released.tree())).isEmpty();
    }

    private MavenBuild kubectl(String platform) {
        return released.goal("compile").parameter("what", "cmd/kubectl").parameter("kube.platforms", platform);
    }
}
