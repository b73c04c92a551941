package io.kubebuild.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * What comes out of a decompressor, as long as it is no more than an archive of its size can hold: a few kilobytes that claim to be
 * gigabytes end here.
 */
public final class UnpackedStream extends FilterInputStream {

    /** Sources and programs give 3 to 6; text of one kind gives 30. */
    private static final long MOST_TIMES = 100;

    /** Small archives may have more of the same in them. */
    private static final long ALWAYS = 64L << 20;

    private final LongSupplier packed;
    private final ArchiveLimits limits;
    private long bytes;

    /**
     * Guards a decompressor.
     *
     * @param in uncompressed
     * @param packed how many compressed bytes were read so far
     */
    public UnpackedStream(InputStream in, LongSupplier packed, ArchiveLimits limits) {
        super(in);
        this.packed = packed;
        this.limits = limits;
    }

    private int counted(int read) throws IOException {
        bytes += Math.max(read, 0);
        if (bytes > limits.totalBytes()) {
            throw new IOException(
                    limits.what() + " is not taken: it unpacks to more than " + limits.totalBytes() + " bytes");
        }
        if (bytes > ALWAYS + MOST_TIMES * packed.getAsLong()) {
            throw new IOException(limits.what() + " is not taken: " + packed.getAsLong()
                    + " bytes of it unpack to more than " + bytes);
        }
        return read;
    }

    @Override
    public int read() throws IOException {
        int read = guarded(super::read);
        counted(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return counted(guarded(() -> super.read(buffer, offset, length)));
    }

    @FunctionalInterface
    private interface Read {
        int from() throws IOException;
    }

    /** What damaged bytes make a decompressor throw is no mistake of ours. */
    private int guarded(Read read) throws IOException {
        try {
            return read.from();
        } catch (RuntimeException e) {
            throw new IOException(limits.what() + " is damaged: " + e, e);
        }
    }

    @Override
    public long skip(long wanted) throws IOException {
        if (wanted <= 0) {
            return 0;
        }
        // By reading: what is skipped is unpacked all the same.
        byte[] buffer = new byte[(int) Math.min(wanted, 1 << 16)];
        return Math.max(read(buffer, 0, buffer.length), 0);
    }
}
