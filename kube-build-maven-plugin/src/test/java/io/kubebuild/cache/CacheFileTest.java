package io.kubebuild.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;

/** The archive itself: written, read, and everything that can be wrong with it. */
class CacheFileTest {

    private static final CacheHeader HEADER = CacheHeader.of(GoCacheFixture.KEY, "sources");
    private static final String OUTPUT = "the object code of a package ".repeat(500);
    private static final String OUTPUT_ID = GoCacheFixture.sha256(OUTPUT);
    private static final String ACTION_ID = GoCacheFixture.sha256("action");
    private static final String D = cached(OUTPUT_ID, "-d");
    private static final String A = cached(ACTION_ID, "-a");
    private static final String ACTION = "v1 " + ACTION_ID + " " + OUTPUT_ID + "                14500 1700000000\n";

    @Test
    void whatWasWrittenIsRead() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        List<CacheFile> read = new ArrayList<>();
        try (CacheReader reader = new CacheReader(new ByteArrayInputStream(archive()))) {
            assertThat(reader.header()).isEqualTo(HEADER);
            Contents contents = reader.files((file, in) -> {
                read.add(file);
                files.put(file.entry(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            });
            assertThat(contents).hasToString("2 cache entries, 1 programs, 1 generated sources");
        }
        assertThat(files)
                .containsExactly(
                        Map.entry("go/" + A, ACTION),
                        Map.entry("go/" + D, OUTPUT),
                        Map.entry("programs/_output/dockerized/go/bin/kubectl", "ELF"),
                        Map.entry("generated/pkg/api/zz_generated.deepcopy.go", "package api"));
        assertThat(read.get(2).mode()).isEqualTo(0755);
        assertThat(read.get(2).mtime()).isEqualTo(1_700_000_000L);
    }

    @Test
    void anArchiveCutShortAnywhereIsNotUsable() throws IOException {
        byte[] whole = archive();
        for (int length = 0; length < whole.length; length += 1 + length / 40) {
            assertUnusable(Arrays.copyOf(whole, length));
        }
        assertUnusable(Arrays.copyOf(whole, whole.length - 1));
    }

    @Test
    void anArchiveWithFlippedBitsIsNotUsable() throws IOException {
        byte[] whole = archive();
        Random random = new Random(42);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            // The frame's header has a few bits that mean nothing; then all of it is right.
            assertUnusableOrWhole(damaged);
        }
    }

