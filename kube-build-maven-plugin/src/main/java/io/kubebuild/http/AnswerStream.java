package io.kubebuild.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer: it comes at a pace, or is ended, and no more of it is read than is wanted.
 *
 * <p>Closing it before its end cuts the connection. HTTP clients would read the rest, however much and however slow it is, to use
 * the connection again.
 */
public final class AnswerStream extends FilterInputStream {

    private final Pace pace;
    private final long most;
    private final Runnable cut;
    private long total;
    private long bytes;
    private long waited;
    private boolean over;

    /**
     * Guards a body.
     *
     * @param most how many bytes it may have
     * @param cut ends the connection; may be called from any thread, and a read that waits fails then
     */
    public AnswerStream(InputStream in, Pace pace, long most, Runnable cut) {
        super(in);
        this.pace = pace;
        this.most = most;
        this.cut = cut;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (over || length == 0) {
            return over ? -1 : 0;
        }
        long before = pace.nanos().getAsLong();
        int read = watched(buffer, offset, length);
        waited += pace.nanos().getAsLong() - before;
        if (read < 0) {
            over = true;
            return read;
        }
        total += read;
        bytes += read;
        if (total > most) {
            throw cut(new IOException("it sends more than " + most + " bytes"));
        }
        requirePace();
        return read;
    }

    private int watched(byte[] buffer, int offset, int length) throws IOException {
        Deadline deadline = new Deadline(pace.silence(), cut);
        int read;
        try {
            read = in.read(buffer, offset, length);
        } catch (IOException e) {
            throw cut(deadline.meet() ? new LostConnectionException(e) : silent());
        } catch (RuntimeException e) {
            deadline.meet();
            throw e;
        }
        // A connection that was cut may look like one that has come to its end.
        if (!deadline.meet()) {
            throw cut(silent());
        }
        return read;
    }

    private LostConnectionException silent() {
        return new LostConnectionException("nothing came for " + pace.silent());
    }

    private void requirePace() throws IOException {
        if (waited < pace.window().toNanos()) {
            return;
        }
        if (bytes < pace.bytes()) {
            throw cut(new LostConnectionException(
                    "only " + bytes + " bytes came in " + pace.window().toSeconds() + " s, after " + (total - bytes)
                            + " before; at least " + pace.bytes() + " are expected"));
        }
        bytes = 0;
        waited = 0;
    }

    private IOException cut(IOException why) {
        over = true;
        cut.run();
        return why;
    }

    @Override
    public long skip(long wanted) throws IOException {
        byte[] buffer = new byte[(int) Math.max(0, Math.min(wanted, 1 << 13))];
        return Math.max(read(buffer, 0, buffer.length), 0);
    }

    @Override
    public void close() throws IOException {
        if (over) {
            in.close();
        } else {
            over = true;
            cut.run();
        }
    }
}
