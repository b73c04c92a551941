package io.kubebuild.io;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** How an archive is packed, as its first bytes tell: not at all, or in one of the ways that engines take. */
public enum Packing {
    /** A tar file that is not compressed. */
    TAR,
    GZIP,
    BZIP2,
    XZ,
    ZSTD,
    /** No archive that is known; or a tar file of the time before 1988, which has no mark. */
    OTHER;

    private static final int MAGIC_AT = 257;
    private static final int HEADER_BYTES = 512;
    private static final int BUFFER = 1 << 16;

    /** {@code xz -9} needs 65 MiB to unpack. */
    private static final int MOST_XZ_KIB = 1 << 17;

    /** Of a file; {@link #OTHER} where it cannot be read, or is none: a pipe would be waited for without end. */
    public static Packing of(Path file) {
        if (!Files.isRegularFile(file)) {
            return OTHER;
        }
        try (InputStream in = Files.newInputStream(file)) {
            return of(in.readNBytes(HEADER_BYTES));
        } catch (IOException e) {
            return OTHER;
        }
    }

    private static Packing of(byte[] head) {
        String hex = HexFormat.of().formatHex(head);
        if (hex.startsWith("1f8b")) {
            return GZIP;
        }
        if (hex.startsWith("425a68")) {
            return BZIP2;
        }
        if (hex.startsWith("fd377a585a00")) {
            return XZ;
        }
        if (hex.startsWith("28b52ffd")) {
            return ZSTD;
        }
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("ustar", MAGIC_AT) ? TAR : OTHER;
    }

    /** Whether it is a tar file, compressed or not. */
    public boolean isArchive() {
        return this != OTHER;
    }

    /** Whether something has to be undone before it is a tar file. */
    public boolean isCompressed() {
        return isArchive() && this != TAR;
    }

    /**
     * Undoes whichever of them something comes in; what is not compressed is given as it is. A few kilobytes that claim to be gigabytes
     * are not taken.
     *
     * @param in closed together with what is returned
     * @throws IOException where it is damaged; {@link Zstd.NativeLibraryException} where this machine cannot unpack it
     */
    public static InputStream unpacked(InputStream in, ArchiveLimits limits) throws IOException {
        CountingStream packed = new CountingStream(in);
        BufferedInputStream buffered = new BufferedInputStream(packed, BUFFER);
        buffered.mark(HEADER_BYTES);
        Packing packing = of(buffered.readNBytes(HEADER_BYTES));
        buffered.reset();
        if (!packing.isCompressed()) {
            return buffered;
        }
        try {
            return new UnpackedStream(packing.decompressor(buffered), packed::count, limits);
        } catch (RuntimeException e) {
            // Some of them read the first block at once.
            throw new IOException(limits.what() + " is damaged: " + e, e);
        }
    }

    /** Some tools write several compressed parts, one behind the other: all of them count. */
    private InputStream decompressor(InputStream in) throws IOException {
        return switch (this) {
            case GZIP ->
                GzipCompressorInputStream.builder()
                        .setInputStream(in)
                        .setDecompressConcatenated(true)
                        .get();
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            case XZ ->
                XZCompressorInputStream.builder()
                        .setInputStream(in)
                        .setDecompressConcatenated(true)
                        .setMemoryLimitKiB(MOST_XZ_KIB)
                        .get();
            case ZSTD -> Zstd.reading(in);
            case TAR, OTHER -> in;
        };
    }
}
