package io.kubebuild.cache;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash over everything in an archive: of the header, and of each file its name, mode, time, size and the hash of its content. */
final class CacheDigest {

    private final MessageDigest digest = sha256();

    CacheDigest(byte[] header) {
        digest.update(header);
        digest.update((byte) 0);
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    void add(CacheFile file, byte[] hash) {
        digest.update(file.line(hash));
    }

    /** In hex, as it is written; called once. */
    byte[] end() {
        return HexFormat.of().formatHex(digest.digest()).getBytes(StandardCharsets.US_ASCII);
    }
}
