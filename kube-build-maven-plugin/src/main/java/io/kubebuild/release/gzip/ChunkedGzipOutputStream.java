package io.kubebuild.release.gzip;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * One gzip stream, compressed by several threads in chunks that depend on nothing but their content. So the bytes do not depend
 * on how many threads there are, nor on which chunks were found compressed. One member, no name, no time.
 *
 * <p>At most {@code parallelism + 1} chunks are held at a time. Closing it writes the rest and closes the stream below.
 */
public final class ChunkedGzipOutputStream extends OutputStream {

    private static final int LEVEL = 6;
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    /** A last block without content; every chunk ends on a byte boundary without being the last. */
    private static final byte[] END = {3, 0};

    private static final int CONTENT_DIGITS = 32;

    private final OutputStream out;
    private final ExecutorService executor;
    private final int parallelism;
    private final ChunkSource source;
    private final Consumer<Chunk> written;
    private final Deque<Future<Compressed>> pending = new ArrayDeque<>();
    private final CRC32 crc = new CRC32();
    private final Boundaries boundaries = new Boundaries();
    private byte[] chunk = new byte[Boundaries.LONGEST];
    private int filled;
    private long total;
    private long offset = HEADER.length;
    private boolean closed;

    /** A compressed chunk on its way. */
    private record Compressed(String content, ByteBuffer bytes) {}

    /**
     * Begins a stream.
     *
     * @param executor runs the compression; shared, and not shut down here
     * @param parallelism how many chunks may be compressed at a time
     * @param source is asked before a chunk is compressed
     * @param written hears of every chunk after it was written
     */
    public ChunkedGzipOutputStream(
            OutputStream out, ExecutorService executor, int parallelism, ChunkSource source, Consumer<Chunk> written)
            throws IOException {
        this.out = out;
        this.executor = executor;
        this.parallelism = Math.max(1, parallelism);
        this.source = source;
        this.written = written;
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
            int count = boundaries.take(bytes, from, end);
            System.arraycopy(bytes, from, chunk, filled, count);
            filled += count;
            from += count;
            if (boundaries.atCut()) {
                submit();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (out) {
            if (filled > 0) {
                submit();
            }
            while (!pending.isEmpty()) {
                writeOldest();
            }
            out.write(END);
            writeInt((int) crc.getValue());
            writeInt((int) total);
        } finally {
            pending.forEach(task -> task.cancel(false));
        }
    }

    private void submit() throws IOException {
        while (pending.size() > parallelism) {
            writeOldest();
        }
        byte[] content = Arrays.copyOf(chunk, filled);
        pending.add(executor.submit(() -> compress(content)));
        filled = 0;
        boundaries.next();
    }

    private void writeOldest() throws IOException {
        try {
            Compressed compressed = pending.remove().get();
            byte[] bytes = compressed.bytes().array();
            out.write(bytes);
            CRC32 check = new CRC32();
            check.update(bytes);
            written.accept(new Chunk(compressed.content(), offset, bytes.length, check.getValue()));
            offset += bytes.length;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while compressing").initCause(e);
        } catch (ExecutionException e) {
            throw new IOException("compressing failed", e.getCause());
        }
    }

    private Compressed compress(byte[] content) {
        String id = id(content);
        return new Compressed(id, ByteBuffer.wrap(source.find(id).orElseGet(() -> deflate(content))));
    }

    private static String id(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(digest).substring(0, CONTENT_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] deflate(byte[] input) {
        Deflater deflater = new Deflater(LEVEL, true);
        try {
            deflater.setInput(input);
            byte[] output = new byte[input.length / 2 + 64];
            int size = 0;
            while (true) {
                size += deflater.deflate(output, size, output.length - size, Deflater.SYNC_FLUSH);
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
