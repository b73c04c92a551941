package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.image.TarFixture;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.problem.Shown;
import io.kubebuild.testing.Hurried;
import io.kubebuild.testing.NotingRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of a registry that means ill: nothing of the host, no password, and no image but the one that was meant. */
class HostileRegistryTest {

    private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    private static final String LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String LAYER_TYPE = "application/vnd.docker.image.rootfs.diff.tar";
    private static final String PASSWORD = "c2VjcmV0LW9mLXRoZS1ob3N0";
    private static final byte[] LAYER = new TarFixture().file("a", "x").bytes();
    private static final byte[] CONFIG = TarFixture.config("amd64", LAYER).getBytes(StandardCharsets.UTF_8);

    private final HostUnharmed host = HostUnharmed.anew();
    private final NotingRegistry registry = new NotingRegistry();
    private final NotingRegistry other = new NotingRegistry();

    HostileRegistryTest() throws IOException {}

    @AfterEach
    void stop() throws IOException {
        registry.close();
        other.close();
        host.close();
    }

    @Test
    void anHonestOneIsBelieved() {
        serve(manifest(digest(CONFIG), LAYER_TYPE, digest(LAYER), ""));
        assertThat(find()).isInstanceOf(BaseImageSource.Found.class);
        assertThat(registry.shown()).as("credentials").isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:../../x",
                "sha256:../../../../outside/secret",
                "/etc/passwd",
                "file:///etc/passwd",
                "sha512:0",
                "",
                "sha256:",
                "sha256:\\u0000",
                "sha256:\\u001b[2J"
            })
    void aDigestThatIsAPathIsNone(String digest) {
        serve(manifest(digest(CONFIG), LAYER_TYPE, digest, ""));
        assertThat(find()).isInstanceOf(BaseImageSource.Absent.class);
        serve(manifest(digest, LAYER_TYPE, digest(LAYER), ""));
        assertThat(find()).isInstanceOf(BaseImageSource.Absent.class);
        serveList(digest);
        assertThat(find()).isInstanceOf(BaseImageSource.Absent.class);
    }

    @Test
    void aBlobOfAnotherDigestIsNotKept() throws IOException {
        serve(manifest(digest(CONFIG), LAYER_TYPE, digest(LAYER), ""));
        registry.answer(
                "/blobs/" + digest(LAYER),
                "application/x-tar",
                new TarFixture().file("evil", "x").bytes());
        assertThat(find()).isInstanceOf(BaseImageSource.Absent.class);
        assertThat(kept()).isEmpty();
    }

    @Test
    void aConfigurationThatNamesOtherLayersIsNotBelieved() throws IOException {
        byte[] config = TarFixture.config(
                        "amd64", new TarFixture().file("b", "y").bytes())
                .getBytes(StandardCharsets.UTF_8);
        registry.answer("/blobs/" + digest(config), "application/json", config);
        serve(manifest(digest(config), LAYER_TYPE, digest(LAYER), ""));
        assertThat(find()).isInstanceOf(BaseImageSource.Absent.class);
        assertThat(kept()).isEmpty();
    }

    @Test
    void aChildOfAListThatIsAnotherIsNotTaken() {
        String meant = digest("something else".getBytes(StandardCharsets.UTF_8));
        serveList(meant);
        registry.answer(
                "/manifests/" + meant,
                MANIFEST,
                manifest(digest(CONFIG), LAYER_TYPE, digest(LAYER), "").getBytes(StandardCharsets.UTF_8));
        assertThat(find()).isInstanceOf(BaseImageSource.Absent.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                "application/vnd.oci.image.layer.nondistributable.v1.tar",
                "application/x-unknown",
                "x\\n[INFO] BUILD SUCCESS"
            })
    void addressesOfForeignLayersAreNotAsked(String type) {
        serve(manifest(
                digest(CONFIG),
                type,
                digest(LAYER),
                ", \"urls\": [\"http://" + other.address() + "/layer\", \"file:///etc/passwd\"]"));
        find();
        assertThat(other.asked()).isEmpty();
    }

    @Test
    void passwordsDoNotFollowARedirect() {
        serve(manifest(digest(CONFIG), LAYER_TYPE, digest(LAYER), ""));
        registry.redirect("/blobs/" + digest(LAYER), "http://" + other.address() + "/layer");
        other.answer("/layer", "application/x-tar", LAYER);
        assertThat(find()).isInstanceOf(BaseImageSource.Found.class);
        assertThat(registry.shown()).anyMatch(path -> path.endsWith("/blobs/" + digest(LAYER)));
        assertThat(other.asked()).contains("/layer");
        assertThat(other.shown()).as("authorization at another host").isEmpty();
    }

    @Test
    void passwordsDoNotFollowARedirectOfTheFirstQuestion() {
        registry.redirect("/v2/", "http://" + other.address() + "/v2/");
        find();
        assertThat(registry.asked()).contains("/v2/");
        assertThat(other.shown()).as("authorization at another host").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:///etc/passwd",
                "file://OUTSIDE/secret",
                "jar:file:///x!/y",
                "ftp://127.0.0.1/x",
                "//",
                "\\"
            })
    void aRedirectLeadsToNoFile(String location) throws IOException {
        serve(manifest(digest(CONFIG), LAYER_TYPE, digest(LAYER), ""));
        registry.redirect("/blobs/", location.replace("OUTSIDE", host.outside().toString()));
        assertThat(find()).isInstanceOf(BaseImageSource.Absent.class);
        assertThat(kept()).isEmpty();
    }

    @Test
    void annotationsMaySayAnything() {
        serve(manifest(
                digest(CONFIG),
                LAYER_TYPE,
                digest(LAYER),
                ", \"annotations\": {\"a\\n[INFO] done\": \"\\u001b[2J\\u0000\"}"));
        find();
    }

    /** Finds, and looks at what became of the host. */
    private BaseImageSource.Answer find() {
        List<BaseImageSource.Answer> answers = new CopyOnWriteArrayList<>();
        CredentialSource credentials = (asked, repository) -> asked.equals(registry.address())
                ? Optional.of(new RegistryCredentials(asked, "me", PASSWORD, "settings.xml"))
                : Optional.empty();
        assertThat(host.after(() -> answers.add(new RegistryBaseImages(
                                Mirrors.of(Map.of()),
                                credentials,
                                new BaseImageStore(host.inside().resolve("kept")),
                                RegistryBaseImages.Mode.FRESH,
                                Access.OF_JVM,
                                Hurried.PATIENCE,
                                BuildListener.SILENT)
                        .find(ImageReference.of(registry.address() + "/base/runner:1"), "linux/amd64"))))
                .as("an answer, whatever the registry does")
                .isEmpty();
        BaseImageSource.Answer answer = answers.get(0);
        if (answer instanceof BaseImageSource.Absent absent) {
            assertThat(Shown.text(absent.why())).isNotBlank().doesNotContain(PASSWORD, "\n[INFO]");
        }
        return answer;
    }

    private List<Path> kept() throws IOException {
        Path directory = host.inside().resolve("kept");
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void serve(String manifest) {
        registry.answer("/manifests/", MANIFEST, manifest.getBytes(StandardCharsets.UTF_8));
        registry.answer("/blobs/" + digest(CONFIG), "application/json", CONFIG);
        registry.answer("/blobs/" + digest(LAYER), "application/x-tar", LAYER);
    }

    private void serveList(String child) {
        registry.answer(
                "/manifests/1", LIST, """
                {"schemaVersion": 2, "mediaType": "%s", "manifests": [{"mediaType": "%s", "size": 1, "digest": "%s",
                 "platform": {"architecture": "amd64", "os": "linux"}}]}
                """.formatted(LIST, MANIFEST, child).getBytes(StandardCharsets.UTF_8));
    }

    private static String manifest(String config, String type, String layer, String more) {
        return """
                {"schemaVersion": 2, "mediaType": "%s",
                 "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": %d, "digest": "%s"},
                 "layers": [{"mediaType": "%s", "size": %d, "digest": "%s"%s}]}
                """.formatted(MANIFEST, CONFIG.length, config, type, LAYER.length, layer, more);
    }

    private static String digest(byte[] content) {
        return TarFixture.digest(content);
    }
}
