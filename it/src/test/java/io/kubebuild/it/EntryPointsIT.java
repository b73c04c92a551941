package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What else upstream's make makes a release of: its images alone, and a release with tests. */
@Tag("more")
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class EntryPointsIT {

    private static final String PROXY = "cmd/kube-proxy/main.go";
    private static final String STAGED = "_output/release-stage/server/linux-amd64/kubernetes/server/bin/kube-proxy";
    private static final String TESTS = "pkg/sample/types_test.go";

    private final ReleasedTree released;

    EntryPointsIT(ReleasedTree released) {
        this.released = released;
    }

    @Test
    void imagesOfAReleaseThatStandsAreUpToDate() {
        released.release().execute().succeeded();
        Map<String, String> before = released.results();

        images("release-images")
                .parameter("kube.extraWhat", "cmd/kubeadm,cmd/kubectl")
                .execute()
                .succeeded()
                .says(
                        "compile: the last release has all programs that are needed",
                        "cross-compile: up to date",
                        "copy-output: up to date",
                        "release-images: up to date");

        assertThat(released.results()).isEqualTo(before);
        released.release().execute().succeeded().says("package-tarballs: up to date");
    }

    @Test
    void imagesGoAsFilesToAnotherSite(@TempDir Path media) throws IOException {
        released.release().execute().succeeded();

        images("images")
                .parameter("kube.images.save", media.toString())
                .execute()
                .succeeded();
        try (Stream<Path> files = Files.list(media)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .isNotEmpty()
                    .allMatch(name -> name.endsWith(".tar"))
                    .anyMatch(name -> name.contains("kube-cross"));
        }
        images("images")
                .parameter("kube.images.load", media.toString())
                .execute()
                .succeeded()
                .says(".tar loaded");
    }

    @Test
    void whatTreesThatAreGoneLeftInTheEngineIsRemoved(@TempDir Path directory) throws IOException {
        List<String> others = EngineSocket.containers(released.tree());
        SampleTree gone = SampleTree.in(directory);
        MavenBuild.in(gone.directory())
                .goal("verify-prereqs")
                .goal("build-image")
                .goal("sync")
                .parameter("kube.platforms", "linux/amd64")
                .execute()
                .succeeded();
        assertThat(EngineSocket.containers(gone)).hasSize(1);
        Path elsewhere = Files.move(gone.directory(), directory.resolve("elsewhere"));

        MavenBuild.in(released.tree().directory())
                .goal("clean")
                .parameter("kube.clean.all", "true")
                .execute()
                .succeeded();

        // Back, so that it can be asked for by its path.
        Files.move(elsewhere, gone.directory());
        assertThat(EngineSocket.containers(gone)).isEmpty();
        assertThat(EngineSocket.images(gone)).isEmpty();
        assertThat(EngineSocket.containers(released.tree())).isEqualTo(others);
    }

    @Test
    void imagesAloneAreThoseOfAReleaseAndLeaveTheLastOneAsItIs() throws IOException {
        released.release().execute().succeeded();
        Map<String, String> before = released.results();
        List<String> stage = released.tree().list("_output/release-stage");
        byte[] staged = Files.readAllBytes(released.tree().file(STAGED));
        String source = released.tree().read(PROXY);

        released.tree().edit(PROXY, "\"Kubernetes\"", "\"Another Kubernetes\"");
        try {
            asIfClean(images("quick-release-images"))
                    .environment("KUBE_EXTRA_WHAT", "cmd/kubeadm")
                    .execute()
                    .succeeded()
                    .says("cross-compile: done", "release-images: done")
                    .doesNotSay("package-tarballs");
            Map<String, String> alone = released.results();
            asIfClean(images("quick-release-images"))
                    .environment("KUBE_EXTRA_WHAT", "cmd/kubeadm")
                    .execute()
                    .succeeded()
                    .says("cross-compile: up to date", "copy-output: up to date", "release-images: up to date");

            assertThat(changed(before, alone))
                    .containsExactly("dockerized/bin/linux/amd64/kube-proxy", "release-images/amd64/kube-proxy.tar");
            assertThat(released.tree().list("_output/release-stage")).isEqualTo(stage);
            assertThat(released.tree().file(STAGED)).hasBinaryContent(staged);
            asIfClean(released.release()).execute().succeeded();
            assertThat(changed(alone, released.results())).noneMatch(path -> path.startsWith("release-images/"));
        } finally {
            released.tree().write(PROXY, source);
        }
        released.release().execute().succeeded();
        assertThat(ReleasedTree.withoutTestBinaries(released.results()))
                .isEqualTo(ReleasedTree.withoutTestBinaries(before));
    }

    @Test
    void aReleaseMayRunTheTreesTests(@TempDir Path directory) throws IOException {
        String source = released.tree().read(TESTS);
        released.release()
                .parameter("kube.release.runTests", "true")
                .execute()
                .failedCleanly()
                .says("kube:test-integration needs etcd")
                .doesNotSay("cross-compile: begins");
        Path etcd = Files.writeString(directory.resolve("etcd"), "#!/bin/sh\necho 'etcd of the test'\n");

        withTests(etcd).execute().succeeded().says("test: done", "test-integration: done", "etcd of the test");

        released.tree().edit(TESTS, "got != name", "got == name");
        try {
            withTests(etcd).execute().failedCleanly().says("tests failed: ").doesNotSay("copy-output: begins");
        } finally {
            released.tree().write(TESTS, source);
        }
        released.release().execute().succeeded().doesNotSay("test: begins");
    }

    private MavenBuild withTests(Path etcd) {
        return released.release()
                .environment("KUBE_RELEASE_RUN_TESTS", "y")
                .parameter("kube.test.etcd", etcd.toString());
    }

    private MavenBuild images(String goal) {
        return released.goal(goal).parameter("kube.platforms", ReleasedTree.PLATFORMS);
    }

    /** Otherwise the "-dirty" of the version would be in every program. */
    private static MavenBuild asIfClean(MavenBuild build) {
        return build.parameter("kube.git.version", "v" + SampleTree.VERSION).parameter("kube.git.treeState", "clean");
    }

    private static List<String> changed(Map<String, String> before, Map<String, String> after) {
        Map<String, String> left = ReleasedTree.withoutTestBinaries(before);
        Map<String, String> right = ReleasedTree.withoutTestBinaries(after);
        TreeSet<String> paths = new TreeSet<>(left.keySet());
        paths.addAll(right.keySet());
        return paths.stream()
                .filter(path -> !left.getOrDefault(path, "").equals(right.getOrDefault(path, "")))
                .toList();
    }
}
