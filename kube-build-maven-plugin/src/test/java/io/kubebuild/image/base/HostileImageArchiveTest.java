package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.OciFixture;
import io.kubebuild.image.TarFixture;
import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.io.Packing;
import io.kubebuild.io.RawTar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of an archive of an image that somebody else saved. */
class HostileImageArchiveTest {

    private static final ImageReference NAME = ImageReference.of("base/runner:1");
    private static final Set<Packing> COMPRESSED = Set.of(Packing.GZIP, Packing.BZIP2, Packing.XZ, Packing.ZSTD);
    private static final byte[] PLAIN = new TarFixture().file("a", "x").bytes();
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
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileArchiveThatIsCompressedDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            byte[] plain = tar.bytes(bait(host, "manifest.json", "config.json", "l/layer.tar"));
            // Behind the compression they are the same: one written in Java, and the native one.
            for (Packing packing : List.of(Packing.GZIP, Packing.ZSTD)) {
                byte[] archive = TarFixture.packed(plain, packing);
                assertThat(host.after(() -> found(host, archive)))
                        .as("an answer, whatever is wrong")
                        .isEmpty();
            }
            try (Stream<Path> left = Files.walk(host.inside())) {
                assertThat(left.map(Path::toString)).noneMatch(file -> file.endsWith(".unpacked.tar"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileLayoutDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            Map<String, String> files = texts(layout());
            for (String wanted : files.keySet()) {
                assertThat(host.after(
                                () -> found(host, tar.bytes(new HostileTar.Bait(files, "", wanted, host.outside())))))
                        .as("an answer, whatever is wrong with %s", wanted)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sha256:../../../outside/secret",
                "../../../outside/secret",
                "/etc/passwd",
                "sha512:0",
                "",
                "sha256:",
                "sha256:\\u0000",
                "sha256:\\u001b[2J\\n[INFO] done"
            })
    void digestsOfALayoutAreNoPaths(String digest) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            OciFixture top = new OciFixture();
            top.image("amd64", PLAIN);
            OciFixture inside = new OciFixture();
            inside.named(inside.index(OciFixture.described(digest, "\\u001b[2J")), "x\\n[INFO] done");
            OciFixture parts = new OciFixture();
            parts.named(
                    parts.blob(("{\"config\":{\"digest\":\"" + digest + "\"},\"layers\":[{\"digest\":\"" + digest
                                    + "\"}]}")
                            .getBytes(StandardCharsets.UTF_8)),
                    NAME.toString());
            for (OciFixture layout : new OciFixture[] {top.named(digest, NAME.toString()), inside, parts}) {
                assertThat(host.after(() ->
                                assertThat(found(host, layout.bytes())).isInstanceOf(BaseImageSource.Absent.class)))
                        .isEmpty();
            }
        }
    }

    @Test
    void indexesWithinIndexesEndSomewhere() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            OciFixture deep = new OciFixture();
            String digest = deep.image("amd64", PLAIN);
            for (int i = 0; i < 1000; i++) {
                digest = deep.index(OciFixture.described(digest, "amd64"));
            }
            deep.named(digest, NAME.toString());
            OciFixture wide = new OciFixture();
            String[] entries = new String[10_001];
            Arrays.fill(entries, OciFixture.described(wide.image("amd64", PLAIN), "amd64"));
            wide.named(wide.index(entries), NAME.toString());
            for (OciFixture layout : new OciFixture[] {deep, wide}) {
                assertThat(host.after(() -> assertThat(found(host, layout.bytes()))
                                .isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.why())
                                        .contains("its indexes name more than"))))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Packing.class,
            names = {"GZIP", "BZIP2", "XZ", "ZSTD"})
    void aFewKilobytesDoNotBecomeGigabytes(Packing packing) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            byte[] zeros = new byte[80 << 20];
            byte[] archive = TarFixture.packed(new TarFixture().file("l", zeros).bytes(), packing);
            assertThat(found(host, archive))
                    .isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.why())
                            .contains("the image archive is not taken: "));
            OciFixture layer = new OciFixture();
            layer.named(
                    layer.image("amd64", zeros, TarFixture.packed(zeros, packing), OciFixture.TAR), NAME.toString());
            assertThat(found(host, layer.bytes()))
                    .isInstanceOfSatisfying(BaseImageSource.Absent.class, absent -> assertThat(absent.why())
                            .contains("the image layer is not taken: "));
        }
    }

    @Property(tries = 300)
    void aDamagedLayoutDoesNoHarm(@ForAll("damagedLayout") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> found(host, archive))).isEmpty();
        }
    }

    @Provide
    Arbitrary<byte[]> damagedLayout() {
        byte[] whole = layout().bytes();
        List<Arbitrary<byte[]>> all = new ArrayList<>();
        all.add(DamagedArchive.of(whole));
        for (Packing packing : COMPRESSED) {
            all.add(DamagedArchive.of(TarFixture.packed(whole, packing)));
        }
        return Arbitraries.oneOf(all);
    }

    @Test
    void aPlainLayoutIsFound() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(found(host, layout().bytes())).isInstanceOf(BaseImageSource.Found.class);
            assertThat(found(host, new HostileTar.Bait(texts(layout()), "", "", host.outside()).plain()))
                    .isInstanceOf(BaseImageSource.Found.class);
        }
    }

    private static OciFixture layout() {
        OciFixture layout = new OciFixture();
        String index = layout.index(
                OciFixture.described(layout.image("arm64", PLAIN), "arm64"),
                OciFixture.described(layout.image("amd64", PLAIN), "amd64"));
        return layout.named(index, NAME.toString());
    }

    private static Map<String, String> texts(OciFixture layout) {
        Map<String, String> texts = new LinkedHashMap<>();
        layout.files().forEach((name, content) -> texts.put(name, new String(content, StandardCharsets.UTF_8)));
        return texts;
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
