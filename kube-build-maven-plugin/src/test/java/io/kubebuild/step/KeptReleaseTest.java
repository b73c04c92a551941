package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.release.ReleaseArtifact;
import io.kubebuild.release.ReleaseArtifacts;
import io.kubebuild.request.BuildRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptReleaseTest {

    /** No process has this id. */
    private static final KeptRelease.Holder GONE = new KeptRelease.Holder(Long.MAX_VALUE, 1);

    private final FakeBench bench;
    private final BuildContext one;
    private final BuildContext other;
    private final Path tarball;

    KeptReleaseTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
        this.one = bench.context(bench.request().build());
        BuildRequest otherRequest = bench.request().platforms("linux/arm64").build();
        this.other = bench.context(otherRequest);
        this.tarball = one.output().resolve("release-tars/kubernetes.tar.gz");
        release("first");
    }

    @Test
    void outlivesTheNextReleaseOfTheTree() throws IOException {
        List<ReleaseArtifact> kept = new KeptRelease(one).keep(artifacts());
        release("second");
        List<ReleaseArtifact> next = new KeptRelease(other).keep(artifacts());

        assertThat(kept).singleElement().satisfies(artifact -> {
            assertThat(artifact.file()).hasContent("first").hasFileName("kubernetes.tar.gz");
            assertThat(artifact.type()).isEqualTo("tar.gz");
        });
        assertThat(next.get(0).file()).hasContent("second");
        assertThat(Files.isSameFile(next.get(0).file(), tarball)).isTrue();
    }

    @Test
    void isReplacedByTheNextOneOfTheSameRequest() throws IOException {
        Path image = one.output().resolve("release-images/amd64/kube-proxy.tar");
        Files.createDirectories(image.getParent());
        Files.writeString(image, "image");
        List<ReleaseArtifact> kept = new KeptRelease(one).keep(artifacts());
        assertThat(kept).hasSize(2);
        Files.delete(image);
        release("second");

        assertThat(new KeptRelease(one).keep(artifacts()))
                .singleElement()
                .satisfies(artifact -> assertThat(artifact.file()).hasContent("second"));
        assertThat(kept.get(1).file()).doesNotExist();
    }

    @Test
    void goesWithTheProcessThatBuiltIt() {
        Path kept = new KeptRelease(one).keep(artifacts()).get(0).file();
        new KeptRelease(other).dropAbandoned();
        assertThat(kept).exists();

        Steps.write(one, one.ofRequest("holder"), GONE);
        new KeptRelease(other).dropAbandoned();

        assertThat(kept).doesNotExist();
        assertThat(tarball).hasContent("first");
    }

    /** Links move a time that tells whether somebody has touched a file. */
    @Test
    void isNoReasonToPackageAnew() {
        PackageTarballs.Packaged packaged = new PackageTarballs.Packaged(
                Fingerprint.builder().add("a", "b").build(), PackageTarballs.files(one, "packaged"), Map.of());
        Steps.write(one, "packaged", packaged);
        Steps.write(one, "images-packaged", new PackageTarballs.Packaged(packaged.inputs(), "touched", Map.of()));

        for (int build = 0; build < 2; build++) {
            new KeptRelease(one).keep(artifacts());
            assertStands();
        }
        Steps.write(one, one.ofRequest("holder"), GONE);
        new KeptRelease(other).dropAbandoned();
        assertStands();
    }

    private void assertStands() {
        assertThat(PackageTarballs.packaged(one, "packaged"))
                .get()
                .extracting(PackageTarballs.Packaged::files)
                .isEqualTo(PackageTarballs.files(one, "packaged"));
        assertThat(PackageTarballs.packaged(one, "images-packaged"))
                .as("what somebody did touch is not excused")
                .get()
                .extracting(PackageTarballs.Packaged::files)
                .isEqualTo("touched");
    }

    private List<ReleaseArtifact> artifacts() {
        try {
            return ReleaseArtifacts.in(one.output()).all();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void release(String content) throws IOException {
        Files.createDirectories(tarball.getParent());
        Files.deleteIfExists(tarball);
        Files.writeString(tarball, content);
    }
}
