package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.image.TarFixture;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cross image can be made of. */
class CrossImageMojoTest {

    private final Path directory;

    CrossImageMojoTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anSdkAndSomethingToPutItIntoBelongTogether() throws IOException {
        Files.createDirectories(directory.resolve("go/bin"));
        Files.createFile(directory.resolve("go/bin/go"));
        Files.writeString(directory.resolve("go/VERSION"), "go1.20.14");
        Files.write(
                directory.resolve("rootfs.tar"),
                new TarFixture().file("bin/bash", "").bytes());

        assertThatCode(() -> goal().request()).doesNotThrowAnyException();
        assertThatCode(() -> goal().property("kube.cross.goSdk", "go")
                        .property("kube.cross.baseImage", "debian:12")
                        .request())
                .doesNotThrowAnyException();
        assertThatCode(() -> goal().property("kube.cross.goSdk", "go")
                        .property("kube.cross.rootfs", "rootfs.tar")
                        .request())
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> goal().property("kube.cross.goSdk", "go").request())
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube.cross.goSdk is given, but not what to put it into");
        assertThatThrownBy(() ->
                        goal().property("kube.cross.baseImage", "debian:12").request())
                .hasMessageContaining("kube.cross.baseImage is a base of the cross image, and no Go SDK is given");
    }

    @Test
    void whatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() -> goal().property("kube.cross.goSdk", "nowhere")
                        .property("kube.cross.baseImage", "Debian:12:13")
                        .property("kube.cross.rootfs", "rootfs.tar")
                        .request())
                .hasMessageContaining("kube.cross.goSdk names " + directory.resolve("nowhere") + ", which is not there")
                .hasMessageContaining("-Dkube.cross.baseImage=Debian:12:13 is not valid")
                .hasMessageContaining(
                        "kube.cross.rootfs names " + directory.resolve("rootfs.tar") + ", which is not there")
                .hasMessageContaining("kube.cross.baseImage and kube.cross.rootfs are both given");
    }

    private GoalBench goal() {
        return GoalBench.of(new CrossImageMojo(), "cross-image", directory);
    }
}
