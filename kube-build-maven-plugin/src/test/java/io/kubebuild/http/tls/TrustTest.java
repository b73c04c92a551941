package io.kubebuild.http.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.testing.Certificates;
import io.kubebuild.testing.SecureServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers with certificates of a company's own authority. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrustTest {

    @SuppressWarnings("NullAway.Init") // JUnit calls start() first
    private Certificates certificates;

    @SuppressWarnings("NullAway.Init")
    private SecureServer server;

    private Path work = Path.of("");

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        certificates = Certificates.in(directory);
        certificates.issue("server", "ip:127.0.0.1");
        certificates.issue("elsewhere", "dns:elsewhere.example");
        certificates.issue("client", "dns:client.example");
        server = SecureServer.of(certificates.server("server"));
        server.answer("/", "text/plain", "hello".getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void empty(@TempDir Path directory) {
        work = directory;
    }

    @Test
    void nobodyIsBelievedWithoutAReason() {
        assertThatThrownBy(() -> ask(server, trust(List.of(), List.of())))
                .isInstanceOf(IOException.class)
                .satisfies(e -> assertThat(Trust.refusal(e, server.host())).hasValueSatisfying(text -> assertThat(text)
                        .startsWith("its certificate (CN=server) was issued by " + Certificates.ISSUER
                                + ", which is not trusted here; ")
                        .contains("-Dkube.ca=FILE")
                        .contains("/etc/docker/certs.d/" + server.host() + "/ca.crt")));
    }

    @Test
    void anAuthorityThatWasNamedIsBelieved() throws Exception {
        Path named = Files.writeString(work.resolve("company.pem"), "A comment\n" + certificates.authority());

        assertThat(ask(server, trust(List.of(named), List.of()))).isEqualTo("hello");
    }

    @Test
    void anAuthorityOfTheSystemIsBelievedBesideOnesThatCannotBeRead() throws Exception {
        Path system = Files.writeString(
                work.resolve("bundle.crt"),
                "# one\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + certificates.authority());

        assertThat(ask(server, trust(List.of(), List.of(work.resolve("missing.crt"), system))))
                .isEqualTo("hello");
    }

    @Test
    void theUsersDirectoryOfTheServerIsLookedInto() throws Exception {
        Path home = work.resolve("home");
        put(home.resolve(".config/docker/certs.d"), "company.crt", certificates.authority());

        assertThat(ask(server, Trust.of(List.of(), Map.of(), home))).isEqualTo("hello");
        assertThatThrownBy(() -> ask(server, Trust.of(List.of(), Map.of("XDG_CONFIG_HOME", work.toString()), home)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whatIsThereForAnotherPortIsNotForThisOne() throws Exception {
        Path directory = Files.createDirectories(work.resolve("certs.d/127.0.0.1:1"));
        Files.writeString(directory.resolve("ca.crt"), certificates.authority());

        assertThatThrownBy(() -> ask(server, trust(List.of(), List.of()))).isInstanceOf(IOException.class);
    }

    @Test
    void aCertificateForAnotherHostIsRefusedWhoeverHasIssuedIt() throws Exception {
        Path named = Files.writeString(work.resolve("company.pem"), certificates.authority());
        try (SecureServer other = SecureServer.of(certificates.server("elsewhere"))) {
            assertThatThrownBy(() -> ask(other, trust(List.of(named), List.of())))
                    .satisfies(
                            e -> assertThat(Trust.refusal(e, other.host())).hasValueSatisfying(text -> assertThat(text)
                                    .startsWith("no safe connection to " + other.host() + ": ")
                                    .contains("127.0.0.1")
                                    .doesNotContain("kube.ca")));
        }
    }

    @Test
    void aFileWithoutCertificatesIsNamed() throws Exception {
        put(work.resolve("certs.d"), "ca.crt", "nothing");

        assertThatThrownBy(() -> trust(List.of(), List.of()).context(server.host()))
                .isInstanceOf(IOException.class)
                .hasMessage(work.resolve("certs.d").resolve(server.host()).resolve("ca.crt")
                        + " holds no certificate (-----BEGIN CERTIFICATE-----)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PKCS#8", "PKCS#1"})
    void aServerIsShownTheCertificateThatIsThereForIt(String form) throws Exception {
        try (SecureServer careful = SecureServer.forKnown(certificates.server("server"))) {
            careful.answer("/", "text/plain", "hello".getBytes(StandardCharsets.UTF_8));
            put(careful, work.resolve("certs.d"), "ca.crt", certificates.authority());
            assertThatThrownBy(() -> ask(careful, trust(List.of(), List.of()))).isInstanceOf(IOException.class);

            byte[] key = certificates.key("client").getEncoded();
            put(careful, work.resolve("certs.d"), "client.cert", certificates.certificate("client"));
            put(
                    careful,
                    work.resolve("certs.d"),
                    "client.key",
                    form.equals("PKCS#8")
                            ? Certificates.pem("PRIVATE KEY", key)
                            : Certificates.pem(
                                    "RSA PRIVATE KEY",
                                    PrivateKeyInfo.getInstance(key)
                                            .parsePrivateKey()
                                            .toASN1Primitive()
                                            .getEncoded()));
            assertThat(ask(careful, trust(List.of(), List.of()))).isEqualTo("hello");
        }
    }

    @Test
    void halfAPairIsNamed() throws Exception {
        Path directory = work.resolve("certs.d").resolve(server.host());
        put(work.resolve("certs.d"), "client.cert", certificates.certificate("client"));
        assertThatThrownBy(() -> trust(List.of(), List.of()).context(server.host()))
                .hasMessage("the key of the certificate " + directory.resolve("client.cert") + " is missing: "
                        + directory.resolve("client.key"));

        put(work.resolve("certs.d"), "client.key", "no key");
        assertThatThrownBy(() -> trust(List.of(), List.of()).context(server.host()))
                .hasMessageContaining(directory.resolve("client.key") + " holds no private key");

        Files.delete(directory.resolve("client.cert"));
        assertThatThrownBy(() -> trust(List.of(), List.of()).context(server.host()))
                .hasMessageContaining("the certificate of the key " + directory.resolve("client.key") + " is missing");
    }

    @Test
    void othersInTheSameJvmBelieveWhatTheyBelieved() throws Exception {
        Path named = Files.writeString(work.resolve("company.pem"), certificates.authority());
        ask(server, trust(List.of(named), List.of()));

        assertThatThrownBy(() -> ask(server, HttpClient.newHttpClient())).isInstanceOf(IOException.class);
        assertThatCode(() -> ask(server, trust(List.of(named), List.of()))).doesNotThrowAnyException();
    }

    private Trust trust(List<Path> named, List<Path> systems) {
        return new Trust(named, List.of(work.resolve("nowhere"), work.resolve("certs.d")), systems);
    }

    private void put(Path certsD, String name, String text) throws IOException {
        put(server, certsD, name, text);
    }

    private static void put(SecureServer server, Path certsD, String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(certsD.resolve(server.host())).resolve(name), text);
    }

    private static String ask(SecureServer server, Trust trust) throws IOException, InterruptedException {
        return ask(
                server,
                HttpClient.newBuilder().sslContext(trust.context(server.host())).build());
    }

    private static String ask(SecureServer server, HttpClient client) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(URI.create("https://" + server.host() + "/"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
