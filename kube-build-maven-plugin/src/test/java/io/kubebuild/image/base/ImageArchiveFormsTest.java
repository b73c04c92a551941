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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Base images come in whatever form {@code docker load} takes. */
class ImageArchiveFormsTest {

    private static final ImageReference NAME = ImageReference.of("k8s.gcr.io/build-image/go-runner:1");
    private static final byte[] LAYER = new TarFixture().file("low", "1").bytes();
    private static final byte[] OTHER = new TarFixture().file("other", "2").bytes();

    private final Path directory;

    ImageArchiveFormsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @EnumSource(
            value = Packing.class,
            names = {"TAR", "GZIP", "BZIP2", "XZ", "ZSTD"})
    void aFileOfDockerSaveMayBeCompressed(Packing packing) throws IOException {
        assertThat(layer(find(TarFixture.packed(saved(), packing), "linux/amd64")))
                .hasBinaryContent(LAYER);
        try (var left = Files.walk(directory.resolve("store"))) {
            assertThat(left.filter(Files::isRegularFile))
                    .allMatch(file -> file.toString().contains("/layers/"));
        }
    }

    @Test
    void itMayBeCompressedInSeveralParts() throws IOException {
        byte[] whole = saved();
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        for (int at = 0; at < whole.length; at += 512) {
            parts.writeBytes(TarFixture.gzip(Arrays.copyOfRange(whole, at, at + 512)));
        }
        assertThat(layer(find(parts.toByteArray(), "linux/amd64"))).hasBinaryContent(LAYER);
    }

    @ParameterizedTest
    @EnumSource(
            value = Packing.class,
            names = {"TAR", "GZIP", "BZIP2", "XZ", "ZSTD"})
    void layersOfALayoutMayBeCompressed(Packing packing) throws IOException {
        OciFixture layout = new OciFixture();
        layout.named(
                layout.image("amd64", LAYER, TarFixture.packed(LAYER, packing), OciFixture.TAR + "+zstd"),
                NAME.toString());

        assertThat(layer(find(layout.bytes(), "linux/amd64"))).hasBinaryContent(LAYER);
    }

    @Test
    void ofSeveralPlatformsTheWantedOneIsChosenHoweverDeepItLies() throws IOException {
        OciFixture flat = new OciFixture();
        flat.top(OciFixture.described(flat.image("arm64", OTHER), "arm64"))
                .top(OciFixture.described(flat.image("amd64", LAYER), "amd64"));
        OciFixture nested = new OciFixture();
        String inner = nested.index(
                OciFixture.described(nested.image("arm64", OTHER), "arm64"),
                OciFixture.described(nested.image("amd64", LAYER), "amd64"));
        nested.named(nested.index(OciFixture.described(inner, "amd64")), "elsewhere.example.com/renamed:3");

        for (OciFixture layout : new OciFixture[] {flat, nested}) {
            assertThat(layer(find(layout.bytes(), "linux/amd64"))).hasBinaryContent(LAYER);
            assertThat(layer(find(layout.bytes(), "linux/arm64"))).hasBinaryContent(OTHER);
        }
    }

    @Test
    void ofSeveralImagesTheNamedOneIsChosen() throws IOException {
        OciFixture layout = new OciFixture();
        layout.named(layout.image("amd64", OTHER), "k8s.gcr.io/build-image/debian-base:1")
                .named(layout.image("amd64", LAYER), NAME.toString());

        assertThat(layer(find(layout.bytes(), "linux/amd64"))).hasBinaryContent(LAYER);

        OciFixture others = new OciFixture();
        others.top(OciFixture.described(others.image("amd64", OTHER), "amd64"))
                .top(OciFixture.described(others.image("amd64", LAYER), "amd64"));
        assertThat(why(find(others.bytes(), "linux/amd64"))).isEqualTo("it holds for linux/amd64, for linux/amd64");
    }

