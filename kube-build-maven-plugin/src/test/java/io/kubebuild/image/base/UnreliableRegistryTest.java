package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.Pace;
import io.kubebuild.http.Patience;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.image.TarFixture;
import io.kubebuild.testing.GarbledMirror;
import io.kubebuild.testing.Hurried;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries that are busy, slow, cut off, or send what nobody asked for. */
@Timeout(60)
class UnreliableRegistryTest {

    private static final String REPOSITORY = "/v2/base/runner/";
    private static final String MANIFEST = REPOSITORY + "manifests/1";
    private static final int MEBIBYTE = 1 << 20;

    private final ServedImage image = ServedImage.of(noise(MEBIBYTE));
    private final String layer = REPOSITORY + "blobs/" + image.layerDigest();
    private final List<Duration> pauses = new ArrayList<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Path directory;
    private final GarbledMirror mirror;
    private final GarbledMirror second;

    UnreliableRegistryTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.mirror = GarbledMirror.start();
        this.second = GarbledMirror.start();
        image.at(mirror, REPOSITORY, "1");
        image.at(second, REPOSITORY, "1");
    }

    @AfterEach
    void stop() throws IOException {
        end.countDown();
        mirror.close();
        second.close();
    }

    @ParameterizedTest
    @CsvSource({"429, manifests", "500, manifests", "502, manifests", "503, manifests", "504, manifests", "500, blobs"})
    void isAskedAgainWhereThatMayHelp(int status, String what) {
        mirror.first(2, REPOSITORY + what, status);

        assertFoundAt(mirror);
        assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(8));
    }

    @Test
    void isAskedAgainForEveryKindOfRequest() {
        mirror.first(1, "/v2/", 503)
                .first(1, MANIFEST, 503)
                .first(1, REPOSITORY + "blobs/" + image.configDigest(), 503)
                .first(1, layer, 503);

        assertFoundAt(mirror);
        assertThat(pauses).hasSize(4).containsOnly(Duration.ofSeconds(2));
    }

    @Test
    void isAskedAgainForAToken() {
        mirror.first(
                        2,
                        "/v2/",
                        401,
                        "WWW-Authenticate: Bearer realm=\"http://" + mirror.host() + "/token\",service=\"x\"")
                .answer("/token", 200, "application/json", "{\"token\":\"secret\"}")
                .first(1, "/token", 503);

        assertFoundAt(mirror);
        assertThat(mirror.asked())
                .filteredOn(request -> request.contains("/token"))
                .hasSize(2);
        assertThat(pauses).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"7|7", "0|2", "Fri, 27 Nov 2026 10:00:05 GMT|5", "soon|2"})
    void isLeftAloneForAsLongAsItWants(String retryAfter, int seconds) {
        mirror.first(1, MANIFEST, 429, "Retry-After: " + retryAfter);

        assertFoundAt(mirror);
        assertThat(pauses).containsExactly(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", "99999999999999999999", "Fri, 27 Nov 2026 12:00:00 GMT"})
    void isNotWaitedForTooLong(String retryAfter) {
        mirror.first(1, MANIFEST, 429, "Retry-After: " + retryAfter);

        assertFoundAt(second);
        assertThat(pauses).isEmpty();
        assertThat(mirror.asked())
                .filteredOn(request -> request.endsWith(MANIFEST))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void isNotAskedAgainWhereItSaidNo(int status) {
        mirror.first(9, MANIFEST, status);

        assertFoundAt(second);
        assertThat(pauses).isEmpty();
        assertThat(mirror.asked())
                .filteredOn(request -> request.endsWith(MANIFEST))
                .hasSize(1);
    }

    @Test
    void isGivenUpAfterThreeAttemptsAndNotAskedForOtherImages() {
        mirror.first(9, MANIFEST, 429);
        second.first(9, MANIFEST, 503);

        RegistryBaseImages source = source(Hurried.patience(pauses::add));
        assertThat(why(source))
                .contains(mirror.host()
                        + "/base/runner:1: it answered 429, too many requests (it may take more with a login")
                .contains("(3 attempts); " + second.host() + "/base/runner:1: it answered 503 (3 attempts)");
        assertThat(pauses).hasSize(4);
        assertThat(why(source)).contains(mirror.host() + " is busy: it answered 429", second.host() + " is busy: ");
        assertThat(mirror.asked())
                .filteredOn(request -> request.endsWith(MANIFEST))
                .hasSize(3);
    }

    @Test
    void mayCutTheFirstConnectionAndTheBlobInItsMiddle() {
        mirror.first(1, "/v2/", out -> {}).first(2, layer, out -> {
            header(out, 200, "Content-Length: " + MEBIBYTE);
            out.write(image.layer(), 0, 1000);
        });

        assertFoundAt(mirror);
        assertThat(pauses).hasSize(3);
    }

    @Test
    void thatIsNotThereIsTriedThreeTimes() throws IOException {
        mirror.close();

        assertFoundAt(second);
        assertThat(pauses).hasSize(2);
    }

    @Test
    void isGivenUpWhereABlobTrickles() {
        mirror.first(3, layer, out -> {
            header(out, 200, "Content-Length: " + image.layer().length);
            for (byte one : image.layer()) {
                out.write(one);
                out.flush();
                LockSupport.parkNanos(20_000);
            }
        });
        second.first(9, MANIFEST, 404);

        assertThat(why(source(Hurried.patience(pauses::add, Hurried.withReadsOfASecond()))))
                .containsPattern(": only [0-9]+ bytes came in 60 s, after [0-9]+ before; at least 60000 are expected "
                        + "\\(3 attempts\\); ");
        assertThat(pauses).hasSize(2);
    }

    @Test
    void isGivenUpWhereNothingMoreComes() {
        mirror.first(3, layer, out -> {
            header(out, 200, "Content-Length: " + image.layer().length);
            out.write(image.layer(), 0, 1000);
            await();
        });

        assertThat(why(impatient())).contains(": nothing came for 0.2 s (3 attempts); ");
    }

    @Test
    void isGivenUpWhereItsHeadersTrickle() {
        mirror.first(3, MANIFEST, out -> {
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                LockSupport.parkNanos(1_000_000);
            }
        });

        assertThat(why(impatient())).contains(": no answer came within 0.2 s (3 attempts); ");
    }

    @Test
    void cannotFillTheMemoryWithAManifest() {
        mirror.first(1, MANIFEST, out -> endless(out, 200));

        assertThat(why()).contains(": it sends more than 4194304 bytes; ");
        assertThat(pauses).isEmpty();
    }

    @Test
    void cannotFillTheMemoryWithAFewKilobytesOfAManifest() {
        byte[] bomb = TarFixture.gzip(new byte[64 * MEBIBYTE]);
        mirror.first(1, MANIFEST, out -> {
            header(out, 200, "Content-Encoding: gzip", "Content-Length: " + bomb.length);
            out.write(bomb);
        });

        assertThat(why()).contains(": it sends more than 4194304 bytes; ");
    }

    @Test
    void cannotFillTheMemoryWithAnError() {
        mirror.first(3, MANIFEST, out -> endless(out, 500));

        assertThat(why()).contains(": it answered 500 (3 attempts); ");
    }

    @Test
    void sendsBlobsOfTheSizeThatTheirManifestNames() throws InterruptedException {
        CountDownLatch cut = new CountDownLatch(1);
        mirror.first(1, layer, out -> {
            try {
                endless(out, 200);
            } catch (IOException e) {
                cut.countDown();
                throw e;
            }
        });
        assertThat(why())
                .contains(": it sends more than the " + image.layer().length + " bytes that its manifest names");
        assertThat(pauses).isEmpty();
        assertThat(cut.await(10, TimeUnit.SECONDS)).as("its connection is cut").isTrue();

        mirror.answer(layer, 200, "application/x-tar", "short");
        assertThat(why()).contains(": it sent 5 of the " + image.layer().length + " bytes that its manifest names; ");
    }

    @Test
    void namesSizesThatImagesHave() {
        mirror.answer(MANIFEST, 200, ServedImage.MANIFEST, image.manifest(17L << 20, image.layer().length));
        assertThat(why())
                .contains(": its manifest names a configuration of 17825792 bytes, and may have 1 to 16777216; ");
        mirror.answer(MANIFEST, 200, ServedImage.MANIFEST, image.manifest(image.config().length, 1L << 50));
        assertThat(why()).contains(": its manifest names a layer of 1125899906842624 bytes, and may have 1 to ");
        assertThat(mirror.asked()).noneMatch(request -> request.endsWith(layer));
    }

    @Test
    void maySendLargeBlobsFromElsewhere() {
        ServedImage large = ServedImage.of(noise(5 * MEBIBYTE));
        large.at(mirror, REPOSITORY, "1");
        mirror.answer("/elsewhere", 200, "application/x-tar", large.layer())
                .first(
                        1,
                        REPOSITORY + "blobs/" + large.layerDigest(),
                        307,
                        "Location: http://" + mirror.host() + "/elsewhere");

        assertFoundAt(mirror);
        assertThat(mirror.asked()).contains("GET /elsewhere");
    }

    @Test
    void cannotFillTheDiskWithAFewKilobytesOfALayer() {
        byte[] zeros = new byte[128 * MEBIBYTE];
        ServedImage bomb = ServedImage.compressed(TarFixture.gzip(zeros), zeros);
        bomb.at(mirror, REPOSITORY, "1");

        assertThat(why()).contains("the image layer is not taken: ").contains(" bytes of it unpack to more than ");
    }

    /** Looks for it, with a mirror in front of its own place, the second. */
    private void assertFoundAt(GarbledMirror expected) {
        assertThat(find(source(Hurried.patience(pauses::add)))).isInstanceOf(BaseImageSource.Found.class);
        assertThat(expected.asked()).anyMatch(request -> request.contains("/blobs/") || request.contains("/elsewhere"));
        assertThat(expected == mirror || mirror.asked().stream().noneMatch(request -> request.contains("/blobs/")))
                .isTrue();
    }

    /** What the first mirror is told to have said, where the second has nothing either. */
    private String why() {
        return why(source(Hurried.patience(pauses::add)));
    }

    private String why(RegistryBaseImages source) {
        second.answer(MANIFEST, 404, "application/json", "{\"errors\":[]}");
        BaseImageSource.Answer answer = find(source);
        assertThat(answer).isInstanceOf(BaseImageSource.Absent.class);
        try (var files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return ((BaseImageSource.Absent) answer).why();
    }

    private RegistryBaseImages impatient() {
        Pace usual = Pace.standard();
        return source(Hurried.patience(
                pauses::add, new Pace(usual.bytes(), usual.window(), Duration.ofMillis(200), usual.nanos())));
    }

    private RegistryBaseImages source(Patience patience) {
        return new RegistryBaseImages(
                Mirrors.of(Map.of(second.host(), List.of(mirror.host()))),
                CredentialSource.NONE,
                new BaseImageStore(directory.resolve("kept")),
                RegistryBaseImages.Mode.FRESH,
                Access.OF_JVM,
                patience,
                BuildListener.SILENT);
    }

    private BaseImageSource.Answer find(RegistryBaseImages source) {
        return source.find(ImageReference.of(second.host() + "/base/runner:1"), "linux/amd64");
    }

    private void await() throws IOException {
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void endless(OutputStream out, int status) throws IOException {
        header(out, status);
        byte[] some = new byte[1 << 16];
        while (true) {
            out.write(some);
        }
    }

    private static void header(OutputStream out, int status, String... lines) throws IOException {
        out.write(
                ("HTTP/1.1 " + status + " Whatever\r\nContent-Type: application/octet-stream\r\nConnection: close\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        for (String line : lines) {
            out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] noise(int bytes) {
        byte[] noise = new byte[bytes];
        new Random(1).nextBytes(noise);
        return noise;
    }
}
