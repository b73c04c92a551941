package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.NoProxy;
import io.kubebuild.http.WebProxies;
import io.kubebuild.http.tls.Trust;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.testing.Certificates;
import io.kubebuild.testing.Hurried;
import io.kubebuild.testing.SecureServer;
import io.kubebuild.testing.Tunnel;
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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry of a company, with a certificate of its own authority, behind a proxy. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustedRegistryTest {

    private static final String REGISTRY = "registry.example:5000";

    private final ServedImage image = ServedImage.of("content");
    private final Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit calls start() first
    private Certificates certificates;

    @SuppressWarnings("NullAway.Init")
    private SecureServer registry;

    @SuppressWarnings("NullAway.Init")
    private Tunnel proxy;

    TrustedRegistryTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeAll
    void start() throws Exception {
        certificates = Certificates.in(directory);
        certificates.issue("registry", "dns:registry.example");
        registry = SecureServer.of(certificates.server("registry"))
                .answer("/v2/", "application/json", "{}".getBytes(StandardCharsets.UTF_8))
                .answer(
                        "/v2/base/runner/manifests/1",
                        ServedImage.MANIFEST,
                        image.manifest().getBytes(StandardCharsets.UTF_8))
                .answer("/v2/base/runner/blobs/" + image.configDigest(), "application/json", image.config())
                .answer("/v2/base/runner/blobs/" + image.layerDigest(), "application/x-tar", image.layer());
        proxy = new Tunnel(registry.port());
    }

    @AfterAll
    void stop() throws IOException {
        proxy.close();
        registry.close();
    }

    @Test
    void isRefusedWithTheNameOfItsIssuerAndTheWaysToTrustIt() {
        assertThat(find(REGISTRY, Trust.of(List.of(), Map.of(), directory.resolve("nobody"))))
                .isInstanceOf(BaseImageSource.Absent.class)
                .asString()
                .contains(REGISTRY + "/base/runner:1: its certificate (CN=registry) was issued by "
                        + Certificates.ISSUER + ", which is not trusted here; ")
                .contains("-Dkube.ca=FILE", "/etc/docker/certs.d/" + REGISTRY + "/ca.crt", "the JDK");
        assertThat(proxy.asked()).contains(REGISTRY);
    }

    @Test
    void isBelievedWithANamedAuthority() throws Exception {
        Path ca = Files.writeString(directory.resolve("ca.pem"), certificates.authority());

        assertThat(find(REGISTRY, Trust.of(List.of(ca), Map.of(), directory.resolve("nobody"))))
                .isInstanceOf(BaseImageSource.Found.class);
        assertThat(find("other.example:5000", Trust.of(List.of(ca), Map.of(), directory.resolve("nobody"))))
                .asString()
                .contains("no safe connection to other.example:5000: ")
                .contains("registry.example");
    }

    @Test
    void isBelievedWithDockersCertificatesForIt() throws Exception {
        Path home = directory.resolve("home");
        Path own =
                Files.createDirectories(home.resolve(".config/docker/certs.d").resolve(REGISTRY));
        Files.writeString(own.resolve("ca.crt"), certificates.authority());

        assertThat(find(REGISTRY, Trust.of(List.of(), Map.of(), home))).isInstanceOf(BaseImageSource.Found.class);
    }

    @Test
    void isNotAskedWhereDockersCertificatesForItAreBroken() throws Exception {
        Path home = directory.resolve("broken");
        Path own =
                Files.createDirectories(home.resolve(".config/docker/certs.d").resolve(REGISTRY));
        Files.writeString(own.resolve("ca.crt"), "");

        assertThat(find(REGISTRY, Trust.of(List.of(), Map.of(), home)))
                .asString()
                .contains(REGISTRY + "/base/runner:1: " + own.resolve("ca.crt") + " holds no certificate");
    }

    private BaseImageSource.Answer find(String host, Trust trust) {
        WebProxies proxies = WebProxies.of(Optional.empty(), Optional.of(proxy.url()), NoProxy.NONE);
        return new RegistryBaseImages(
                        Mirrors.NONE,
                        CredentialSource.NONE,
                        new BaseImageStore(directory.resolve("kept")),
                        RegistryBaseImages.Mode.FRESH,
                        new Access(proxies, trust),
                        Hurried.PATIENCE,
                        BuildListener.SILENT)
                .find(ImageReference.of(host + "/base/runner:1"), "linux/amd64");
    }
}
