package io.kubebuild.image;

import io.kubebuild.io.Packing;
import io.kubebuild.io.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;

/** Writes small tar files for tests. */
public final class TarFixture {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

    public TarFixture directory(String name, int mode, int owner) {
        TarArchiveEntry entry = new TarArchiveEntry(name + "/");
        entry.setMode(mode);
        entry.setIds(owner, owner);
        return put(entry, new byte[0]);
    }

    public TarFixture file(String name, byte[] content) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        return put(entry, content);
    }

    public TarFixture file(String name, String content) {
        return file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    public TarFixture link(String name, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(target);
        return put(entry, new byte[0]);
    }

    private TarFixture put(TarArchiveEntry entry, byte[] content) {
        try {
            entry.setModTime(0L);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public byte[] bytes() {
        try {
            tar.close();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A configuration of an image with those layers. */
    public static String config(String architecture, byte[]... layers) {
        StringBuilder diffIds = new StringBuilder();
        for (byte[] layer : layers) {
            diffIds.append(diffIds.isEmpty() ? "" : ",")
                    .append('"')
                    .append(digest(layer))
                    .append('"');
        }
        return "{\"architecture\":\"" + architecture + "\",\"os\":\"linux\",\"created\":\"2020-01-01T00:00:00Z\","
                + "\"container_config\":{\"Hostname\":\"x\"},\"config\":{\"Env\":[\"PATH=/bin\",\"A=base\"],"
                + "\"Entrypoint\":[\"/go-runner\"],\"Cmd\":[\"serve\"],\"User\":\"1\",\"Labels\":{\"base\":\"yes\"}},"
                + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + diffIds + "]}}";
    }

    /** The same bytes as gzip has them. */
    public static byte[] gzip(byte[] content) {
        return packed(content, Packing.GZIP);
    }

    /** The same bytes, compressed. */
    public static byte[] packed(byte[] content, Packing packing) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = compressor(packed, packing)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static OutputStream compressor(OutputStream out, Packing packing) throws IOException {
        return switch (packing) {
            case GZIP -> new GZIPOutputStream(out);
            case BZIP2 -> new BZip2CompressorOutputStream(out);
            case XZ -> new XZCompressorOutputStream(out);
            case ZSTD -> Zstd.writing(out, 3, 0);
            case TAR, OTHER -> out;
        };
    }
}
