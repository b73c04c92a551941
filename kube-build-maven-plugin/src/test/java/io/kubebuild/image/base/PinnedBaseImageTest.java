package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.image.OciFixture;
import io.kubebuild.image.TarFixture;
import io.kubebuild.io.Packing;
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

/** A digest in a name decides what the image is, whoever gives it. */
class PinnedBaseImageTest {

    private static final String REPOSITORY = "/v2/base/runner/";
    private static final String LIST = "application/vnd.docker.distribution.manifest.list.v2+json";

    private final ServedImage meant = ServedImage.of("meant");
    private final ServedImage other = ServedImage.of("other");
    private final Path directory;
    private final GarbledMirror first;
    private final GarbledMirror second;

    PinnedBaseImageTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.first = GarbledMirror.start();
        this.second = GarbledMirror.start();
    }

    @AfterEach
    void stop() throws IOException {
        first.close();
        second.close();
    }

    @Test
    void isTakenFromAMirrorThatHasIt() {
        serve(first, meant.digest(), meant);

        assertThat(find(meant.digest())).isInstanceOf(BaseImageSource.Found.class);
        assertThat(second.asked()).isEmpty();
    }

    @Test
    void isNotTakenFromAMirrorThatGivesAnother() {
        serve(first, meant.digest(), other);
        serve(second, meant.digest(), other);

        assertThat(find(meant.digest()))
                .isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.why())
                        .contains(first.host() + "/base/runner:1@" + meant.digest() + ": it gave another image")
                        .contains("the manifest should be " + meant.digest() + " but is " + other.digest()));
        assertThat(first.asked()).noneMatch(request -> request.contains("/blobs/"));
    }

    @Test
    void isTakenFromTheNextPlaceThatHasIt() {
        serve(first, meant.digest(), other);
        serve(second, meant.digest(), meant);

        assertThat(find(meant.digest())).isInstanceOfSatisfying(BaseImageSource.Found.class, found -> assertThat(
                        found.image().layers())
                .extracting(BaseImage.Layer::diffId)
                .containsExactly(TarFixture.digest(meant.layer())));
    }

    @Test
    void mayBeAListWhoseImagesAreHeldToItsDigests() {
        String list = """
                {"schemaVersion": 2, "mediaType": "%s", "manifests": [{"mediaType": "%s", "size": %d,
                 "digest": "%s", "platform": {"architecture": "amd64", "os": "linux"}}]}
                """.formatted(LIST, ServedImage.MANIFEST, meant.manifest().length(), meant.digest());
        String pinned = TarFixture.digest(list.getBytes(StandardCharsets.UTF_8));
        for (GarbledMirror mirror : List.of(first, second)) {
            mirror.answer(REPOSITORY + "manifests/" + pinned, 200, LIST, list);
        }
        serve(first, meant.digest(), other);
        serve(second, meant.digest(), other);

        assertThat(find(pinned)).isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.why())
                .contains("should be " + meant.digest() + " but is " + other.digest()));

        serve(second, meant.digest(), meant);
        assertThat(find(pinned)).isInstanceOf(BaseImageSource.Found.class);
    }

    @Test
    void isRefusedWhereItsDigestCannotBeVerified() {
        String digest = "sha512:" + "0".repeat(128);
        serve(first, digest, other);

        assertThat(find(digest)).isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.why())
                .contains("the digest " + digest + " cannot be verified: only sha256 can"));
    }

    @Test
    void isProvenByAnOciLayoutThatHoldsItsManifestItsIndexOrItsConfiguration() throws IOException {
        OciFixture layout = new OciFixture();
        byte[] layer = new TarFixture().file("a", "meant").bytes();
        String manifest = layout.image("amd64", layer);
        String index = layout.index(
                OciFixture.described(layout.image("arm64", layer), "arm64"), OciFixture.described(manifest, "amd64"));
        String outer = layout.index(OciFixture.described(index, "amd64"));
        layout.named(outer, "some.other/name:1");
        String config = TarFixture.digest(TarFixture.config("amd64", layer).getBytes(StandardCharsets.UTF_8));

        for (String pinned : List.of(manifest, index, outer, config)) {
            for (Packing packing : List.of(Packing.TAR, Packing.ZSTD)) {
                assertThat(inFile(pinned, TarFixture.packed(layout.bytes(), packing)))
                        .isInstanceOfSatisfying(BaseImageSource.Found.class, found -> assertThat(
                                        found.image().layers().get(0).tar())
                                .hasBinaryContent(layer));
            }
        }
    }

    @Test
    void isNotProvenByALayoutOfTheSameNameWithAnotherImage() throws IOException {
        OciFixture layout = new OciFixture();
        layout.named(
                layout.image("amd64", new TarFixture().file("a", "other").bytes()),
                "localhost:1/base/runner:1@" + meant.digest());
        // A blob that lies where the pinned one should, and is another.
        byte[] index = layout.files().getOrDefault("index.json", new byte[0]);
        byte[] forged = new TarFixture()
                .file("blobs/" + meant.digest().replace(':', '/'), index)
                .file("index.json", index)
                .bytes();

        for (byte[] archive : List.of(layout.bytes(), forged)) {
            assertThat(inFile(meant.digest(), archive))
                    .isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.why())
                            .contains("no manifest in it proves that it is the pinned image"));
        }
    }

    private BaseImageSource.Answer inFile(String digest, byte[] archive) throws IOException {
        ImageReference pinned = ImageReference.of("localhost:1/base/runner:1@" + digest);
        Path file = Files.write(directory.resolve("image.any"), archive);
        return new ArchiveBaseImages(Map.of(pinned, file), new BaseImageStore(directory.resolve("store")))
                .find(pinned, "linux/amd64");
    }

    private BaseImageSource.Answer find(String digest) {
        return new RegistryBaseImages(
                        Mirrors.of(Map.of("localhost:1", List.of(first.host(), second.host()))),
                        CredentialSource.NONE,
                        new BaseImageStore(directory.resolve("kept")),
                        RegistryBaseImages.Mode.CACHED,
                        Access.OF_JVM,
                        Hurried.PATIENCE,
                        BuildListener.SILENT)
                .find(ImageReference.of("localhost:1/base/runner:1@" + digest), "linux/amd64");
    }

    private static void serve(GarbledMirror mirror, String digest, ServedImage image) {
        image.at(mirror, REPOSITORY, digest);
    }
}
