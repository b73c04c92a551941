package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    @Test
    void aDirectoryThatIsNoTreeIsNamed() throws IOException {
        MavenBuild.in(directory)
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
    void unknownPlatformsAndTargetsAreNamedTogetherWithTheNearestThatThereAre() {
        SampleTree tree = SampleTree.in(directory);

        MavenBuild.in(tree.directory())
                .goal("compile")
                .parameter("kube.platforms", "linux/amd46")
                .parameter("what", "cmd/kube-apisrver")
                .environment("DOCKER_HOST", NO_ENGINE)
                .execute()
                .failedCleanly()
                .says("2 problems:", "linux/amd46", "linux/amd64", "cmd/kube-apisrver", "-Dwhat=cmd/kube-apiserver");

        assertThat(tree.list("_output")).noneMatch(file -> file.contains("release-"));
    }

    @Test
    void anEngineThatIsTooOldIsNamedWithWhatIsNeeded() throws IOException {
        SampleTree tree = SampleTree.in(directory);
        HttpServer engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        engine.createContext("/version", exchange -> {
            byte[] answer = "{\"Version\": \"18.09.9\", \"ApiVersion\": \"1.39\"}".getBytes(StandardCharsets.US_ASCII);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        engine.start();
        try {
            String address = "tcp://127.0.0.1:" + engine.getAddress().getPort();
            MavenBuild.in(tree.directory())
                    .goal("release")
                    .environment("DOCKER_HOST", address)
                    .execute()
                    .failedCleanly()
                    .says("18.09.9", address, "too old", "1.39", "1.40", "fix: ");
        } finally {
            engine.stop(0);
        }
    }

    @Test
    @RequiresEngine
    void aCrossImageThatCannotBeHadIsNamedWithWaysToBringIt() {
        SampleTree tree = SampleTree.in(directory)
                .write("build/build-image/cross/VERSION", "v0.0.0-nobody-has-it\n")
                .commit();

        for (String option : List.of("-Dkube.pull=never", "-o")) {
            MavenBuild.in(tree.directory())
                    .goal("release")
                    .run(option)
                    .execute()
                    .failedCleanly()
                    .says(
                            "kube-cross:v0.0.0-nobody-has-it",
                            "cross image",
                            option.equals("-o") ? "Maven is offline (-o)" : "kube.pull=never",
                            "docker pull",
                            "-Dkube.mirrors=",
                            "docker load");
        }
    }

    @Test
    void aVersionThatIsNoneIsReportedTogetherWithTheEngineThatDoesNotAnswer() {
        SampleTree tree = SampleTree.in(directory, "vfoo");

        MavenBuild.in(tree.directory())
                .goal("release")
                .environment("DOCKER_HOST", NO_ENGINE)
                .execute()
                .failedCleanly()
                .says("2 problems:", "the version vfoo is no semantic version", "-Dkube.git.version=v", NO_ENGINE);
    }

    @Test
    @RequiresEngine // the step before is looked for there
    void aStepAloneNamesTheGoalThatIsMissing() {
        SampleTree tree = SampleTree.in(directory);

        MavenBuild.in(tree.directory())
                .goal("cross-compile")
                .parameter("kube.platforms", "linux/amd64")
                .execute()
                .failedCleanly()
                .says("kube:cross-compile needs what kube:verify-prereqs makes", "fix: run kube:verify-prereqs first");
    }

    private static void assertNothingWritten(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }
}
