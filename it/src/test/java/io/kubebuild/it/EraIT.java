package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees that are laid out and scripted as those of earlier eras are. */
@Tag("more")
@RequiresEngine
class EraIT {

    private static final String BINARIES = "_output/dockerized/bin/linux/amd64/";

    @Test
    void aTreeThatBakesItsSourcesIntoItsImageIsPlannedAndReleased(@TempDir Path directory) throws Exception {
        SampleTree tree = SampleTree.ofEra(directory, "baked");
        try {
            MavenBuild.in(tree.directory())
                    .goal("plan")
                    .goal("quick-release")
                    .execute()
                    .succeeded()
                    .says(
                            "v1.2.0 with go1.",
                            "linux/amd64 CGO_ENABLED=0 go install: cmd/kube-apiserver",
                            "kube-apiserver:kube-md5.linux.amd64.kube-apiserver from k8s.gcr.io/build-image/go-runner:sample-1",
                            "package-tarballs: done")
                    .doesNotSay("-dirty");

            assertThat(tree.list(BINARIES))
                    .containsExactlyInAnyOrder(
                            "e2e.test",
                            "e2e_node.test",
                            "gendocs",
                            "ginkgo",
                            "kube-apiserver",
                            "kube-controller-manager",
                            "kube-proxy",
                            "kube-scheduler",
                            "kubectl",
                            "kubelet",
                            "kubemark");
            assertThat(version(tree, "kubectl")).isEqualTo("Kubernetes v1.2.0\n");
            assertThat(tree.list("_output/release-tars"))
                    .containsExactlyInAnyOrder(
                            "kubernetes.tar.gz",
                            "kubernetes-client-linux-amd64.tar.gz",
                            "kubernetes-server-linux-amd64.tar.gz",
                            "kubernetes-src.tar.gz",
                            "kubernetes-test.tar.gz");
            assertThat(tree.read(
                            "_output/release-stage/server/linux-amd64/kubernetes/server/bin/kube-apiserver.docker_tag"))
                    .isEqualTo(md5(tree.file(BINARIES + "kube-apiserver")) + "\n");
            assertThat(EngineSocket.containers(tree)).singleElement().asString().endsWith("-synced");
        } finally {
            MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
        }
        assertThat(EngineSocket.containers(tree)).isEmpty();
        assertThat(EngineSocket.images(tree)).isEmpty();
    }

    @Test
    void aTreeWhoseScriptsLieInBuildToolsCompiles(@TempDir Path directory) {
        SampleTree tree = SampleTree.ofEra(directory, "build-tools");
        assertThat(tree.file("build")).doesNotExist();
        try {
            MavenBuild.in(tree.directory())
                    .goal("compile")
                    .parameter("what", "cmd/kubectl")
                    .execute()
                    .succeeded()
                    .says("v1.5.1");

            assertThat(tree.list(BINARIES)).isEqualTo(List.of("kubectl"));
            assertThat(version(tree, "kubectl")).isEqualTo("Kubernetes v1.5.1\n");
        } finally {
            MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
        }
    }

    private static String version(SampleTree tree, String program) {
        return HostCommand.of(tree.directory(), tree.file(BINARIES + program).toString(), "--version")
                .succeeds();
    }

    private static String md5(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(file)));
    }
}
