package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.TarFixture;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.FakeEngine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseImagesTest {

    private static final ImageReference NAME = ImageReference.of("k8s.gcr.io/build-image/go-runner:1");
    private static final byte[] LOW = new TarFixture().file("low", "1").bytes();
    private static final byte[] HIGH = new TarFixture().file("high", "2").bytes();

    private final Path directory;
    private final BaseImageStore store;

    BaseImagesTest(@TempDir Path directory) {
        this.directory = directory;
        this.store = new BaseImageStore(directory.resolve("store"));
    }

    @Test
    void readsTheArchivesOfOlderEnginesWithLayersThatAreLinks() throws IOException {
        byte[] archive = new TarFixture()
                .file("aa/layer.tar", LOW)
                .file("bb/layer.tar", HIGH)
                .link("cc/layer.tar", "../aa/layer.tar")
                .file("config.json", TarFixture.config("amd64", LOW, HIGH, LOW))
                .file("manifest.json", manifest("config.json", "aa/layer.tar", "bb/layer.tar", "cc/layer.tar"))
                .bytes();

        BaseImage image = found(archive(archive).find(NAME, "linux/amd64"));

        assertThat(image.layers())
                .extracting(BaseImage.Layer::diffId)
                .containsExactly(TarFixture.digest(LOW), TarFixture.digest(HIGH), TarFixture.digest(LOW));
        assertThat(image.layers().get(1).tar()).hasBinaryContent(HIGH);
    }

    @Test
    void readsTheArchivesOfNewerEnginesWithCompressedBlobs() throws IOException {
        byte[] archive = new TarFixture()
                .file("blobs/sha256/c0", TarFixture.config("amd64", LOW, HIGH))
                .file("blobs/sha256/10", TarFixture.gzip(LOW))
                .file("blobs/sha256/11", HIGH)
                .file("index.json", "{}")
                .file("oci-layout", "{}")
                .file("manifest.json", manifest("blobs/sha256/c0", "blobs/sha256/10", "blobs/sha256/11"))
                .bytes();

        BaseImage image = found(archive(archive).find(NAME, "linux/amd64"));

        assertThat(image.layers().get(0).tar()).hasBinaryContent(LOW);
    }

    @Test
    void refusesArchivesForAnotherPlatformOrCutShort() throws IOException {
        byte[] arm = new TarFixture()
                .file("c", TarFixture.config("arm64", LOW))
                .file("l", LOW)
                .file("manifest.json", manifest("c", "l"))
                .bytes();
        assertThat(absent(archive(arm).find(NAME, "linux/amd64")).why()).contains("for linux/arm64");

        byte[] torn = new TarFixture().file("manifest.json", manifest("c", "l")).bytes();
        assertThat(absent(archive(torn).find(NAME, "linux/amd64")).why()).contains("cut short: it lacks c");
    }

    @Test
    void refusesALayerWithAnotherDigestAndLeavesNothingBehind() throws IOException {
        byte[] wrong = new TarFixture()
                .file("c", TarFixture.config("amd64", LOW))
                .file("l", HIGH)
                .file("manifest.json", manifest("c", "l"))
                .bytes();

        assertThat(absent(archive(wrong).find(NAME, "linux/amd64")).why())
                .contains("should be " + TarFixture.digest(LOW));
        assertThat(files()).isEmpty();
    }

    @Test
    void takesAPinnedImageOnlyFromAnArchiveWithItsManifest() throws IOException {
        String config = TarFixture.config("amd64", LOW);
        String manifest = "{\"config\":{\"digest\":\"" + digest(config) + "\"}}";
        String list = "{\"manifests\":[{\"digest\":\"" + digest(manifest) + "\"}]}";
        byte[] kept = new TarFixture()
                .file(blob(config), config)
                .file(blob(manifest), manifest)
                .file(blob(list), list)
                .file("l", LOW)
                .file("manifest.json", manifest(blob(config), "l"))
                .bytes();
        for (String pinned : List.of(manifest, list)) {
            assertThat(found(pinned(digest(pinned), kept)).layers()).hasSize(1);
        }
        byte[] lost = new TarFixture()
                .file("c", config)
                .file("l", LOW)
                .file("manifest.json", manifest("c", "l"))
                .bytes();
        byte[] forged = new TarFixture()
                .file("c", config)
                .file(blob(manifest), manifest + " ")
                .file("l", LOW)
                .file("manifest.json", manifest("c", "l"))
                .bytes();
        for (byte[] archive : List.of(lost, forged)) {
            assertThat(absent(pinned(digest(manifest), archive)).why())
                    .contains("no manifest in it proves that it is the pinned image", digest(manifest));
        }
    }

    private BaseImageSource.Answer pinned(String digest, byte[] archive) throws IOException {
        ImageReference reference = ImageReference.of(NAME + "@" + digest);
        Path file = Files.write(directory.resolve("pinned.tar"), archive);
        return new ArchiveBaseImages(Map.of(reference, file), store).find(reference, "linux/amd64");
    }

    private static String digest(String text) {
        return TarFixture.digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String blob(String text) {
        return "blobs/" + digest(text).replace(':', '/');
    }

    private FakeEngine engineWithTheImage() throws IOException {
        FakeEngine engine = new FakeEngine();
        byte[] archive = new TarFixture()
                .file("c", TarFixture.config("amd64", LOW))
                .file("l", LOW)
                .file("manifest.json", manifest("c", "l"))
                .bytes();
        engine.load(Files.write(directory.resolve("image.tar"), archive));
        return engine;
    }

    @Test
    void takesFromTheEngineWhatItHasUnderTheDigestAndNotUnderTheTag() throws IOException {
        FakeEngine engine = engineWithTheImage();
        ImageReference pinned = ImageReference.of(NAME + "@sha256:" + "a".repeat(64));

        assertThat(absent(new EngineBaseImages(engine, store).find(pinned, "linux/amd64"))
                        .why())
                .isEqualTo("it has no such image");
    }

    @Test
    void unpacksNoLayerOfAFewKilobytesToGigabytes() throws IOException {
        byte[] zeros = new byte[128 << 20];
        byte[] archive = new TarFixture()
                .file("c", TarFixture.config("amd64", zeros))
                .file("l", TarFixture.gzip(zeros))
                .file("manifest.json", manifest("c", "l"))
                .bytes();

        assertThat(absent(archive(archive).find(NAME, "linux/amd64")).why()).contains("the image layer is not taken: ");
        assertThat(files()).isEmpty();
    }

    @Test
    void savesAnImageOfTheEngineOnce() throws IOException {
        FakeEngine engine = engineWithTheImage();
        EngineBaseImages images = new EngineBaseImages(engine, store);

        BaseImage first = found(images.find(NAME, "linux/amd64"));
        BaseImage second = found(images.find(NAME, "linux/amd64"));

        assertThat(first.layers().get(0).tar()).hasBinaryContent(LOW);
        assertThat(second).isEqualTo(first);
        assertThat(engine.calls()).containsExactly("load image.tar", "save " + NAME);
        assertThat(absent(images.find(NAME, "linux/arm64")).why()).isEqualTo("it has one for linux/amd64");
        assertThat(files()).noneMatch(name -> name.contains(".new-"));
    }

    @Test
    void reportsEveryBaseImageThatNoSourceHasWithWhatEachSaid() throws IOException {
        ChainedBaseImages chain = new ChainedBaseImages(List.of(
                new EngineBaseImages(new FakeEngine(), store),
                new ArchiveBaseImages(Map.of(NAME, directory.resolve("absent.tar")), store)));

        assertThatThrownBy(() -> chain.find(List.of(
                        new ChainedBaseImages.Wanted(NAME, "linux/amd64"),
                        new ChainedBaseImages.Wanted(ImageReference.of("debian:9"), "linux/amd64"))))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.problems()).hasSize(2))
                .hasMessageContaining("the engine: it has no such image")
                .hasMessageContaining("absent.tar: no such file")
                .hasMessageContaining("docker pull --platform linux/amd64 debian:9");
    }

    private ArchiveBaseImages archive(byte[] content) throws IOException {
        Path file = directory.resolve("image.tar");
        Files.write(file, content);
        return new ArchiveBaseImages(Map.of(NAME, file), store);
    }

    private List<String> files() throws IOException {
        try (var files = Files.walk(directory.resolve("store"))) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList();
        }
    }

    private static String manifest(String config, String... layers) {
        return "[{\"Config\":\"" + config + "\",\"RepoTags\":[\"" + NAME + "\"],\"Layers\":[\""
                + String.join("\",\"", layers) + "\"]}]";
    }

    private static BaseImage found(BaseImageSource.Answer answer) {
        assertThat(answer).isInstanceOf(BaseImageSource.Found.class);
        return ((BaseImageSource.Found) answer).image();
    }

    private static BaseImageSource.Absent absent(BaseImageSource.Answer answer) {
        assertThat(answer).isInstanceOf(BaseImageSource.Absent.class);
        return (BaseImageSource.Absent) answer;
    }
}
