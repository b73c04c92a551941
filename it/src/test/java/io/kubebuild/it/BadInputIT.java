package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the plugin says to those who got something wrong. */
class BadInputIT {

    private static final String NO_ENGINE = "unix:///nonexistent.sock";

    private final Path directory;

    BadInputIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource(Maven.class)
    void aDirectoryThatIsNoTreeIsNamed(Maven maven) throws IOException {
        MavenBuild.in(directory)
                .with(maven)
                .goal("release")
                .environment("DOCKER_HOST", NO_ENGINE)
                .execute()
                .failedCleanly()
                .says(directory.toRealPath().toString(), "fix: ", "-Dkube.root=");

        assertNothingWritten(directory);
    }

    @ParameterizedTest
    @EnumSource(Maven.class)
    void allBadParametersAreReportedAtOnce(Maven maven) throws IOException {
        MavenBuild.in(directory)
                .with(maven)
                .goal("release")
                .parameter("kube.platforms", "linux-amd64")
                .parameter("kube.pull", "sometimes")
                .parameter("kube.sourceDateEpoch", "yesterday")
                .execute()
                .failedCleanly()
                .says(
                        "3 problems:",
                        "-Dkube.platforms=linux-amd64 is not valid",
                        "-Dkube.pull=sometimes is not valid",
                        "allowed: always, missing or never",
                        "-Dkube.sourceDateEpoch=yesterday is not valid");

        assertNothingWritten(directory);
    }

    @Test
    void aMistypedParameterIsNotIgnored() {
        MavenBuild.in(directory)
                .goal("release")
                .parameter("kube.platfroms", "linux/amd64")
                .execute()
                .failedCleanly()
                .says("-Dkube.platfroms is no parameter of this plugin", "did you mean -Dkube.platforms?");
    }

    @Test
    void compileWithoutATargetSaysHowToNameOne() {
        MavenBuild.in(directory)
                .goal("compile")
                .execute()
                .failedCleanly()
                .says("the parameter what is missing", "-Dwhat=cmd/kube-apiserver");
    }

    @Test
    void anEngineThatDoesNotAnswerIsNamedAndNothingIsLeftHalfWritten() {
        SampleTree tree = SampleTree.in(directory);

        MavenBuild.in(tree.directory())
                .goal("release")
                .environment("DOCKER_HOST", NO_ENGINE)
                .execute()
                .failedCleanly()
                .says(NO_ENGINE, "DOCKER_HOST", "fix: ");

        assertThat(tree.list("_output"))
                .noneMatch(file -> file.endsWith(".tar.gz") || file.endsWith(".tmp") || file.contains(".part"));
    }

    @Test
    @RequiresEngine // which platforms a tree has, it says in a container
    void anUnknownPlatformIsNamed() {
        SampleTree tree = SampleTree.in(directory);

        MavenBuild.in(tree.directory())
                .goal("verify-prereqs")
                .parameter("kube.platforms", "linux/amd46")
                .execute()
                .failedCleanly()
                .says("linux/amd46", "linux/amd64");
    }

    private static void assertNothingWritten(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