    @Test
    void flippedBytesAreFoundWhereTheCompressionHasNoChecksum() throws IOException {
        byte[] plain = new ZstdCompressorInputStream(new ByteArrayInputStream(archive())).readAllBytes();
        Random random = new Random(42);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = plain.clone();
            int at = random.nextInt(plain.length);
            damaged[at] ^= 0x20;
            assertUnusableOrWhole(compressed(damaged));
        }
    }

    @Test
    void otherFilesAreNoCaches() throws IOException {
        assertUnusable(new byte[0]);
        assertUnusable("not an archive".getBytes(StandardCharsets.UTF_8));
        assertUnusable(compressed("not a tar".getBytes(StandardCharsets.UTF_8)));
        assertUnusable(tar("somebody/elses.txt", "x"));
        assertUnusable(tar(CacheWriter.HEADER, "{"));
        assertUnusable(tar(CacheWriter.HEADER, "{\"format\":1}"));
        assertThatThrownBy(() -> read(tar(CacheWriter.HEADER, "{\"format\":2}")))
                .hasMessage("its format is 2, not 1");
    }

    @Test
    void namesThatLeadElsewhereAreRefused() throws IOException {
        String header = new String(HEADER.bytes(), StandardCharsets.UTF_8);
        for (String name : List.of(
                "go/../../etc/passwd",
                "go/_output/dockerized/go/cache/00/../../x-d",
                "generated/../x",
                "generated/pkg/./x",
                "generated//etc/passwd",
                "generated/_output/bin/kubectl",
                "generated/.git/hooks/post-checkout",
                "programs/_output/dockerized/go/bin/../../x",
                "/etc/passwd",
                "other/x")) {
            assertThatThrownBy(() -> read(tar(CacheWriter.HEADER, header, name, "x")))
                    .as(name)
                    .isInstanceOf(UnusableCacheException.class)
                    .hasMessageContaining("no part of a cache");
        }
    }

    @Test
    void anEntryThatIsNotWhatItsNameSaysIsRefused() {
        assertThatThrownBy(() -> archive(D, "other content"))
                .isInstanceOf(UnusableCacheException.class)
                .hasMessage("the entry " + D + " of the Go build cache is damaged");
        assertThatThrownBy(() -> archive(A, ACTION.replace(ACTION_ID, OUTPUT_ID)))
                .isInstanceOf(UnusableCacheException.class);
        assertThatThrownBy(() -> archive(D.replace("/" + OUTPUT_ID.substring(0, 2) + "/", "/zz/"), OUTPUT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDifferentKeyIsNamed() {
        CacheKey ours = GoCacheFixture.KEY;

        assertThat(ours.difference(ours)).isEmpty();
        assertThat(ours.difference(new CacheKey("1", "sha256:other", "linux/amd64", ours.root())))
                .contains("it is for the cross image sha256:other, not sha256:cross");
        assertThat(ours.difference(new CacheKey("2", "sha256:other", "linux/arm64", "/")))
                .contains("it is for the plugin 2, not 1");
    }

    private static void assertUnusable(byte[] archive) {
        assertThatThrownBy(() -> read(archive)).isInstanceOf(UnusableCacheException.class);
    }

    /** Either it is refused, or not one byte of what comes out of it is different. */
    private static void assertUnusableOrWhole(byte[] archive) throws IOException {
        List<String> seen;
        try {
            seen = read(archive);
        } catch (UnusableCacheException e) {
            return;
        }
        assertThat(seen).isEqualTo(read(archive()));
    }

    private static List<String> read(byte[] archive) throws IOException {
        List<String> seen = new ArrayList<>();
        try (CacheReader reader = new CacheReader(new ByteArrayInputStream(archive))) {
            seen.add(reader.header().toString());
            reader.files((file, in) -> seen.add(file + new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)));
        }
        return seen;
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CacheWriter writer = new CacheWriter(bytes, HEADER, 2)) {
            add(writer, "go/" + A, ACTION);
            add(writer, "go/" + D, OUTPUT);
            add(writer, "programs/_output/dockerized/go/bin/kubectl", "ELF");
            add(writer, "generated/pkg/api/zz_generated.deepcopy.go", "package api");
            writer.finish();
        }
        return bytes.toByteArray();
    }

    private static void archive(String path, String content) throws IOException {
        try (CacheWriter writer = new CacheWriter(OutputStream.nullOutputStream(), HEADER, 1)) {
            add(writer, "go/" + path, content);
        }
    }

    private static void add(CacheWriter writer, String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        CachePart part = CachePart.of(name).orElseThrow(() -> new IllegalArgumentException(name));
        int mode = part == CachePart.PROGRAMS ? 0755 : 0644;
        InputStream in = new ByteArrayInputStream(bytes);
        writer.add(new CacheFile(part, part.path(name), mode, 1_700_000_000L, bytes.length), in);
    }

    private static String cached(String id, String kind) {
        return "_output/dockerized/go/cache/" + id.substring(0, 2) + "/" + id + kind;
    }

    private static byte[] tar(String... namesAndContents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
        for (int i = 0; i < namesAndContents.length; i += 2) {
            byte[] content = namesAndContents[i + 1].getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry(namesAndContents[i], true);
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        }
        tar.finish();
        return compressed(bytes.toByteArray());
    }

    private static byte[] compressed(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream zstd =
                ZstdCompressorOutputStream.builder().setOutputStream(bytes).get()) {
            zstd.write(plain);
        }
        return bytes.toByteArray();
    }
}
