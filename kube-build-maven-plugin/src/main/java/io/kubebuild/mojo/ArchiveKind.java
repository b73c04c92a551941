package io.kubebuild.mojo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Stream;

/** What the first bytes of a file tell about it. */
enum ArchiveKind {
    TAR,
    /** By gzip, bzip2, xz or zstd; engines take all of them. */
    COMPRESSED,
    OTHER;

    private static final int MAGIC_AT = 257;
    private static final int HEADER_BYTES = 512;

    /** Of a file that can be read. */
    static ArchiveKind of(Path file) {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(HEADER_BYTES);
        } catch (IOException e) {
            return OTHER;
        }
        String hex = HexFormat.of().formatHex(head);
        if (Stream.of("1f8b", "425a68", "fd377a585a00", "28b52ffd").anyMatch(hex::startsWith)) {
            return COMPRESSED;
        }
        return new String(head, StandardCharsets.ISO_8859_1).startsWith("ustar", MAGIC_AT) ? TAR : OTHER;
    }

    boolean isTar() {
        return this == TAR;
    }

    boolean isArchive() {
        return this != OTHER;
    }
}
