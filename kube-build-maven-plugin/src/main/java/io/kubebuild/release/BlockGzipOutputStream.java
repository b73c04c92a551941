package io.kubebuild.release;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One gzip stream, compressed by several threads in blocks of fixed size, so that the bytes do not depend on how many threads
 * there are. Each block is primed with the last 32 KiB of the one before it, and ends on a byte boundary; one member, no name,
 * no time.
 *
 * <p>At most {@code parallelism + 1} blocks are held at a time. Closing it writes the rest and closes the stream below.
 */
public final class BlockGzipOutputStream extends OutputStream {

    static final int BLOCK = 256 * 1024;
    private static final int WINDOW = 32 * 1024;
    private static final int LEVEL = 6;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};

    private final OutputStream out;
    private final ExecutorService executor;
    private final int parallelism;
    private final Deque<Future<byte[]>> pending = new ArrayDeque<>();
    private final CRC32 crc = new CRC32();
    private byte[] block = new byte[BLOCK];
    private int filled;
    private byte[] dictionary = new byte[0];
    private long total;
    private boolean closed;

    /**
     * Begins a stream.
     *
     * @param executor runs the compression; shared, and not shut down here
     * @param parallelism how many blocks may be compressed at a time
     */
    public BlockGzipOutputStream(OutputStream out, ExecutorService executor, int parallelism) throws IOException {
        this.out = out;
        this.executor = executor;
        this.parallelism = Math.max(1, parallelism);
        out.write(HEADER);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the gzip stream is closed");
        }
        crc.update(bytes, offset, length);
        total += length;
        int from = offset;
        int end = offset + length;
        while (from < end) {
            if (filled == BLOCK) {
                submit(false);
            }
            int count = Math.min(end - from, BLOCK - filled);
            System.arraycopy(bytes, from, block, filled, count);
            filled += count;
            from += count;
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            submit(true);
            while (!pending.isEmpty()) {
                writeOldest();
            }
            writeInt((int) crc.getValue());
            writeInt((int) total);
        } finally {
            pending.forEach(task -> task.cancel(false));
        }
    }

    private void submit(boolean last) throws IOException {
        while (pending.size() > parallelism) {
            writeOldest();
        }
        byte[] input = block;
        int length = filled;
        byte[] before = dictionary;
        Callable<byte[]> task = () -> deflate(input, length, before, last);
        pending.add(executor.submit(task));
        if (!last) {
            dictionary = Arrays.copyOfRange(input, length - WINDOW, length);
            block = new byte[BLOCK];
            filled = 0;
        }
    }

    private void writeOldest() throws IOException {
        try {
            out.write(pending.remove().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while compressing").initCause(e);
        } catch (ExecutionException e) {
            throw new IOException("compressing failed", e.getCause());
        }
    }

    private static byte[] deflate(byte[] input, int length, byte[] dictionary, boolean last) {
        Deflater deflater = new Deflater(LEVEL, true);
        try {
            if (dictionary.length > 0) {
                deflater.setDictionary(dictionary);
            }
            deflater.setInput(input, 0, length);
            if (last) {
                deflater.finish();
            }
            byte[] output = new byte[length / 2 + 64];
            int size = 0;
            while (true) {
                size += deflater.deflate(
                        output, size, output.length - size, last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH);
                // Room that is left over means that everything is out.
                if (size < output.length) {
                    return Arrays.copyOf(output, size);
                }
                output = Arrays.copyOf(output, output.length + output.length / 2);
            }
        } finally {
            deflater.end();
        }
    }

    private void writeInt(int value) throws IOException {
        out.write(value);
        out.write(value >>> 8);
        out.write(value >>> 16);
        out.write(value >>> 24);
    }
}
