package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A project of packaging {@code kube-release} in the root of a tree. */
@RequiresEngine
@TestInstance(Lifecycle.PER_CLASS)
class PackagingIT {

    private static final String KUBECTL = "_output/dockerized/bin/linux/amd64/kubectl";

    private final SampleTree tree;

    PackagingIT(@TempDir Path directory) {
        tree = SampleTree.in(directory).withProject("kube-release-install");
    }

    @BeforeAll
    void build() {
        maven(Maven.MAVEN_3_8, "package").succeeded().says("package-tarballs: done");
    }

    @AfterAll
    void removeWorkspace() {
        MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
    }

    @ParameterizedTest
    @EnumSource(Maven.class)
    void aProjectOfTenLinesInstallsItsTarballs(Maven maven) {
        maven(maven, "clean", "install")
                .succeeded()
                .says("package-tarballs: done", "build date: 2021-01-13T13:20:00Z (time of commit ")
                .doesNotSay("the POM's version is", "-dirty");

        Path installed = Bench.directory("it.repository").resolve("com/example/kubernetes/" + SampleTree.VERSION);
        String base = "kubernetes-" + SampleTree.VERSION;
        assertThat(installed.resolve(base + ".tar.gz")).isNotEmptyFile();
        for (String classifier :
                List.of("server-linux-amd64", "node-linux-amd64", "client-linux-amd64", "src", "manifests")) {
            assertThat(installed.resolve(base + "-" + classifier + ".tar.gz"))
                    .hasSameBinaryContentAs(tree.file("_output/release-tars/kubernetes-" + classifier + ".tar.gz"));
        }
        assertThat(installed.resolve(base + "-image-kube-apiserver-amd64.tar")).isNotEmptyFile();
    }

    @Test
    void cleaningInTheLifecycleRemovesOutputsAndKeepsTheWorkspaceWarm() {
        maven(Maven.MAVEN_3_8, "package").succeeded();
        List<String> containers = EngineSocket.containers(tree);
        assertThat(containers).hasSize(1);

        maven(Maven.MAVEN_3_8, "clean").succeeded();

        assertThat(tree.file("_output")).doesNotExist();
        assertThat(EngineSocket.containers(tree)).isEqualTo(containers);
        assertThat(EngineSocket.images(tree)).isNotEmpty();
        maven(Maven.MAVEN_3_8, "package").succeeded().says(", 0 of them new");
    }

    @Test
    void itsCacheIsInstalledAndAColdMachineBuildsWithIt(@TempDir Path elsewhere) {
        tree.withProject("kube-release-cache");
        try {
            maven(Maven.MAVEN_3_8, "install").succeeded().says("cache entries", "exported");
        } finally {
            tree.withProject("kube-release-install");
        }
        SampleTree cold = SampleTree.in(elsewhere);

        try {
            imported(cold, "com.example:nobody:1").says("ignoring the cache com.example:nobody:1");
            imported(cold, "com.example:kubernetes-with-cache:" + SampleTree.VERSION)
                    .says("imported from ")
                    .doesNotSay("ignoring the cache");
            MavenBuild.in(cold.directory())
                    .goal("compile")
                    .parameter("what", "cmd/kubectl")
                    .parameter("kube.platforms", "linux/amd64")
                    .execute()
                    .succeeded()
                    .doesNotSay("generated sources: made anew");
            assertThat(cold.file(KUBECTL)).hasSameBinaryContentAs(tree.file(KUBECTL));
        } finally {
            MavenBuild.in(cold.directory()).goal("clean").execute().succeeded();
        }
    }

    private static MavenResult imported(SampleTree cold, String artifact) {
        return MavenBuild.in(cold.directory())
                .goal("cache-import")
                .parameter("kube.cache.artifact", artifact)
                .parameter("kube.platforms", "linux/amd64")
                .parameter("kube.conformance", "false")
                .execute()
                .succeeded();
    }

    private MavenResult maven(Maven maven, String... phases) {
        return MavenBuild.in(tree.directory())
                .with(maven)
                .run(phases)
                .parameter("kube.platforms", "linux/amd64")
                .parameter("kube.conformance", "false")
                .execute();
    }
}
