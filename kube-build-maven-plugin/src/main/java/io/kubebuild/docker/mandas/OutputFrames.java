package io.kubebuild.docker.mandas;

import io.kubebuild.docker.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The engine's stream of a process's two outputs: frames of an eight-byte header (which output; three zeros; length as a
 * big-endian int) and that many bytes.
 */
final class OutputFrames {

    private static final int HEADER_BYTES = 8;
    private static final int STDERR = 2;
    private static final int SYSTEM_ERROR = 3;

    private final byte[] buffer = new byte[64 * 1024];
    private final Lines standardOutput;
    private final Lines standardError;

    /** Odd while this waits for the engine, even while it works; never the same twice. */
    private final AtomicLong reads = new AtomicLong();

    OutputFrames(Consumer<String> output) {
        // Lines of their own: half a line of one output must not be glued to a line of the other.
        this.standardOutput = new Lines(output);
        this.standardError = new Lines(output);
    }

    AtomicLong reads() {
        return reads;
    }

    /** Reads to the end; a frame that breaks off is passed on as far as it came. */
    void read(InputStream in) throws IOException {
        try {
            while (fill(in, HEADER_BYTES) == HEADER_BYTES) {
                int stream = buffer[0];
                int length = ByteBuffer.wrap(buffer, 4, 4).getInt();
                if (length < 0 || stream < 0 || stream > SYSTEM_ERROR) {
                    throw new IOException("this is no stream of output frames");
                }
                frame(in, stream, length);
            }
        } finally {
            standardOutput.end();
            standardError.end();
        }
    }

    private void frame(InputStream in, int stream, int length) throws IOException {
        int left = length;
        while (left > 0) {
            int read = fill(in, Math.min(left, buffer.length));
            if (read == 0) {
                return;
            }
            if (stream == SYSTEM_ERROR) {
                throw new EngineException(
                        EngineException.Kind.OTHER, new String(buffer, 0, read, StandardCharsets.UTF_8).strip(), null);
            }
            (stream == STDERR ? standardError : standardOutput).add(buffer, 0, read);
            left -= read;
        }
    }

    private int fill(InputStream in, int length) throws IOException {
        reads.incrementAndGet();
        try {
            return in.readNBytes(buffer, 0, length);
        } finally {
            reads.incrementAndGet();
        }
    }
}
