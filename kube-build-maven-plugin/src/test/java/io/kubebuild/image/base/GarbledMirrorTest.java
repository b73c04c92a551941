package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.image.TarFixture;
import io.kubebuild.testing.GarbledMirror;
import io.kubebuild.testing.Hurried;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mirror answers may be anything: it is told, the next place is asked, and nothing of it is kept. */
class GarbledMirrorTest {

    private static final ImageReference NAME = ImageReference.of("localhost:1/build-image/go-runner:1");
    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final byte[] LAYER =
            TarFixture.gzip(new TarFixture().file("a", "1").bytes());
    private static final byte[] CONFIG =
            TarFixture.config("amd64", new TarFixture().file("a", "1").bytes()).getBytes(StandardCharsets.UTF_8);

    private final Path directory;
    private final GarbledMirror mirror;

    GarbledMirrorTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.mirror = GarbledMirror.start();
    }

    @AfterEach
    void stop() throws IOException {
        mirror.close();
    }

    @Test
    void aPageOfHtmlIsNoManifest() {
        assertThat(said()).contains("none of a registry's answers").contains("; localhost:1/build-image/go-runner:1: ");
        assertThat(mirror.asked()).anyMatch(request -> request.endsWith("/manifests/1"));
    }

    @Test
    void aPageThatSaysItIsAManifestIsNone() {
        manifest("<html>Please log in</html>");
        assertThat(said()).contains("none of a registry's answers");
    }

    @Test
    void halfAManifestIsNone() {
        manifest("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":{\"dig");
        assertThat(said()).contains("none of a registry's answers");
    }

    @Test
    void aManifestThatNamesNothingIsNone() {
        manifest("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\"}");
        assertThat(said()).contains("its manifest names no configuration");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"schemaVersion\":2}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.list.v2+json\"}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.list.v2+json\","
                        + "\"manifests\":[{}]}",
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\","
                        + "\"config\":{},\"layers\":[{}]}"
            })
    void whatHasTheFormOfAManifestAndNothingInItIsNone(String text) {
        manifest(text);
        assertThat(said()).contains("localhost:1/").doesNotContain("Exception");
    }

    @Test
    void aConfigurationThatIsAPageIsNotBelieved() {
        manifest(manifest(CONFIG, LAYER));
        assertThat(said())
                .contains(" of the " + CONFIG.length + " bytes that its manifest names")
                .doesNotContain("Exception");
    }

    @Test
    void aConfigurationWithoutAPlatformIsNotBelieved() {
        byte[] config = "{\"rootfs\":{}}".getBytes(StandardCharsets.UTF_8);
        manifest(manifest(config, LAYER));
        mirror.answer("/v2/build-image/go-runner/blobs/" + TarFixture.digest(config), 200, "application/json", config);
        assertThat(said()).contains("it gave an image for ");
    }

    @Test
    void aLayerWithOtherBytesIsNotKept() {
        manifest(manifest(CONFIG, LAYER));
        mirror.answer("/v2/build-image/go-runner/blobs/" + TarFixture.digest(CONFIG), 200, "application/json", CONFIG);
        mirror.answer(
                "/v2/build-image/go-runner/blobs/" + TarFixture.digest(LAYER), 200, "x/y", new byte[LAYER.length]);
        assertThat(said()).contains("The pulled BLOB has digest");
        assertThat(mirror.asked()).anyMatch(request -> request.endsWith(TarFixture.digest(LAYER)));
    }

    @Test
    void anErrorThatIsAPageIsToldInOneLine() {
        mirror.answer("/v2/build-image", 502, "text/html", "<html>\n<h1>Bad gateway</h1>\n</html>");
        assertThat(said())
                .contains(": it answered 502 (3 attempts)", "; localhost:1/")
                .doesNotContain("\n");
    }

    /** What the mirror is told to have said; with the image's own place behind it, and nothing kept. */
    private String said() {
        BaseImageStore store = new BaseImageStore(directory.resolve("kept"));
        BaseImageSource.Answer answer = new RegistryBaseImages(
                        Mirrors.of(Map.of("localhost:1", List.of(mirror.host()))),
                        CredentialSource.NONE,
                        store,
                        RegistryBaseImages.Mode.FRESH,
                        Access.OF_JVM,
                        Hurried.PATIENCE,
                        BuildListener.SILENT)
                .find(NAME, "linux/amd64");
        assertThat(answer).isInstanceOf(BaseImageSource.Absent.class);
        try {
            if (Files.exists(directory.resolve("kept"))) {
                try (var files = Files.walk(directory.resolve("kept"))) {
                    assertThat(files.filter(Files::isRegularFile)).isEmpty();
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        String why = ((BaseImageSource.Absent) answer).why();
        assertThat(why).startsWith(mirror.host() + "/build-image/go-runner:1: ");
        return why;
    }

    private void manifest(String text) {
        mirror.answer("/v2/build-image/go-runner/manifests/", 200, MANIFEST, text);
    }

    private static String manifest(byte[] config, byte[] layer) {
        return """
                {"schemaVersion": 2, "mediaType": "%s",
                 "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": %d, "digest": "%s"},
                 "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": %d, "digest": "%s"}]}
                """.formatted(
                        MANIFEST, config.length, TarFixture.digest(config), layer.length, TarFixture.digest(layer));
    }
}
