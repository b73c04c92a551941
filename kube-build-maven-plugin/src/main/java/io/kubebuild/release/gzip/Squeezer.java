package io.kubebuild.release.gzip;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * Deflates one chunk after the other. Outside of the heap: while zlib reads or writes an array of the heap, the garbage collector
 * has to wait for it, and all other threads for the collector.
 */
final class Squeezer implements AutoCloseable {

    /** What cannot be compressed grows by five bytes for each 16 kB, and a little at the end. */
    private static final int MOST = Boundaries.LONGEST + (Boundaries.LONGEST >> 10) + 64;

    private final Deflater deflater;
    private final ByteBuffer output = ByteBuffer.allocateDirect(MOST);

    Squeezer(int level) {
        deflater = new Deflater(level, true);
    }

    /** The chunk as deflate blocks that end on a byte boundary, none of them the last. */
    byte[] deflate(ByteBuffer chunk) {
        output.clear();
        deflater.reset();
        deflater.setInput(chunk);
        deflater.deflate(output, Deflater.SYNC_FLUSH);
        if (!output.hasRemaining()) {
            throw new IllegalStateException("a chunk of " + chunk.limit() + " bytes has grown beyond " + MOST);
        }
        byte[] bytes = new byte[output.flip().remaining()];
        output.get(bytes);
        return bytes;
    }

    @Override
    public void close() {
        deflater.end();
    }
}
