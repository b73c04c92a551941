package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleaseArtifactsTest {

    @Test
    void givesEveryFileTheCoordinatesThatOthersDependOn(@TempDir Path output) throws IOException {
        touch(output.resolve("release-tars/kubernetes.tar.gz"));
        touch(output.resolve("release-tars/kubernetes-test-portable.tar.gz"));
        touch(output.resolve("release-images/amd64/kube-proxy.tar"));
        touch(output.resolve("release-images/amd64/conformance-amd64.tar"));

        ReleaseArtifacts artifacts = ReleaseArtifacts.in(output);

        assertThat(artifacts.all())
                .extracting(artifact -> artifact.classifier().orElse("") + ":" + artifact.type())
                .containsExactly(
                        "test-portable:tar.gz", ":tar.gz", "image-conformance-amd64:tar", "image-kube-proxy-amd64:tar");
        assertThat(artifacts.main())
                .hasValueSatisfying(main -> assertThat(main.file()).hasFileName("kubernetes.tar.gz"));
    }

    @Test
    void findsNothingWhereNothingIs(@TempDir Path output) throws IOException {
        assertThat(ReleaseArtifacts.in(output).all()).isEmpty();
    }

    private static void touch(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
