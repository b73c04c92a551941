package io.kubebuild.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.sync.UnsentFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From one workspace to another. */
class CacheTransferTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final String KUBECTL = "_output/dockerized/go/bin/kubectl";
    private static final String GENERATED = "pkg/api/zz_generated.deepcopy.go";

    private static final String SOURCE = "pkg/generated/bindata.go";

    private final GoCacheFixture here;
    private final GoCacheFixture there;
    private final Path file;
    private final Path record;
    private final String[] used;
    private final String[] unused;

    CacheTransferTest(@TempDir Path directory) throws IOException, InterruptedException {
        here = new GoCacheFixture(directory.resolve("here"));
        there = new GoCacheFixture(directory.resolve("there"));
        file = directory.resolve("shared/cache.tar.zst");
        record = directory.resolve("record");
        here.initialize();
        unused = here.entry("old", "last year's");
        here.caches().beforeUse();
        used = here.entry("compile", "kubectl.a");
        here.caches().afterUse("release", true);
        here.write(KUBECTL, "ELF");
        assertThat(here.file(KUBECTL).toFile().setExecutable(true)).isTrue();
        here.write(GENERATED, "package api");
        here.time(KUBECTL, NOW.minus(Duration.ofDays(3)));
    }

    @Test
    void onlyWhatWasUsedTravels() throws Exception {
        Contents contents = export();
        Map<String, String> before = here.contents();
        CacheImport.Imported imported = takeIn("sources");

        assertThat(contents).hasToString("2 cache entries, 1 programs, 1 generated sources");
        assertThat(imported.inWords()).isEqualTo(contents.toString());
        assertThat(there.contents()).containsOnlyKeys(used[0], used[1], KUBECTL, GENERATED);
        assertThat(before).containsAllEntriesOf(there.contents()).containsKey(unused[0]);
        assertThat(there.time(KUBECTL)).isEqualTo(NOW.minus(Duration.ofDays(3)));
        assertThat(there.file(KUBECTL)).isExecutable();
        // Over an hour old, so that the next build there renews the time of what it uses.
        assertThat(there.time(used[1])).isEqualTo(NOW.minus(Duration.ofHours(2)));
    }

    @Test
    void nothingIsLeftOfTheWay() throws Exception {
        export();
        takeIn("sources");

        assertThat(here.file("_output").toFile().list()).containsExactlyInAnyOrder("dockerized", "kube-build-cache");
        assertThat(there.file("_output").toFile().list()).containsExactly("dockerized");
        assertThat(file.resolveSibling("").toFile().list()).containsExactly("cache.tar.zst");
    }

    @Test
    void theFileIsWrittenThroughNoLink() throws Exception {
        Path directory = Files.createDirectories(file.resolveSibling(""));
        Path victim = Files.writeString(directory.resolveSibling("victim"), "precious");
        for (String link : List.of("cache.tar.zst", ".cache.tar.zst.part")) {
            Files.createSymbolicLink(directory.resolve(link), victim);
        }
        export();

        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(takeIn("sources").generated()).isTrue();
    }

    @Test
    void sourcesThatWereGeneratedForOtherSourcesStayOut() throws Exception {
        export();

        assertThat(takeIn("other sources").generated()).isFalse();
        assertThat(there.contents()).containsOnlyKeys(used[0], used[1], KUBECTL);
    }

    @Test
    void theyComeInWhereTheirRecordsSayThatTheyStandAllTheSame() throws Exception {
        export();
        List<String> read = new ArrayList<>();
        Predicate<Path> stands = records -> {
            read.addAll(lines(records.resolve("made.json")));
            return true;
        };

        CacheImport.Imported imported = new CacheImport(there.workspace(), Clock.fixed(NOW, ZoneOffset.UTC))
                .read(
                        file,
                        new CacheImport.Wanted(
                                GoCacheFixture.KEY, "other sources", stands, path -> false, path -> false));

        assertThat(imported.generated()).isTrue();
        assertThat(read).containsExactly("made of these");
        assertThat(there.contents()).containsOnlyKeys(used[0], used[1], KUBECTL, GENERATED);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void programsThatAreThereStay() throws Exception {
        there.write(KUBECTL, "newer");
        export();
        takeIn("sources");

        assertThat(there.file(KUBECTL)).hasContent("newer");
    }

    @Test
    void aSecondImportChangesNothing() throws Exception {
        export();
        takeIn("sources");
        Map<String, String> first = there.contents();
        takeIn("sources");

        assertThat(there.contents()).isEqualTo(first);
    }

    @Test
    void aCacheForSomebodyElseIsNotLookedInto() throws Exception {
        export();
        CacheKey other = new CacheKey("1", "sha256:other", "linux/amd64", "/go/src/k8s.io/kubernetes");

        assertThatThrownBy(() -> takeIn(other, "sources"))
                .isInstanceOf(UnusableCacheException.class)
                .hasMessage("it is for the cross image sha256:cross, not sha256:other");
        assertThat(there.contents()).isEmpty();
    }

    @Test
    void nothingOfADamagedCacheLands() throws Exception {
        export();
        byte[] whole = Files.readAllBytes(file);
        for (int length : List.of(0, 10, whole.length / 2, whole.length - 5)) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> takeIn("sources")).isInstanceOf(UnusableCacheException.class);
            assertThat(there.contents()).isEmpty();
        }
    }

    @Test
    void aGeneratedSourceThatIsASourceIsRefused() throws Exception {
        export();

        assertThatThrownBy(() -> takeIn(GENERATED::equals))
                .isInstanceOf(UnusableCacheException.class)
                .hasMessage("it holds the source " + GENERATED);
        assertThat(there.contents()).isEmpty();
    }

    @Test
    void aSourceThatWasWrittenOverIsWrittenOverHereToo() throws Exception {
        here.write(SOURCE, "package generated");
        there.write(SOURCE, "package committed");
        Contents contents = export(new UnsentFiles.Found(List.of(GENERATED), List.of(SOURCE)));
        Set<String> others = takeIn("other sources").generated()
                ? Set.of()
                : there.contents().keySet();
        String before = Files.readString(there.file(SOURCE));

        CacheImport.Imported imported = takeIn(SOURCE::equals);

        assertThat(contents.generated()).isEqualTo(2);
        assertThat(imported.generated()).isTrue();
        assertThat(others).doesNotContain(GENERATED);
        assertThat(before).isEqualTo("package committed");
        assertThat(there.file(SOURCE)).hasContent("package generated");
        assertThat(there.file(GENERATED)).hasContent("package api");
    }

    @Test
    void whatWouldWriteOverASourceThatIsNoneHereIsRefused() throws Exception {
        here.write(SOURCE, "package generated");
        export(new UnsentFiles.Found(List.of(), List.of(SOURCE)));

        assertThatThrownBy(() -> takeIn(path -> false))
                .isInstanceOf(UnusableCacheException.class)
                .hasMessage("it writes over " + SOURCE + ", which is no source here or another one");
        assertThat(there.contents()).isEmpty();
    }

    @Test
    void aDamagedEntryIsNotExported() throws Exception {
        Files.writeString(here.file(used[1]), "kubectl.b");

        assertThatThrownBy(this::export)
                .isInstanceOf(UnusableCacheException.class)
                .hasMessageContaining(used[1]);
        assertThat(file).doesNotExist();
    }

    @Test
    void whatGoDeletedSinceIsLeftOut() throws Exception {
        Files.delete(here.file(used[0]));

        assertThat(export().entries()).isEqualTo(1);
    }

    @Test
    void withoutABuildThereIsNothingToExport() {
        assertThatThrownBy(() -> new CacheExport(there.workspace(), 1)
                        .write(
                                new CacheExport.Wanted(
                                        CacheHeader.of(GoCacheFixture.KEY, ""),
                                        List.of("release"),
                                        List.of(),
                                        new UnsentFiles.Found(List.of(), List.of()),
                                        Map.of()),
                                file))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("run kube:release");
        assertThat(file).doesNotExist();
    }

    @Test
    void aSmallCacheThatClaimsToBeLargeIsRefused() throws Exception {
        for (Hostile hostile : Hostile.values()) {
            hostile.write(file);
            assertThat(Files.size(file)).as(hostile.name()).isLessThan(2_000_000);
            assertThatThrownBy(() -> takeIn("sources"))
                    .as(hostile.name())
                    .isInstanceOf(UnusableCacheException.class)
                    .hasMessageContaining(hostile.why);
            assertThat(there.contents()).as(hostile.name()).isEmpty();
        }
    }

    /** Archives that are small on the wire and would be anything but that here. */
    private enum Hostile {
        DEEP("a name in it has") {
            @Override
            void fill(TarArchiveOutputStream tar) throws IOException {
                put(tar, "generated/" + "d/".repeat(2_500) + "f", 0);
            }
        },
        LONG_HEADER("a header in it has more than") {
            @Override
            void fill(TarArchiveOutputStream tar) throws IOException {
                int size = 700 << 20;
                TarArchiveEntry entry = new TarArchiveEntry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
                put(tar, entry, size, (size + " path=").getBytes(StandardCharsets.US_ASCII));
            }
        },
        LARGE("unpack to more than") {
            @Override
            void fill(TarArchiveOutputStream tar) throws IOException {
                put(tar, "go/" + GoCaches.DIRECTORIES.get(0) + "/00/" + "0".repeat(64) + "-d", 1 << 27);
            }
        },
        MANY_RECORDS("it holds more than 16 records") {
            @Override
            void fill(TarArchiveOutputStream tar) throws IOException {
                for (char a = 'a'; a <= 'z'; a++) {
                    put(tar, "records/r" + a, 0);
                }
            }
        };

        private final String why;

        Hostile(String why) {
            this.why = why;
        }

        abstract void fill(TarArchiveOutputStream tar) throws IOException;

        void write(Path file) throws IOException {
            Files.createDirectories(file.resolveSibling(""));
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(
                    ZstdCompressorOutputStream.builder()
                            .setOutputStream(Files.newOutputStream(file))
                            .get(),
                    "UTF-8")) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                byte[] header = CacheHeader.of(GoCacheFixture.KEY, "sources").bytes();
                TarArchiveEntry entry = new TarArchiveEntry(CacheWriter.HEADER);
                entry.setSize(header.length);
                tar.putArchiveEntry(entry);
                tar.write(header);
                tar.closeArchiveEntry();
                fill(tar);
            }
        }

        private static void put(TarArchiveOutputStream tar, String name, int size) throws IOException {
            put(tar, new TarArchiveEntry(name), size);
        }

        private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, int size, byte... beginning)
                throws IOException {
            entry.setSize(size);
            tar.putArchiveEntry(entry);
            tar.write(beginning);
            byte[] block = new byte[1 << 16];
            Arrays.fill(block, (byte) '1');
            for (int left = size - beginning.length; left > 0; left -= block.length) {
                tar.write(block, 0, Math.min(left, block.length));
            }
            tar.closeArchiveEntry();
        }
    }

    private Contents export() throws IOException, InterruptedException {
        return export(new UnsentFiles.Found(List.of(GENERATED), List.of()));
    }

    private Contents export(UnsentFiles.Found generated) throws IOException, InterruptedException {
        return new CacheExport(here.workspace(), 2)
                .write(
                        new CacheExport.Wanted(
                                CacheHeader.of(GoCacheFixture.KEY, "sources"),
                                List.of("release", "generated"),
                                List.of(here.file(KUBECTL).toString(), "/elsewhere/kubelet"),
                                generated,
                                Map.of("made.json", Files.writeString(record, "made of these"))),
                        file);
    }

    private CacheImport.Imported takeIn(String generatedFor) throws IOException, InterruptedException {
        return takeIn(GoCacheFixture.KEY, generatedFor);
    }

    private CacheImport.Imported takeIn(Predicate<String> isSource) throws IOException, InterruptedException {
        return new CacheImport(there.workspace(), Clock.fixed(NOW, ZoneOffset.UTC))
                .read(
                        file,
                        new CacheImport.Wanted(GoCacheFixture.KEY, "sources", records -> false, isSource, isSource));
    }

    private CacheImport.Imported takeIn(CacheKey key, String generatedFor) throws IOException, InterruptedException {
        return new CacheImport(there.workspace(), Clock.fixed(NOW, ZoneOffset.UTC))
                .read(file, new CacheImport.Wanted(key, generatedFor, records -> false, path -> false, path -> false));
    }
}
