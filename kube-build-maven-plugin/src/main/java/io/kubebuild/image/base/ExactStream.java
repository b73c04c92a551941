package io.kubebuild.image.base;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes as many bytes as were announced; one more is refused before it is written. */
final class ExactStream extends FilterOutputStream {

    private final long size;
    private long written;

    ExactStream(OutputStream out, long size) {
        super(out);
        this.size = size;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > size - written) {
            throw new IOException("it sends more than the " + size + " bytes that its manifest names");
        }
        out.write(bytes, offset, length);
        written += length;
    }

    /** Whether there are still some to come. */
    boolean isShort() {
        return written < size;
    }

    @Override
    public String toString() {
        return written + " of the " + size + " bytes that its manifest names";
    }
}
