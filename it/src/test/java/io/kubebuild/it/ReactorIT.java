package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two trees in one build, by the packaging and by an execution of the goal, and a module that takes tarballs of both. */
@RequiresEngine
@Tag("more")
@TestInstance(Lifecycle.PER_CLASS)
class ReactorIT {

    private static final List<String> TAKEN = List.of(
            "first-" + SampleTree.VERSION + "-server-linux-amd64.tar.gz",
            "second-" + SampleTree.VERSION + "-client-linux-amd64.tar.gz");

    private final Path directory;
    private final List<SampleTree> trees;

    ReactorIT(@TempDir Path directory) {
        this.directory = directory;
        this.trees = Stream.of("first", "second")
                .map(module -> SampleTree.in(directory.resolve(module)))
                .toList();
        SampleTree.project("kube-release-reactor", directory);
        SampleTree.project("kube-release-reactor/first", trees.get(0).directory());
        SampleTree.project("kube-release-reactor/second", trees.get(1).directory());
        SampleTree.project("kube-release-reactor/consumer", directory.resolve("consumer"));
    }

    @BeforeAll
    void twoTreesAtOnceWhileAThirdModuleWaitsForBoth() {
        maven("package", "-T2")
                .execute()
                .succeeded()
                .says("files attached to com.example.reactor:first", "files attached to com.example.reactor:second")
                .doesNotSay("-dirty", "[WARNING]");
        assertTaken();
    }

    @AfterAll
    void removeWorkspaces() {
        trees.forEach(
                tree -> MavenBuild.in(tree.directory()).goal("clean").execute().succeeded());
    }

    @Test
    void aModuleIsBuiltWithWhatItNeeds() {
        maven("package", "-pl", "consumer", "-am").execute().succeeded().says("package-tarballs: up to date");
        assertTaken();
    }

    @Test
    void aBuildThatFailedGoesOnWhereItWas() {
        maven("install").execute().succeeded();

        maven("package", "-rf", ":consumer").execute().succeeded().doesNotSay("package-tarballs");
        assertTaken();
    }

    @ParameterizedTest
    @EnumSource(Maven.class)
    void whatIsSkippedIsNeitherInstalledNorMissed(Maven maven) {
        Path installed = Bench.directory("it.repository").resolve("com/example/reactor/skipped");
        assertThat(installed).doesNotExist();
        SampleTree tree = trees.get(0);
        String pom = tree.read("pom.xml");
        tree.edit("pom.xml", "<artifactId>first<", "<artifactId>skipped<");
        try {
            maven("install", "-pl", "first/kubernetes")
                    .with(maven)
                    .parameter("kube.skip", "true")
                    .execute()
                    .succeeded()
                    .says("artifacts: none, as kube.skip is true: com.example.reactor:skipped");
            maven("deploy", "-pl", "first/kubernetes")
                    .with(maven)
                    .parameter("kube.skip", "true")
                    .execute()
                    .succeeded();
        } finally {
            tree.write("pom.xml", pom);
        }
        assertThat(installed).doesNotExist();
    }

    @Test
    void modulesThatTakeWhatIsSkippedAreNamed() {
        maven("package", "-pl", "first/kubernetes,consumer")
                .parameter("kube.skip", "true")
                .execute()
                .says("is not built, as kube.skip is true, but its artifacts are dependencies of consumer");
    }

    /** The lifecycle's last words are about all of it. */
    @Test
    void theLifecycleEndsWithOneSummaryAndListsTheFiles() {
        String log = maven("package", "-pl", "first/kubernetes")
                .execute()
                .succeeded()
                .says("tarball: ", "kubernetes-server-linux-amd64.tar.gz (", "image: ")
                .log();

        assertThat(log).containsOnlyOnce("Summary:");
        assertThat(log.substring(log.indexOf("Summary:")))
                .contains("verify-prereqs", "build-image", "sync", "cross-compile", "copy-output", "package-tarballs");
    }

    private MavenBuild maven(String... words) {
        return MavenBuild.in(directory).run(words);
    }

    private void assertTaken() {
        Path taken = directory.resolve("consumer/target/dependency");
        assertThat(taken.resolve(TAKEN.get(0)))
                .hasSameBinaryContentAs(trees.get(0).file("_output/release-tars/kubernetes-server-linux-amd64.tar.gz"));
        assertThat(taken.resolve(TAKEN.get(1)))
                .hasSameBinaryContentAs(trees.get(1).file("_output/release-tars/kubernetes-client-linux-amd64.tar.gz"));
    }
}
