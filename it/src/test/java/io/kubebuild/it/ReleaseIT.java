package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Releases of a tree without a POM: what they make, and what they leave alone. */
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class ReleaseIT {

    private static final String KUBECTL = "cmd/kubectl/main.go";
    private static final String TYPES = "pkg/sample/types.go";
    private static final String GENERATED = "pkg/sample/zz_generated.openapi.go";

    private final ReleasedTree released;

    ReleaseIT(ReleasedTree released) {
        this.released = released;
    }

    @Test
    void aReleaseIsMadeWithALittleHeap() {
        released.first()
                .succeeded()
                .says("package-tarballs: done", "v" + SampleTree.VERSION)
                .doesNotSay("[ERROR]", "-dirty");

        assertThat(released.tree().list("_output/release-tars"))
                .containsExactlyInAnyOrder(
                        "kubernetes.tar.gz",
                        "kubernetes-client-linux-amd64.tar.gz",
                        "kubernetes-client-windows-amd64.tar.gz",
                        "kubernetes-manifests.tar.gz",
                        "kubernetes-node-linux-amd64.tar.gz",
                        "kubernetes-node-windows-amd64.tar.gz",
                        "kubernetes-server-linux-amd64.tar.gz",
                        "kubernetes-src.tar.gz",
                        "kubernetes-test-linux-amd64.tar.gz",
                        "kubernetes-test-portable.tar.gz",
                        "kubernetes-test-windows-amd64.tar.gz");
        assertThat(released.tree().list("_output/release-images"))
                .contains("amd64/kube-apiserver.tar", "amd64/kube-proxy.tar", "amd64/conformance-amd64.tar");
        assertThat(EngineSocket.running(released.tree())).isEmpty();
    }

    @Test
    void aSecondReleaseIsUpToDate() {
        released.release().execute().succeeded();

        released.release()
                .execute()
                .succeeded()
                .says(
                        "build-image: up to date",
                        "sync: up to date",
                        "cross-compile: up to date",
                        "copy-output: up to date",
                        "package-tarballs: up to date");
    }

    @Test
    void releasingAgainByForceGivesTheSameBytes() {
        released.release().execute().succeeded();
        Map<String, String> before = released.results();

        released.release().parameter("kube.force", "true").execute().succeeded().says("package-tarballs: done");

        assertThat(ReleasedTree.withoutTestBinaries(released.results()))
                .isEqualTo(ReleasedTree.withoutTestBinaries(before));
    }

    @Test
    void oneEditedSourceChangesItsProgramAloneAndTakingItBackGivesTheFirstBytes() {
        released.release().execute().succeeded();
        Map<String, String> before = released.results();
        String source = released.tree().read(KUBECTL);

        released.tree().edit(KUBECTL, "\"Kubernetes\"", "\"Another Kubernetes\"");
        try {
            releaseAsIfClean().execute().succeeded().says(KUBECTL, "cross-compile: done", "package-tarballs: done");

            assertThat(changedPrograms(before, released.results()))
                    .containsExactly("dockerized/bin/linux/amd64/kubectl", "dockerized/bin/windows/amd64/kubectl.exe");
            assertThat(packedSource()).contains("Another Kubernetes");
        } finally {
            released.tree().write(KUBECTL, source);
        }

        aReleaseOfTheFirstSourcesGives(before);
        assertThat(packedSource()).isEqualTo(source);
    }

    /** Whatever the version claims, the source tarball has what was compiled. */
    private String packedSource() {
        return HostCommand.of(
                        released.tree().file("_output/release-tars"),
                        "tar",
                        "-xzOf",
                        "kubernetes-src.tar.gz",
                        "--wildcards",
                        "*" + KUBECTL)
                .succeeds();
    }

    @Test
    void aReleaseThatWasCutShortIsFinishedByTheNextOneAndTakingItBackGivesTheFirstBytes() {
        released.release().execute().succeeded();
        Map<String, String> before = released.results();
        String source = released.tree().read(KUBECTL);

        released.tree().edit(KUBECTL, "\"Kubernetes\"", "\"An interrupted Kubernetes\"");
        try {
            try (RunningBuild build = releaseAsIfClean().start()) {
                build.says(" go commands for ").terminate().result().doesNotSay("cross-compile: done");
            }
            releaseAsIfClean().execute().succeeded().says("cross-compile: done");
            assertThat(changedPrograms(before, released.results()))
                    .containsExactly("dockerized/bin/linux/amd64/kubectl", "dockerized/bin/windows/amd64/kubectl.exe");
        } finally {
            released.tree().write(KUBECTL, source);
        }

        aReleaseOfTheFirstSourcesGives(before);
    }

    /** Otherwise the "-dirty" of the version would be in every program. */
    private MavenBuild releaseAsIfClean() {
        return released.release()
                .parameter("kube.git.version", "v" + SampleTree.VERSION)
                .parameter("kube.git.treeState", "clean");
    }

    private void aReleaseOfTheFirstSourcesGives(Map<String, String> before) {
        released.release().execute().succeeded().doesNotSay("-dirty");
        assertThat(ReleasedTree.withoutTestBinaries(released.results()))
                .isEqualTo(ReleasedTree.withoutTestBinaries(before));
    }

    @Test
    void aPlanShowsTheReleaseThatIsMade() throws IOException {
        released.goal("plan")
                .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                .execute()
                .succeeded()
                .says(
                        "go commands:",
                        "  windows/amd64 CGO_ENABLED=0 go install: cmd/kube-proxy cmd/kubeadm cmd/kubectl",
                        "kube-proxy-amd64:v" + SampleTree.VERSION
                                + " from k8s.gcr.io/build-image/debian-iptables:sample-1: linux/amd64/kube-proxy",
                        "kubernetes-node-windows-amd64.tar.gz: ",
                        "plan: ")
                .doesNotSay("cross-compile");

        String plan = released.tree().read("_output/kube-release-plan.json");
        released.tree().list("_output/release-tars").forEach(name -> assertThat(plan)
                .contains("\"name\" : \"" + name + "\""));
        released.tree().list("_output/dockerized/bin").forEach(binary -> assertThat(plan)
                .contains("\"" + binary + "\""));
    }

    @Test
    void theImagesThatAReleaseNeedsAreListed() {
        released.goal("images")
                .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                .execute()
                .succeeded()
                .says(
                        "kube-cross:v1.19.8-sample-1 (cross image, linux/amd64): in the engine",
                        "debian-iptables:sample-1 (base of k8s.gcr.io/kube-proxy-amd64:v" + SampleTree.VERSION
                                + ", linux/amd64): in the engine");
    }

    @Test
    void theDebugLogHasNothingOfWhatGoesToTheEngine() {
        released.goal("sync")
                .run("-X")
                .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                .parameter("kube.force", "true")
                .execute()
                .succeeded()
                .says("[DEBUG]")
                .doesNotSay("http-outgoing", "Content-Type: application/json");
    }

    @Test
    void aTreeWithChangesSaysWhichFilesMakeItDirty() {
        String source = released.tree().read(KUBECTL);

        released.tree().edit(KUBECTL, "\"Kubernetes\"", "\"A changed Kubernetes\"");
        released.tree().write("cmd/kubectl/new.go", "package main\n");
        try {
            released.goal("verify-prereqs")
                    .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                    .execute()
                    .succeeded()
                    .says(
                            "v" + SampleTree.VERSION + "-dirty",
                            "Files that make the tree dirty:",
                            KUBECTL,
                            "cmd/kubectl/new.go");
        } finally {
            released.tree().write(KUBECTL, source);
            released.tree().delete("cmd/kubectl/new.go");
        }

        released.goal("verify-prereqs")
                .parameter("kube.platforms", ReleasedTree.PLATFORMS)
                .execute()
                .succeeded()
                .says("v" + SampleTree.VERSION)
                .doesNotSay("-dirty");
    }

    @Test
    void generatedCodeFollowsATypeThatIsPutBackWithItsOldTime() throws IOException {
        Path types = released.tree().file(TYPES);
        String source = released.tree().read(TYPES);
        Instant longAgo = Instant.parse("2021-01-13T00:00:00Z");
        Files.setLastModifiedTime(types, FileTime.from(longAgo));
        compileKubectl();
        String generated = released.tree().read(GENERATED);
        assertThat(generated).contains("Pod", "Node").doesNotContain("Volume");

        released.tree().write(TYPES, source + "\n// Volume is new.\n// +k8s:openapi-gen=true\ntype Volume struct{}\n");
        try {
            compileKubectl();
            assertThat(released.tree().read(GENERATED)).contains("Volume");
        } finally {
            released.tree().write(TYPES, source);
            Files.setLastModifiedTime(types, FileTime.from(longAgo));
        }
        compileKubectl();

        assertThat(released.tree().read(GENERATED)).isEqualTo(generated);
        assertThat(released.tree().file("_output/dockerized/bin/linux/amd64/kubectl"))
                .content(java.nio.charset.StandardCharsets.ISO_8859_1)
                .doesNotContain("Volume");
    }

    @Test
    void anotherTreeAtAnotherPlaceGivesTheSameBytes(@TempDir Path parent) {
        released.release().execute().succeeded();
        SampleTree other = SampleTree.in(parent);
        try {
            MavenBuild.in(other.directory())
                    .goal("release")
                    .parameter("kube.platforms", "linux/amd64")
                    .execute()
                    .succeeded();

            assertThat(ReleasedTree.withoutTestBinaries(ReleasedTree.results(other.file("_output"))))
                    .hasSizeGreaterThan(15)
                    .allSatisfy((name, hash) -> assertThat(released.results()).containsEntry(name, hash));
        } finally {
            MavenBuild.in(other.directory()).goal("clean").execute().succeeded();
        }
    }

    @Test
    void theTreesOwnMakeCompilesTheSameBytes() {
        released.release().execute().succeeded();
        Map<String, String> planned = released.results();
        try {
            released.release()
                    .parameter("kube.compiler", "make")
                    .execute()
                    .succeeded()
                    .says("make");

            assertThat(ReleasedTree.withoutTestBinaries(released.results()))
                    .isEqualTo(ReleasedTree.withoutTestBinaries(planned));
        } finally {
            released.release().execute().succeeded();
        }
    }

    private void compileKubectl() {
        released.goal("compile")
                .parameter("what", "cmd/kubectl")
                .parameter("kube.platforms", "linux/amd64")
                .execute()
                .succeeded();
    }

    private static Set<String> changedPrograms(Map<String, String> before, Map<String, String> after) {
        return after.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("dockerized/bin/"))
                .filter(entry -> !entry.getValue().equals(before.get(entry.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
