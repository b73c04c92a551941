package io.kubebuild.docker.mandas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.Endpoint;
import io.kubebuild.docker.EndpointResolver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An engine that is asked for by https is spoken to over TLS, and only if it is who it should be. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsEngineTest {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final int TLS_HANDSHAKE = 0x16;

    private Path directory = Path.of("");

    @BeforeAll
    void makeCertificates(@TempDir Path temporary) throws IOException, InterruptedException {
        directory = temporary;
        make("engine", "SAN=ip:127.0.0.1");
        make("elsewhere", "SAN=dns:elsewhere.example");
    }

    @Test
    void isTakenWhereItsAuthorityIsTrusted() throws Exception {
        try (StubEngine stub = StubEngine.overTls("1.41", identity("engine"));
                MandasEngine engine = MandasEngine.connect(endpoint(stub.port(), Optional.of("engine")))) {
            assertThat(engine).isNotNull();
            assertThat(stub.requests()).contains("GET /version");
        }
    }

    @Test
    void isRefusedWhereNobodyKnowsItsAuthority() throws Exception {
        try (StubEngine stub = StubEngine.overTls("1.41", identity("engine"))) {
            assertThatThrownBy(() -> MandasEngine.connect(endpoint(stub.port(), Optional.empty()))
                            .close())
                    .hasMessageContaining("the engine's certificate is not trusted")
                    .hasMessageContaining("-Dkube.docker.certPath=DIRECTORY");
            assertThat(stub.requests()).isEmpty();
        }
    }

    @Test
    void isRefusedWhereItsCertificateIsForAnotherHost() throws Exception {
        try (StubEngine stub = StubEngine.overTls("1.41", identity("elsewhere"))) {
            assertThatThrownBy(() -> MandasEngine.connect(endpoint(stub.port(), Optional.of("elsewhere")))
                            .close())
                    .hasMessageContaining("the engine's certificate is not for that host");
            assertThat(stub.requests()).isEmpty();
        }
    }

    @Test
    void hearsNoPlainHttp() throws IOException {
        CompletableFuture<Integer> heard = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> answerPlainly(server, heard), "plain-engine");
            thread.setDaemon(true);
            thread.start();

            assertThatThrownBy(() -> MandasEngine.connect(endpoint(server.getLocalPort(), Optional.empty()))
                            .close())
                    .hasMessageContaining("TLS was asked for (https, or certificates), and is never left out");
        }
        assertThat(heard).isCompletedWithValue(TLS_HANDSHAKE);
    }

    /** Keeps the first byte of the first connection that does not begin with TLS, else that of TLS. */
    private void answerPlainly(ServerSocket server, CompletableFuture<Integer> heard) {
        try {
            while (true) {
                try (Socket socket = server.accept();
                        InputStream in = socket.getInputStream()) {
                    int first = in.read();
                    if (first != TLS_HANDSHAKE) {
                        heard.obtrudeValue(first);
                    } else {
                        heard.complete(first);
                    }
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException closed) {
            return;
        }
    }

    private Endpoint endpoint(int port, Optional<String> certificates) {
        return new EndpointResolver(Map.of(), directory, socket -> false)
                .resolve(Optional.of("https://127.0.0.1:" + port), certificates.map(directory::resolve));
    }

    private SSLContext identity(String name) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store(name), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private KeyStore store(String name) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(directory.resolve(name + ".p12"))) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /** A certificate that signs itself, and a directory with it as the docker command wants such directories. */
    private void make(String name, String hosts) throws IOException, InterruptedException {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "engine",
                        "-keyalg",
                        "RSA",
                        "-validity",
                        "3650",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        hosts,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        directory.resolve(name + ".p12").toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        try {
            KeyStore store = store(name);
            Key key = store.getKey("engine", PASSWORD);
            Path certificates = Files.createDirectories(directory.resolve(name));
            String certificate =
                    pem("CERTIFICATE", store.getCertificate("engine").getEncoded());
            Files.writeString(certificates.resolve("ca.pem"), certificate);
            Files.writeString(certificates.resolve("cert.pem"), certificate);
            Files.writeString(certificates.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + kind + "-----\n";
    }
}
