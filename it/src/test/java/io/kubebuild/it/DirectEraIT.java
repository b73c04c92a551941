package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees from v1.35 on: a Go workspace, built in the cross image itself, whose servers are run by the tree's own kube-log-runner. */
@Tag("more")
@RequiresEngine
class DirectEraIT {

    private static final String PLATFORM = "linux/amd64";
    private static final String BINARIES = "_output/dockerized/bin/" + PLATFORM + "/";
    private static final String VERSION = "v1.36.0";

    private final Path directory;

    DirectEraIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aReleaseIsMadeInTheCrossImageAndItsProgramsAreThoseOfTheTreesOwnScripts() {
        SampleTree tree = SampleTree.ofEra(directory, "direct");
        SampleTree other = SampleTree.ofEra(directory.resolve("upstream"), "direct");
        try {
            goal(tree, "release")
                    .execute()
                    .succeeded()
                    .says("build-image: skipped (this tree has none", "package-tarballs: done", VERSION)
                    .doesNotSay("-dirty");
            assertThat(tree.list("_output/release-tars"))
                    .contains("kubernetes-server-linux-amd64.tar.gz", "kubernetes-client-linux-amd64.tar.gz");
            assertThat(tree.list("_output/images")).isEmpty();
            assertThat(HostCommand.of(
                                    tree.directory(),
                                    tree.file(BINARIES + "kube-log-runner").toString(),
                                    tree.file(BINARIES + "kubectl").toString(),
                                    "--version")
                            .succeeds())
                    .contains("Kubernetes " + VERSION);
            theApiServersImageRuns(tree);

            HostCommand.of(other.directory(), "bash", "build/run.sh", "make", "all", "WHAT=cmd/kubectl cmd/kubelet")
                    .with("KUBE_BUILD_PLATFORMS", PLATFORM)
                    .with("SOURCE_DATE_EPOCH", Long.toString(SampleTree.COMMITTED))
                    .succeeds();
            for (String program : List.of("kubectl", "kubelet")) {
                assertThat(tree.file(BINARIES + program)).hasSameBinaryContentAs(other.file(BINARIES + program));
            }

            goal(tree, "release")
                    .execute()
                    .succeeded()
                    .says("sync: up to date", "cross-compile: up to date", "package-tarballs: up to date");
        } finally {
            goal(tree, "clean").execute().succeeded();
        }
        assertThat(EngineSocket.running(tree)).isEmpty();
    }

    /** By the runner, from a file that carries a capability. */
    private static void theApiServersImageRuns(SampleTree tree) {
        List<String> names = List.of(
                "k8s.gcr.io/kube-apiserver-amd64:" + VERSION, "registry.k8s.io/kube-apiserver-amd64:" + VERSION);
        String archive =
                tree.file("_output/release-images/amd64/kube-apiserver.tar").toString();
        HostCommand.of(tree.directory(), "docker", "load", "--input", archive).succeeds();
        try {
            assertThat(HostCommand.of(
                                    tree.directory(),
                                    "docker",
                                    "run",
                                    "--rm",
                                    "--network=none",
                                    names.get(1),
                                    "kube-apiserver",
                                    "--version")
                            .succeeds())
                    .contains("Kubernetes " + VERSION);
        } finally {
            HostCommand.of(tree.directory(), "docker", "rmi", names.get(0), names.get(1))
                    .succeeds();
        }
    }

    @Test
    void anotherGoThanTheTreeAsksForIsAnsweredBeforeTheStart() {
        SampleTree tree = SampleTree.ofEra(directory, "direct")
                .write(".go-version", "1.19.9\n")
                .commit();
        try {
            goal(tree, "verify-prereqs")
                    .execute()
                    .failedCleanly()
                    .says(
                            "the cross image has go1.19.8, and this tree asks for go1.19.9 (.go-version)",
                            "-Dkube.goToolchain=local, or FORCE_HOST_GO=y in the environment");

            goal(tree, "verify-prereqs")
                    .environment("FORCE_HOST_GO", "y")
                    .execute()
                    .succeeded()
                    .says(
                            "go: go1.19.8 of the cross image, where the tree asks for go1.19.9",
                            "because of FORCE_HOST_GO");
        } finally {
            goal(tree, "clean").execute().succeeded();
        }
    }

    private static MavenBuild goal(SampleTree tree, String name) {
        return MavenBuild.in(tree.directory()).goal(name).parameter("kube.platforms", PLATFORM);
    }
}
