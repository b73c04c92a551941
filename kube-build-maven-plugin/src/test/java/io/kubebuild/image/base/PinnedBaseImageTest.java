package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.testing.GarbledMirror;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever runs a registry or mirror does not decide what an image is that is named by its digest. */
final class PinnedBaseImageTest {

    private static final String MANIFEST = """
            {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
             "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 2, "digest": "sha256:%s"},
             "layers": []}
            """.formatted(Fingerprint.sha256("{}"));

    private Path directory;
    private GarbledMirror server;

    @BeforeEach
    void serve(@TempDir Path temporary) throws IOException {
        directory = temporary;
        server = GarbledMirror.start()
                .answer("/v2/base/blobs/", 200, "application/json", "{}")
                .answer("/v2/base/manifests/", 200, "application/vnd.docker.distribution.manifest.v2+json", MANIFEST);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void anotherDigestIsNotTaken() {
        String pinned = "sha256:" + "a".repeat(64);
        BaseImageSource.Answer answer = source().find(reference(pinned), "linux/amd64");

        assertThat(answer).isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.toString())
                .contains("its manifest should be " + pinned + " but is sha256:" + Fingerprint.sha256(MANIFEST)));
    }

    @Test
    void theRightDigestIsLookedInto() {
        BaseImageSource.Answer answer =
                source().find(reference("sha256:" + Fingerprint.sha256(MANIFEST)), "linux/amd64");

        assertThat(answer.toString()).doesNotContain("its manifest should be");
    }

    private ImageReference reference(String digest) {
        return ImageReference.of(server.host() + "/base@" + digest);
    }

    private RegistryBaseImages source() {
        return new RegistryBaseImages(
                Mirrors.NONE,
                CredentialSource.NONE,
                new BaseImageStore(directory),
                RegistryBaseImages.Mode.FRESH,
                RegistryProxies.of(Optional.empty(), Optional.empty(), Optional.empty()),
                BuildListener.SILENT);
    }
}
