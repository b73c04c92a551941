package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Releases of the sample tree. */
@RequiresEngine
class ReleaseIT {

    private final Path directory;

    ReleaseIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource(Maven.class)
    void aProjectOfTenLinesInstallsItsTarballs(Maven maven) {
        SampleTree tree = SampleTree.in(directory).withProject("kube-release-install");

        try {
            MavenBuild.in(tree.directory())
                    .with(maven)
                    .run("install")
                    .parameter("kube.platforms", "linux/amd64")
                    .parameter("kube.conformance", "false")
                    .execute()
                    .succeeded()
                    .says("package-tarballs: done")
                    .doesNotSay("the POM's version is");

            Path installed = Bench.directory("it.repository").resolve("com/example/kubernetes/" + SampleTree.VERSION);
            String base = "kubernetes-" + SampleTree.VERSION;
            assertThat(installed.resolve(base + ".tar.gz")).isNotEmptyFile();
            assertThat(installed.resolve(base + "-server-linux-amd64.tar.gz")).isNotEmptyFile();
            assertThat(installed.resolve(base + "-node-linux-amd64.tar.gz")).isNotEmptyFile();
            assertThat(installed.resolve(base + "-client-linux-amd64.tar.gz")).isNotEmptyFile();
            assertThat(installed.resolve(base + "-src.tar.gz")).isNotEmptyFile();
            assertThat(installed.resolve(base + "-manifests.tar.gz")).isNotEmptyFile();
            assertThat(installed.resolve(base + "-image-kube-apiserver-amd64.tar"))
                    .isNotEmptyFile();
        } finally {
            removeWorkspace(tree);
        }
    }

    @Test
    void aTreeWithoutAPomIsReleasedAndThenUpToDate() {
        SampleTree tree = SampleTree.in(directory);

        try {
            release(tree).succeeded().says("package-tarballs: done", "v" + SampleTree.VERSION);
            assertThat(tree.list("_output/release-tars"))
                    .contains("kubernetes.tar.gz", "kubernetes-server-linux-amd64.tar.gz");

            release(tree).succeeded().says("cross-compile: up to date", "package-tarballs: up to date");

            MavenBuild.in(tree.directory())
                    .goal("compile")
                    .parameter("what", "cmd/kubectl")
                    .execute()
                    .succeeded();
        } finally {
            removeWorkspace(tree);
        }
        assertThat(tree.list("_output")).isEmpty();
    }

    @Test
    void aStepAloneNamesTheGoalThatIsMissing() {
        SampleTree tree = SampleTree.in(directory);

        MavenBuild.in(tree.directory())
                .goal("cross-compile")
                .parameter("kube.platforms", "linux/amd64")
                .execute()
                .failedCleanly()
                .says("fix: ", "kube:");
    }

    private static MavenResult release(SampleTree tree) {
        return MavenBuild.in(tree.directory())
                .goal("release")
                .parameter("kube.platforms", "linux/amd64")
                .parameter("kube.conformance", "false")
                .execute();
    }

    private static void removeWorkspace(SampleTree tree) {
        MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
    }
}
