package io.kubebuild.cache;

import io.kubebuild.problem.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One file of an archive, as it passes by.
 *
 * @param part what it belongs to
 * @param path relative to the root of the tree
 * @param mode permission bits
 * @param mtime seconds since 1970
 * @param size in bytes
 */
record CacheFile(CachePart part, String path, int mode, long mtime, long size) {

    /** An {@code -a} entry has 175 bytes: two hashes, a size and a time. */
    private static final int HEAD = 256;

    private static final int ID = 64;

    /** Takes the content of a file. */
    @FunctionalInterface
    interface Sink {
        void take(CacheFile file, InputStream content) throws IOException;
    }

    /** Name of its entry in the archive. */
    String entry() {
        return part.directory() + "/" + path;
    }

    /** Lets the sink have the content, then checks it as far as its name says what it is, and gives its hash. */
    byte[] pass(InputStream content, Sink sink) throws IOException {
        HashingStream hashing = new HashingStream(content, HEAD);
        sink.take(this, hashing);
        if (hashing.read() >= 0 || hashing.bytes() != size) {
            throw new UnusableCacheException(Shown.name(entry()) + " is cut short");
        }
        byte[] hash = hashing.hash();
        if (part == CachePart.GO) {
            checkGoEntry(hash, hashing.head());
        }
        return hash;
    }

    /**
     * Go itself believes the size of an entry, not its content ({@code cmd/go/internal/cache}, GetFile), so it is checked here: a
     * {@code -d} entry is named after its content, an {@code -a} entry begins with its own name.
     */
    private void checkGoEntry(byte[] hash, byte[] head) throws UnusableCacheException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String id = name.substring(0, ID);
        boolean right = name.endsWith("-d")
                ? id.equals(HexFormat.of().formatHex(hash))
                : size < HEAD && new String(head, StandardCharsets.US_ASCII).startsWith("v1 " + id + " ");
        if (!right || !path.startsWith(id.substring(0, 2), path.length() - name.length() - 3)) {
            throw new UnusableCacheException("the entry " + path + " of the Go build cache is damaged");
        }
    }

    /** For the hash over the whole archive. */
    byte[] line(byte[] hash) {
        String line = String.join(
                "\0",
                entry(),
                Integer.toOctalString(mode),
                Long.toString(mtime),
                Long.toString(size),
                HexFormat.of().formatHex(hash),
                "");
        return line.getBytes(StandardCharsets.UTF_8);
    }

    /** Only modes that a build gives: what may be run, may be. */
    static int plainMode(int mode) {
        return (mode & 0100) != 0 ? 0755 : 0644;
    }

    /** The content as it is read, its hash and its first bytes. */
    private static final class HashingStream extends java.io.FilterInputStream {

        private final java.security.MessageDigest digest = CacheDigest.sha256();
        private final byte[] head;
        private int headBytes;
        private long bytes;

        HashingStream(InputStream in, int head) {
            super(in);
            this.head = new byte[head];
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                digest.update(buffer, offset, count);
                int kept = Math.min(count, head.length - headBytes);
                System.arraycopy(buffer, offset, head, headBytes, kept);
                headBytes += kept;
                bytes += count;
            }
            return count;
        }

        @Override
        public long skip(long count) {
            throw new UnsupportedOperationException("what is skipped has no hash");
        }

        long bytes() {
            return bytes;
        }

        byte[] head() {
            return Arrays.copyOf(head, headBytes);
        }

        byte[] hash() {
            return digest.digest();
        }
    }
}
