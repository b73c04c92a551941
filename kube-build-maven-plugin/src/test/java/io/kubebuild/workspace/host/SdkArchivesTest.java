package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.NoProxy;
import io.kubebuild.http.Pace;
import io.kubebuild.http.Patience;
import io.kubebuild.http.WebProxies;
import io.kubebuild.http.tls.Trust;
import io.kubebuild.image.TarFixture;
import io.kubebuild.io.RawName;
import io.kubebuild.io.RawTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.Certificates;
import io.kubebuild.testing.GarbledMirror;
import io.kubebuild.testing.Hurried;
import io.kubebuild.testing.OtherJvm;
import io.kubebuild.testing.SecureServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SdkArchivesTest {

    private final Path cache;
    private final HttpServer server;
    private final AtomicInteger fetched = new AtomicInteger();
    private final List<Duration> pauses = new ArrayList<>();
    private Patience patience = Hurried.patience(pauses::add);
    private byte[] archive = sdk();

    SdkArchivesTest(@TempDir Path directory) throws Exception {
        cache = directory.resolve("cache/go-sdks");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/go.tar.gz", exchange -> {
            fetched.incrementAndGet();
            exchange.sendResponseHeaders(200, archive.length);
            exchange.getResponseBody().write(archive);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/go.tar.gz");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static byte[] sdk() throws IOException {
        return tar(new TreeMap<>(Map.of("go/VERSION", "go1.19.8", "go/bin/go", "#!/bin/sh\n")));
    }

    private static byte[] tar(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(content.length);
                entry.setMode(file.getKey().contains("bin/") ? 0755 : 0644);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
            TarArchiveEntry link = new TarArchiveEntry("go/link", TarConstants.LF_SYMLINK);
            link.setLinkName("VERSION");
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private Path ensure(String path, String sha256, boolean offline) {
        return new SdkArchives(cache, patience, BuildListener.SILENT)
                .ensure(new SdkArchives.Wanted(url(path), sha256), offline, Access.OF_JVM);
    }

    @Test
    void fetchesOnceAndKeepsIt() throws Exception {
        Path sdk = ensure("/moved", sha256(archive), false);

        assertThat(sdk.resolve("bin/go")).isExecutable();
        assertThat(sdk.resolve("VERSION")).hasContent("go1.19.8");
        assertThat(sdk.resolve("link")).isSymbolicLink().hasContent("go1.19.8");
        assertThat(ensure("/go.tar.gz", sha256(archive), true)).isEqualTo(sdk);
        assertThat(fetched).hasValue(1);
    }

    @Test
    void takesAFileWithoutANetwork(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("go.tar.gz"), archive);

        assertThat(new SdkArchives(cache, patience, BuildListener.SILENT)
                        .ensure(new SdkArchives.Wanted(file.toUri(), sha256(archive)), true, Access.OF_JVM)
                        .resolve("bin/go"))
                .isExecutable();
    }

    @Test
    void keepsNothingOfAnotherChecksum() throws Exception {
        assertThatThrownBy(() -> ensure("/go.tar.gz", "0".repeat(64), false))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("/go.tar.gz gives is not the Go SDK that was asked for")
                .hasMessageContaining(sha256(archive))
                .hasMessageContaining("0".repeat(64))
                .hasMessageContaining("nothing of it is kept");
        assertThat(cache).isEmptyDirectory();
    }

    @Test
    void fetchesNothingOffline() {
        assertThatThrownBy(() -> ensure("/go.tar.gz", "0".repeat(64), true))
                .hasMessageContaining("/go.tar.gz is not on this machine")
                .hasMessageContaining("offline");
        assertThat(fetched).hasValue(0);
    }

    @Test
    void saysWhatTheServerAnswers() {
        assertThatThrownBy(() -> ensure("/missing", "0".repeat(64), false))
                .hasMessageContaining("/missing could not be fetched")
                .hasMessageContaining("the server answers 404");
        assertThatThrownBy(() -> new SdkArchives(cache, patience, BuildListener.SILENT)
                        .ensure(
                                new SdkArchives.Wanted(URI.create("http://sdk.invalid/go.tar.gz"), "0".repeat(64)),
                                false,
                                through(Optional.of("http://me:secret@proxy.example.com:3128"))))
                .hasMessageContaining("the proxy wants a password")
                .hasMessageNotContaining("secret");
    }

    private static Access through(Optional<String> proxy) {
        return new Access(WebProxies.of(proxy, Optional.empty(), NoProxy.of("direct.example")), Trust.OF_JDK);
    }

    @Test
    void goesThroughTheProxyOfEachAddressThatItIsLedTo() throws Exception {
        try (GarbledMirror proxy = GarbledMirror.start()) {
            proxy.first(1, "http://sdk.invalid/go.tar.gz", 302, "Location: " + url("/go.tar.gz"));
            Path sdk = new SdkArchives(cache, patience, BuildListener.SILENT)
                    .ensure(
                            new SdkArchives.Wanted(URI.create("http://sdk.invalid/go.tar.gz"), sha256(archive)),
                            false,
                            through(Optional.of("http://" + proxy.host())));

            assertThat(sdk.resolve("bin/go")).isExecutable();
            assertThat(proxy.asked()).containsExactly("GET http://sdk.invalid/go.tar.gz");
            assertThat(fetched).as("this machine is reached without the proxy").hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://sdk.invalid/go.tar.gz", "http://a b/", "mailto:jo"})
    void followsToNoAddressButOneOfTheWeb(String location) throws Exception {
        try (GarbledMirror mirror = GarbledMirror.start()) {
            mirror.first(1, "/go.tar.gz", 302, "Location: " + location + "?signature=s3cret");

            assertThatThrownBy(() -> new SdkArchives(cache, patience, BuildListener.SILENT)
                            .ensure(
                                    new SdkArchives.Wanted(
                                            URI.create("http://" + mirror.host() + "/go.tar.gz"), sha256(archive)),
                                    false,
                                    Access.OF_JVM))
                    .hasMessageContaining("could not be fetched")
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void believesTheAuthoritiesThatAreNamedAndSaysWhoseCertificateItDoesNotBelieve(@TempDir Path directory)
            throws Exception {
        Certificates certificates = Certificates.in(directory);
        certificates.issue("mirror", "ip:127.0.0.1");
        Path ca = Files.writeString(directory.resolve("ca.pem"), certificates.authority());
        try (SecureServer mirror =
                SecureServer.of(certificates.server("mirror")).answer("/go.tar.gz", "application/gzip", archive)) {
            SdkArchives archives = new SdkArchives(cache, patience, BuildListener.SILENT);
            SdkArchives.Wanted wanted =
                    new SdkArchives.Wanted(URI.create("https://" + mirror.host() + "/go.tar.gz"), sha256(archive));

            assertThatThrownBy(() -> archives.ensure(wanted, false, Access.OF_JVM))
                    .hasMessageContaining("/go.tar.gz could not be fetched")
                    .hasMessageContaining("its certificate (CN=mirror) was issued by " + Certificates.ISSUER
                            + ", which is not trusted here")
                    .hasMessageContaining("-Dkube.ca=FILE");
            assertThat(pauses).as("the same would be said again").isEmpty();
            assertThat(archives.ensure(
                                    wanted,
                                    false,
                                    new Access(WebProxies.OF_JVM, Trust.of(List.of(ca), Map.of(), directory)))
                            .resolve("bin/go"))
                    .isExecutable();
        }
    }

    @Test
    void noMessageShowsThePasswordOfTheAddress() {
        URI missing = URI.create(url("/missing").toString().replace("//", "//jo:s3cret@"));
        SdkArchives archives = new SdkArchives(cache, patience, BuildListener.SILENT);

        for (boolean offline : List.of(true, false)) {
            assertThatThrownBy(() ->
                            archives.ensure(new SdkArchives.Wanted(missing, "0".repeat(64)), offline, Access.OF_JVM))
                    .hasMessageContaining("the Go SDK from http://***@127.0.0.1:")
                    .hasMessageNotContaining("s3cret");
        }
    }

    /** What is run with the locale of a build server that has none. */
    static final class InAsciiLocale {
        public static void main(String[] words) {
            Path sdk = new SdkArchives(Path.of(words[0]), Hurried.PATIENCE, BuildListener.SILENT)
                    .ensure(new SdkArchives.Wanted(URI.create(words[1]), words[2]), true, Access.OF_JVM);
            System.out.println(Files.isExecutable(sdk.resolve("bin/go")));
        }
    }

    @Test
    void unpacksNamesOfAnyAlphabetInEveryLocale(@TempDir Path directory) throws Exception {
        byte[] packed = TarFixture.gzip(new RawTar()
                .pax("path", "go/test/größe/日本.go")
                .file("x", "package test")
                .entry(new RawTar.Header("go/bin/go", '0').mode(0755))
                .bytes());
        Path file = Files.write(directory.resolve("go.tar.gz"), packed);

        assertThat(OtherJvm.runInAsciiLocale(
                        InAsciiLocale.class, cache.toString(), file.toUri().toString(), sha256(packed)))
                .isEqualTo("true");
        assertThat(RawName.resolve(cache.resolve(sha256(packed)), "go/test/größe/日本.go"))
                .hasContent("package test");
    }

    @Test
    void asksAgainWhereThatMayHelp() throws Exception {
        try (GarbledMirror busy = GarbledMirror.start()) {
            busy.answer("/go.tar.gz", 200, "application/gzip", archive)
                    .first(1, "/go.tar.gz", 429, "Retry-After: 5")
                    .first(
                            1,
                            "/go.tar.gz",
                            out -> out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"
                                    .getBytes(StandardCharsets.US_ASCII)));

            assertThat(fetch(busy, sha256(archive))).isDirectory();
            assertThat(pauses).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(8));
        }
    }

    @Test
    void doesNotAskAgainWithoutEnd() throws Exception {
        try (GarbledMirror busy = GarbledMirror.start()) {
            busy.first(9, "/go.tar.gz", 503);
            assertThatThrownBy(() -> fetch(busy, "0".repeat(64)))
                    .hasMessageContaining("/go.tar.gz could not be fetched")
                    .hasMessageContaining("it answered 503 (3 attempts)");
            assertThatThrownBy(() -> ensure("/missing", "0".repeat(64), false)).hasMessageContaining("answers 404");
        }
        assertThat(pauses).hasSize(2);
    }

    @Test
    void doesNotWaitForAServerThatSendsNothingMore() throws Exception {
        patience = Hurried.patience(
                pauses::add, new Pace(1, Duration.ofMinutes(1), Duration.ofMillis(200), System::nanoTime));
        CountDownLatch end = new CountDownLatch(1);
        try (GarbledMirror slow = GarbledMirror.start()) {
            slow.first(3, "/go.tar.gz", out -> {
                out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf".getBytes(StandardCharsets.US_ASCII));
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            });
            assertThatThrownBy(() -> fetch(slow, "0".repeat(64)))
                    .hasMessageContaining("nothing came for 0.2 s (3 attempts)");
        } finally {
            end.countDown();
        }
        assertThat(cache).isEmptyDirectory();
    }

    private Path fetch(GarbledMirror server, String sha256) {
        return new SdkArchives(cache, patience, BuildListener.SILENT)
                .ensure(
                        new SdkArchives.Wanted(URI.create("http://" + server.host() + "/go.tar.gz"), sha256),
                        false,
                        Access.OF_JVM);
    }

    @Test
    void refusesArchivesThatAreNoSdk() throws Exception {
        archive = tar(Map.of("python/bin/python", "x"));
        assertThatThrownBy(() -> ensure("/go.tar.gz", sha256(archive), false))
                .hasMessageContaining("holds no Go SDK")
                .hasMessageContaining("there is no go/bin/go in it");

        archive = tar(Map.of("../../outside", "x"));
        assertThatThrownBy(() -> ensure("/go.tar.gz", sha256(archive), false))
                .hasMessageContaining("a path that leads out of it");
        archive = "no archive".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> ensure("/go.tar.gz", sha256(archive), false))
                .hasMessageContaining("could not be fetched");
        assertThat(cache).isEmptyDirectory();
        try (Stream<Path> around = Files.list(cache.resolve("../.."))) {
            assertThat(around).hasSize(1);
        }
    }
}