    @Test
    void whatAnIndexListsAndTheFileLacksIsNamed() throws IOException {
        OciFixture layout = new OciFixture();
        String arm = layout.image("arm64", OTHER);
        String chart = layout.blob("{\"config\":{\"mediaType\":\"application/vnd.cncf.helm.config.v1+json\"}}"
                .getBytes(StandardCharsets.UTF_8));
        layout.named(
                layout.index(
                        OciFixture.described(layout.image("s390x", LAYER), "s390x"),
                        OciFixture.described(arm, "arm64"),
                        OciFixture.described(chart, "amd64"),
                        OciFixture.described(
                                layout.image("amd64", LAYER),
                                "unknown",
                                "\"vnd.docker.reference.type\":\"attestation-manifest\"")),
                NAME.toString());

        assertThat(why(find(layout.without(arm).bytes(), "linux/amd64")))
                .isEqualTo("it holds " + NAME + " for linux/s390x; not taken: " + NAME + " for linux/arm64: " + arm
                        + " is not in it, or damaged, " + NAME + " for linux/amd64: it has a part of the type"
                        + " application/vnd.cncf.helm.config.v1+json, which is not understood");
    }

    @Test
    void aFileWithBothListsHasWhatEitherNames() throws IOException {
        OciFixture layout = new OciFixture();
        layout.named(
                layout.index(
                        OciFixture.described(layout.image("arm64", OTHER), "arm64"),
                        OciFixture.described(layout.image("amd64", LAYER), "amd64")),
                NAME.toString());
        TarFixture both = new TarFixture();
        layout.files().forEach(both::file);
        byte[] archive = both.file("config", TarFixture.config("amd64", LAYER))
                .file("layer", LAYER)
                .file("manifest.json", manifest("config", "layer"))
                .bytes();

        assertThat(layer(find(archive, "linux/amd64"))).hasBinaryContent(LAYER);
        assertThat(layer(find(archive, "linux/arm64"))).hasBinaryContent(OTHER);
    }

    @Test
    void aTarFileOfSomethingElseIsNamedByWhatItLacks() throws IOException {
        assertThat(why(find(new TarFixture().file("a", "x").bytes(), "linux/amd64")))
                .isEqualTo("no image archive, or one that is cut short: it lacks manifest.json (of docker save) and"
                        + " index.json (of an OCI layout)");
    }

    @ParameterizedTest
    @EnumSource(
            value = Packing.class,
            names = {"GZIP", "ZSTD"})
    void layersOfARegistryMayBeCompressed(Packing packing) throws IOException {
        try (GarbledMirror mirror = GarbledMirror.start()) {
            ServedImage image = ServedImage.compressed(TarFixture.packed(LAYER, packing), LAYER);
            image.at(mirror, "/v2/base/runner/", "1");

            BaseImageSource.Answer answer = new RegistryBaseImages(
                            Mirrors.of(Map.of()),
                            CredentialSource.NONE,
                            new BaseImageStore(directory.resolve("store")),
                            RegistryBaseImages.Mode.CACHED,
                            Access.OF_JVM,
                            Hurried.PATIENCE,
                            BuildListener.SILENT)
                    .find(ImageReference.of(mirror.host() + "/base/runner:1"), "linux/amd64");

            assertThat(layer(answer)).hasBinaryContent(LAYER);
        }
    }

    private static byte[] saved() {
        return new TarFixture()
                .file("config", TarFixture.config("amd64", LAYER))
                .file("layer", LAYER)
                .file("manifest.json", manifest("config", "layer"))
                .bytes();
    }

    private static String manifest(String config, String layer) {
        return "[{\"Config\":\"" + config + "\",\"RepoTags\":[\"" + NAME + "\"],\"Layers\":[\"" + layer + "\"]}]";
    }

    private BaseImageSource.Answer find(byte[] archive, String platform) throws IOException {
        Path file = Files.write(directory.resolve("image"), archive);
        return new ArchiveBaseImages(Map.of(NAME, file), new BaseImageStore(directory.resolve("store")))
                .find(NAME, platform);
    }

    private static Path layer(BaseImageSource.Answer answer) {
        assertThat(answer).isInstanceOf(BaseImageSource.Found.class);
        return ((BaseImageSource.Found) answer).image().layers().get(0).tar();
    }

    private static String why(BaseImageSource.Answer answer) {
        assertThat(answer).isInstanceOf(BaseImageSource.Absent.class);
        return ((BaseImageSource.Absent) answer).why();
    }
}
