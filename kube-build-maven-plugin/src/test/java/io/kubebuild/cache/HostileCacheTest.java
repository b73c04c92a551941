package io.kubebuild.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.sync.UnsentFiles;
import io.kubebuild.testing.AnsweringWorkspace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of a cache that somebody else wrote, and of a workspace that a cache is made of. */
class HostileCacheTest {

    private static final CacheHeader HEADER = CacheHeader.of(GoCacheFixture.KEY, "sources");
    private static final String PATH = "pkg/api/zz_generated.deepcopy.go";

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileCacheDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            for (String wanted : List.of("records/made.json", "generated/" + PATH)) {
                byte[] archive = tar.bytes(new HostileTar.Bait(
                        Map.of(CacheWriter.HEADER, new String(HEADER.bytes(), StandardCharsets.UTF_8)),
                        "generated/",
                        wanted,
                        host.outside()));
                assertThat(host.after(() -> takenIn(host, zstd(archive)))).isPresent();
            }
        }
    }

    /** The hash says nothing of who made it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/../../../../escaped",
                "../escaped",
                ".git/hooks/post-checkout",
                "_output/x",
                "a/\u001b[2J",
                "a/b\n[INFO] done",
                "a//b",
                "/etc/passwd",
                "a/./b",
                "a/b/"
            })
    void aWholeCacheWithOddNamesDoesNoHarm(String path) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> takenIn(host, cache(path)));
        }
    }

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileWorkspaceDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            String directory = "kube-build-cache-export/generated/";
            byte[] archive = tar.bytes(new HostileTar.Bait(Map.of(), directory, directory + PATH, host.outside()));
            host.after(() -> exported(host, archive));
        }
    }

    @Property(tries = 300)
    void aDamagedCacheDoesNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> takenIn(host, archive));
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        byte[] packed = cache(PATH);
        byte[] tar = new ZstdCompressorInputStream(new ByteArrayInputStream(packed)).readAllBytes();
        return Arbitraries.oneOf(
                DamagedArchive.of(packed), DamagedArchive.of(tar).map(HostileCacheTest::zstd));
    }

    @Test
    void aPlainOneIsTakenIn() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> takenIn(host, cache(PATH)))).isEmpty();
            assertThat(host.inside().resolve("there").resolve(PATH)).hasContent("package api");
        }
    }

    /** The hash of such a cache is right, and so are all names in it. */
    @Test
    void aWholeCacheOfAFewKilobytesThatUnpacksToMuchIsNotTakenIn() throws Exception {
        int size = 128 << 20;
        byte[] archive = cache(writer -> writer.add(
                new CacheFile(CachePart.GENERATED, PATH, 0644, 0, size), new ByteArrayInputStream(new byte[size])));
        assertThat(archive).hasSizeLessThan(100_000);
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> takenIn(host, archive)))
                    .hasValueSatisfying(refused -> assertThat(refused).hasMessageContaining("unpack to more than"));
            assertThat(host.inside().resolve("there").resolve(PATH)).doesNotExist();
        }
    }

    @Test
    void aWholeCacheOfManyRecordsIsNotTakenIn() throws Exception {
        byte[] archive = cache(writer -> {
            for (char a = 'a'; a <= 'z'; a++) {
                CacheFile record = new CacheFile(CachePart.RECORDS, a + ".json", 0644, 0, 0);
                writer.add(record, InputStream.nullInputStream());
            }
        });
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> takenIn(host, archive)))
                    .hasValueSatisfying(refused -> assertThat(refused).hasMessageContaining("more than 16 records"));
        }
    }

    @FunctionalInterface
    private interface Filling {
        void into(CacheWriter writer) throws IOException;
    }

    private static byte[] cache(Filling filling) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CacheWriter writer = new CacheWriter(bytes, HEADER, 1)) {
            filling.into(writer);
            writer.finish();
        }
        return bytes.toByteArray();
    }

    private static byte[] cache(String path) throws IOException {
        Map<CachePart, String> files = new LinkedHashMap<>();
        files.put(CachePart.RECORDS, "made.json");
        files.put(CachePart.PROGRAMS, "_output/dockerized/go/bin/kubectl");
        files.put(CachePart.GENERATED, path);
        byte[] content = "package api".getBytes(StandardCharsets.UTF_8);
        return cache(writer -> {
            for (Map.Entry<CachePart, String> file : files.entrySet()) {
                writer.add(
                        new CacheFile(file.getKey(), file.getValue(), 0755, -1, content.length),
                        new ByteArrayInputStream(content));
            }
        });
    }

    private static void takenIn(HostUnharmed host, byte[] archive) throws IOException, InterruptedException {
        GoCacheFixture there = new GoCacheFixture(host.inside().resolve("there"));
        Path file = Files.write(host.inside().resolve("cache.tar.zst"), archive);
        new CacheImport(there.workspace(), Clock.systemUTC())
                .read(
                        file,
                        new CacheImport.Wanted(
                                GoCacheFixture.KEY, "sources", records -> false, source -> false, source -> false));
    }

    private static void exported(HostUnharmed host, byte[] archive) throws IOException, InterruptedException {
        new CacheExport(new AnsweringWorkspace(archive), 1)
                .write(
                        new CacheExport.Wanted(
                                HEADER, List.of(), List.of(), new UnsentFiles.Found(List.of(), List.of()), Map.of()),
                        host.inside().resolve("cache.tar.zst"));
    }

    private static byte[] zstd(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                ZstdCompressorOutputStream.builder().setOutputStream(bytes).get()) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
