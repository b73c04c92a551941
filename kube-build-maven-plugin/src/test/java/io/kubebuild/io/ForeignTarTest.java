package io.kubebuild.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

final class ForeignTarTest {

    private static final ArchiveLimits LIMITS = new ArchiveLimits("the archive", 10, 1 << 20, 4 << 20);

    @Test
    void handsOutNamesAndContent() throws IOException {
        byte[] archive = tar(out -> {
            file(out, "a", "first".getBytes(StandardCharsets.UTF_8));
            file(out, "d/ü" + "x".repeat(200), "second".getBytes(StandardCharsets.UTF_8));
        });
        try (ForeignTar tar = new ForeignTar(new ByteArrayInputStream(archive), LIMITS)) {
            assertThat(tar.next().map(TarArchiveEntry::getName)).contains("a");
            // What is left of it is skipped.
            assertThat(tar.read()).isEqualTo('f');
            assertThat(tar.next().map(TarArchiveEntry::getName)).contains("d/ü" + "x".repeat(200));
            assertThat(tar.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("second");
            assertThat(tar.next()).isEmpty();
            assertThat(tar.next()).isEmpty();
        }
    }

    @Test
    void refusesAHeaderThatWouldFillTheMemory() throws IOException {
        for (byte type : new byte[] {
            TarConstants.LF_PAX_EXTENDED_HEADER_LC,
            TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER,
            TarConstants.LF_GNUTYPE_LONGNAME,
            TarConstants.LF_GNUTYPE_LONGLINK
        }) {
            TarArchiveEntry header = new TarArchiveEntry("h", type);
            header.setSize(700L << 20);
            byte[] block = new byte[512];
            header.writeEntryHeader(block);
            byte[] record = "734003200 path=".getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> readAll(new java.io.SequenceInputStream(
                            new ByteArrayInputStream(block),
                            new java.io.SequenceInputStream(new ByteArrayInputStream(record), new Endless()))))
                    .as("type %c", (char) type)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("a header in it has more than");
        }
    }

    @Test
    void refusesMoreThanItsLimits() throws IOException {
        byte[] many = tar(out -> {
            for (int i = 0; i < 11; i++) {
                file(out, "f" + i, new byte[0]);
            }
        });
        assertThatThrownBy(() -> readAll(new ByteArrayInputStream(many))).hasMessageContaining("more than 10 entries");
        byte[] large = tar(out -> file(out, "f", new byte[(1 << 20) + 1]));
        assertThatThrownBy(() -> readAll(new ByteArrayInputStream(large))).hasMessageContaining("at most 1048576");
        byte[] total = tar(out -> {
            for (int i = 0; i < 5; i++) {
                file(out, "f" + i, new byte[1 << 20]);
            }
        });
        assertThatThrownBy(() -> readAll(new ByteArrayInputStream(total))).hasMessageContaining("more than 4194304");
    }

    @Test
    void refusesANameWithANul() throws IOException {
        byte[] body = "17 path=a\0b/c.d\n".getBytes(StandardCharsets.US_ASCII);
        body[0] = (byte) ('0' + body.length / 10);
        body[1] = (byte) ('0' + body.length % 10);
        byte[] archive = tar(out -> {
            TarArchiveEntry pax = new TarArchiveEntry("pax", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
            pax.setSize(body.length);
            out.putArchiveEntry(pax);
            out.write(body);
            out.closeArchiveEntry();
            file(out, "f", new byte[0]);
        });
        assertThatThrownBy(() -> readAll(new ByteArrayInputStream(archive))).hasMessageContaining("NUL");
    }

    @Test
    void refusesANameThatLiesTooDeep() throws IOException {
        byte[] archive = tar(out -> file(out, "d/".repeat(257) + "f", new byte[0]));
        assertThatThrownBy(() -> readAll(new ByteArrayInputStream(archive)))
                .hasMessageContaining("257 directories deep");
    }

    @Test
    void keepsNoMoreInMemoryThanItIsAskedFor() throws IOException {
        byte[] archive = tar(out -> file(out, "f", new byte[10]));
        try (ForeignTar tar = new ForeignTar(new ByteArrayInputStream(archive), LIMITS)) {
            assertThat(tar.next()).isPresent();
            assertThat(tar.content(10)).hasSize(10);
        }
        try (ForeignTar tar = new ForeignTar(new ByteArrayInputStream(archive), LIMITS)) {
            assertThat(tar.next()).isPresent();
            assertThatThrownBy(() -> tar.content(9)).hasMessageContaining("has more than 9 bytes");
        }
    }

    @Test
    void manyHeadersInARowDoNotExhaustTheStack() throws IOException {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            TarArchiveEntry header = new TarArchiveEntry("h", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
            header.setSize(0);
            byte[] block = new byte[512];
            header.writeEntryHeader(block);
            archive.write(block);
        }
        assertThatThrownBy(() -> readAll(new ByteArrayInputStream(archive.toByteArray())))
                .isInstanceOf(IOException.class);
    }

    /** Whatever is damaged, it ends as an archive that is read, or in an {@link IOException}. */
    @Property(tries = 2000)
    void neverEndsInAnErrorOfTheJvm(@ForAll("damaged") byte[] archive) {
        try {
            readAll(new ByteArrayInputStream(archive));
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("NullPointer");
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        byte[] whole = tar(out -> {
            file(out, "a/" + "b/".repeat(60) + "c", "content".getBytes(StandardCharsets.UTF_8));
            file(out, "ü", new byte[600]);
            TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
            link.setLinkName("/etc/" + "x".repeat(120));
            out.putArchiveEntry(link);
            out.closeArchiveEntry();
        });
        Arbitrary<byte[]> flipped = Combinators.combine(
                        Arbitraries.integers()
                                .between(0, whole.length - 1)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(8),
                        Arbitraries.bytes(),
                        Arbitraries.integers().between(0, whole.length))
                .as((places, value, end) -> {
                    byte[] copy = Arrays.copyOf(whole, end);
                    places.stream().filter(place -> place < end).forEach(place -> copy[place] = value);
                    return copy;
                });
        return Arbitraries.oneOf(
                flipped, Arbitraries.bytes().array(byte[].class).ofMaxSize(2048));
    }

    private static void readAll(InputStream archive) throws IOException {
        try (ForeignTar tar = new ForeignTar(archive, LIMITS)) {
            for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                tar.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }

    @FunctionalInterface
    private interface Filling {
        void into(TarArchiveOutputStream out) throws IOException;
    }

    private static byte[] tar(Filling filling) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            out.setAddPaxHeadersForNonAsciiNames(true);
            filling.into(out);
        }
        return bytes.toByteArray();
    }

    private static void file(TarArchiveOutputStream out, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
    }

    private static final class Endless extends InputStream {
        @Override
        public int read() {
            return 'x';
        }
    }
}
