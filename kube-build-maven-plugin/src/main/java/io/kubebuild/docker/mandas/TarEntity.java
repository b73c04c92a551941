package io.kubebuild.docker.mandas;

import io.kubebuild.docker.Engine;
import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.http.entity.AbstractHttpEntity;

/** A tar stream that is written straight into the connection, of a length that nobody knows beforehand. */
final class TarEntity extends AbstractHttpEntity {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final Engine.TarWriter tar;

    TarEntity(Engine.TarWriter tar) {
        this.tar = tar;
        setChunked(true);
        // podman knows no other name for it.
        setContentType("application/x-tar");
    }

    @Override
    public void writeTo(OutputStream connection) throws IOException {
        Guarded guarded = new Guarded(connection);
        try {
            OutputStream buffer = new BufferedOutputStream(guarded, BUFFER_BYTES);
            tar.write(new Unclosable(buffer));
            buffer.flush();
        } catch (IOException e) {
            // Which side failed decides what the caller hears.
            throw guarded.broken ? e : new SourceFailure(e);
        }
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public long getContentLength() {
        return -1;
    }

    @Override
    public InputStream getContent() {
        throw new UnsupportedOperationException("it is written, never read");
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    /** The writer of the tar failed, not the connection; the cause is the writer's own exception. */
    static final class SourceFailure extends IOException {

        private static final long serialVersionUID = 1L;

        private final IOException source;

        SourceFailure(IOException source) {
            super(source);
            this.source = source;
        }

        IOException source() {
            return source;
        }
    }

    /** Remembers whether the connection failed. */
    private static final class Guarded extends FilterOutputStream {

        private boolean broken;

        Guarded(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                broken = true;
                throw e;
            }
        }
    }

    /** Tar writers close what they write to; the end of the request is not theirs to say. */
    private static final class Unclosable extends FilterOutputStream {

        Unclosable(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
