package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.TarFixture;
import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.io.RawTar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of an archive of an image that somebody else saved. */
class HostileImageArchiveTest {

    private static final ImageReference NAME = ImageReference.of("base/runner:1");
    private static final String LAYER = new String(new RawTar().file("a", "x").bytes(), StandardCharsets.ISO_8859_1);

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileArchiveDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            for (String wanted : new String[] {"manifest.json", "config.json", "l/layer.tar"}) {
                assertThat(host.after(() -> found(host, tar.bytes(bait(host, wanted, "config.json", "l/layer.tar")))))
                        .as("an answer, whatever is wrong")
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileLayerIsKeptAsItIs(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            byte[] layer = tar.bytes(new HostileTar.Bait(Map.of(), "", "a", host.outside()));
            byte[] archive = new RawTar()
                    .file("manifest.json", manifest("config.json", "l/layer.tar"))
                    .file("config.json", TarFixture.config("amd64", layer))
                    .file("l/layer.tar", layer)
                    .bytes();
            host.after(() -> assertThat(found(host, archive)).isInstanceOf(BaseImageSource.Found.class));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../outside/secret",
                "/etc/passwd",
                "sha256:../../x",
                "",
                ".",
                "manifest.json",
                "\\u0000",
                "\\u001b[2J\\n[INFO] done"
            })
    void namesInTheManifestAreNamesInTheArchive(String name) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() ->
                            found(host, bait(host, "", name, "l/layer.tar").plain())))
                    .isEmpty();
            assertThat(host.after(() ->
                            found(host, bait(host, "", "config.json", name).plain())))
                    .isEmpty();
        }
    }

    @Property(tries = 500)
    void aDamagedArchiveDoesNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> found(host, archive))).isEmpty();
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            return DamagedArchive.of(
                    bait(host, "", "config.json", "l/layer.tar").plain());
        }
    }

    @Test
    void aPlainOneIsFound() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(found(host, bait(host, "", "config.json", "l/layer.tar").plain()))
                    .isInstanceOf(BaseImageSource.Found.class);
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host, String wanted, String config, String layer) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("manifest.json", manifest(config, layer));
        files.put("config.json", TarFixture.config("amd64", LAYER.getBytes(StandardCharsets.ISO_8859_1)));
        files.put("l/layer.tar", LAYER);
        return new HostileTar.Bait(files, "", wanted, host.outside());
    }

    private static String manifest(String config, String layer) {
        return "[{\"Config\":\"" + config + "\",\"RepoTags\":[\"" + NAME + "\"],\"Layers\":[\"" + layer + "\"]}]";
    }

    private static BaseImageSource.Answer found(HostUnharmed host, byte[] archive) throws IOException {
        Path file = Files.write(host.inside().resolve("image.tar"), archive);
        return new ArchiveBaseImages(
                        Map.of(NAME, file), new BaseImageStore(host.inside().resolve("store")))
                .find(NAME, "linux/amd64");
    }
}
