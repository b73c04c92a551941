package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.V22ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.V22ManifestTemplate;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.image.TarFixture;
import io.kubebuild.testing.Hurried;
import io.kubebuild.testing.RealRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Talks to a real registry (Debian's docker-registry) on this machine, which wants a password. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryBaseImagesIT {

    private static final ImageReference NAME = ImageReference.of("localhost:1/build-image/go-runner:1");
    private static final byte[] AMD = new TarFixture().file("amd", "1").bytes();
    private static final byte[] ARM = new TarFixture().file("arm", "2").bytes();

    private final Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit calls start() first; stop() copes with a start that was skipped
    private RealRegistry registry;

    RegistryBaseImagesIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeAll
    void start() throws IOException, RegistryException {
        registry = RealRegistry.start(directory);
        pushBothPlatforms();
    }

    @AfterAll
    void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void takesTheWantedPlatformFromAMirrorAndKeepsItForOfflineBuilds() throws IOException {
        BaseImageStore store = new BaseImageStore(directory.resolve("kept"));

        BaseImage image =
                found(source(store, RegistryBaseImages.Mode.CACHED, "pw").find(NAME, "linux/arm64"));
        BaseImage offline =
                found(source(store, RegistryBaseImages.Mode.OFFLINE, "?").find(NAME, "linux/arm64"));

        assertThat(image.reference()).isEqualTo(NAME.toString());
        assertThat(image.config()).isEqualTo(TarFixture.config("arm64", ARM));
        assertThat(image.layers()).singleElement().satisfies(layer -> assertThat(layer.tar())
                .hasBinaryContent(ARM));
        assertThat(offline).isEqualTo(image);
        assertThat(source(store, RegistryBaseImages.Mode.OFFLINE, "pw").find(NAME, "linux/amd64"))
                .isEqualTo(new BaseImageSource.Absent(
                        "registries", "not asked (mvn -o or kube.pull=never), and it was never fetched before"));
        try (var files = Files.walk(directory.resolve("kept"))) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.contains(".new-"));
        }
    }

    @Test
    void saysWhatEachPlaceSaid() {
        BaseImageStore store = new BaseImageStore(directory.resolve("refused"));

        assertThat(absent(source(store, RegistryBaseImages.Mode.FRESH, "wrong").find(NAME, "linux/amd64")))
                .contains(registry.host() + "/build-image/go-runner:1: ")
                .contains("it refused the credentials of settings of the test")
                .contains("localhost:1/build-image/go-runner:1: ");
        assertThat(absent(source(store, RegistryBaseImages.Mode.FRESH, "pw").find(NAME, "linux/s390x")))
                .contains("it has no image for linux/s390x");
    }

    private RegistryBaseImages source(BaseImageStore store, RegistryBaseImages.Mode mode, String password) {
        Mirrors mirrors = Mirrors.of(Map.of("localhost:1", List.of(registry.host())));
        CredentialSource credentials = (host, repository) -> host.startsWith("127.")
                ? Optional.of(new RegistryCredentials(host, "ann", password, "settings of the test"))
                : Optional.empty();
        return new RegistryBaseImages(
                mirrors, credentials, store, mode, Access.OF_JVM, Hurried.PATIENCE, BuildListener.SILENT);
    }

    private void pushBothPlatforms() throws IOException, RegistryException {
        FailoverHttpClient http = new FailoverHttpClient(true, true, event -> {});
        RegistryClient client = RegistryClient.factory(
                        EventHandlers.NONE, registry.host(), "build-image/go-runner", http)
                .setCredential(Credential.from(RealRegistry.USER, RealRegistry.PASSWORD))
                .newRegistryClient();
        client.configureBasicAuth();
        V22ManifestListTemplate list = new V22ManifestListTemplate();
        for (Map.Entry<String, byte[]> one : Map.of("amd64", AMD, "arm64", ARM).entrySet()) {
            byte[] layer = TarFixture.gzip(one.getValue());
            byte[] config = TarFixture.config(one.getKey(), one.getValue()).getBytes(StandardCharsets.UTF_8);
            V22ManifestTemplate manifest = new V22ManifestTemplate();
            manifest.addLayer(layer.length, push(client, layer));
            manifest.setContainerConfiguration(config.length, push(client, config));
            V22ManifestListTemplate.ManifestDescriptorTemplate entry =
                    new V22ManifestListTemplate.ManifestDescriptorTemplate();
            entry.setMediaType(V22ManifestTemplate.MANIFEST_MEDIA_TYPE);
            entry.setDigest(client.pushManifest(manifest, one.getKey()).toString());
            entry.setSize(1);
            entry.setPlatform(one.getKey(), "linux");
            list.addManifest(entry);
        }
        client.pushManifest(list, "1");
        http.shutDown();
    }

    private static DescriptorDigest push(RegistryClient client, byte[] content) throws IOException, RegistryException {
        DescriptorDigest digest = digest(content);
        client.pushBlob(digest, Blobs.from(new ByteArrayInputStream(content)), null, bytes -> {});
        return digest;
    }

    private static DescriptorDigest digest(byte[] content) {
        try {
            return DescriptorDigest.fromDigest(TarFixture.digest(content));
        } catch (java.security.DigestException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BaseImage found(BaseImageSource.Answer answer) {
        assertThat(answer).isInstanceOf(BaseImageSource.Found.class);
        return ((BaseImageSource.Found) answer).image();
    }

    private static String absent(BaseImageSource.Answer answer) {
        assertThat(answer).isInstanceOf(BaseImageSource.Absent.class);
        return ((BaseImageSource.Absent) answer).why();
    }
}
