package io.kubebuild.docker.mandas;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A socket of the file system, as the HTTP client wants one, on the JDK's own channel. The library's comes with native code that it
 * unpacks to the temporary directory, which takes a third of a second and fails where nothing there may be executed.
 *
 * <p>Reading and writing know no interrupts, as with any {@link Socket}: a build that was interrupted still has a container to
 * remove. That a thread was interrupted while it waited, others learn from {@link #withholdsInterruptOf}.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // there is nothing here that two threads could find half done
final class UnixSocket extends Socket {

    private static final Set<Thread> INTERRUPTED = ConcurrentHashMap.newKeySet();

    private final SocketChannel channel;
    private final Selector readable;
    private final Selector writable;
    private final InputStream in = new In();
    private final OutputStream out = new Out();
    private volatile int timeoutMillis;
    private volatile @Nullable Path path;

    UnixSocket() throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        readable = Selector.open();
        writable = Selector.open();
    }

    /** Whether this thread was interrupted and does not show it because it waits for a socket. */
    static boolean withholdsInterruptOf(Thread thread) {
        return INTERRUPTED.contains(thread);
    }

    /** Connects, which takes no time: who listens is on the same machine. */
    void connect(Path path) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(path));
        // An interrupt closes a channel that blocks.
        channel.configureBlocking(false);
        channel.register(readable, SelectionKey.OP_READ);
        channel.register(writable, SelectionKey.OP_WRITE);
        this.path = path;
    }

    /** Waits until a selector has something to say; false once the time is over, 0 for never. */
    private boolean await(Selector selector, int millis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        try {
            while (channel.isOpen()) {
                if (Thread.interrupted()) {
                    interrupted = true;
                    INTERRUPTED.add(Thread.currentThread());
                }
                long left = millis == 0 ? 0 : Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime()));
                if (selector.select(left) > 0) {
                    selector.selectedKeys().clear();
                    return true;
                }
                if (millis != 0 && System.nanoTime() >= end) {
                    return false;
                }
            }
            throw new SocketException("Socket closed");
        } catch (ClosedSelectorException e) {
            throw closed(e);
        } finally {
            if (interrupted) {
                INTERRUPTED.remove(Thread.currentThread());
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SocketException closed(Exception cause) {
        SocketException closed = new SocketException("Socket closed");
        closed.initCause(cause);
        return closed;
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public void setSoTimeout(int timeout) {
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public boolean isConnected() {
        return path != null;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return path == null ? null : UnixDomainSocketAddress.of(path);
    }

    /** Has no name of its own. */
    @Override
    public @Nullable SocketAddress getLocalSocketAddress() {
        return null;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return null;
    }

    @Override
    public void shutdownInput() throws IOException {
        channel.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** Whoever waits wakes up. */
    @Override
    public void close() throws IOException {
        try (channel;
                readable;
                writable) {
            path = null;
        }
    }

    // What only TCP has; the client sets it on every socket.

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setReuseAddress(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setSoLinger(boolean on, int linger) {}

    /** What comes in. */
    private final class In extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            try {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                int count = channel.read(buffer);
                while (count == 0) {
                    if (!await(readable, timeoutMillis)) {
                        throw new SocketTimeoutException("nothing came for " + timeoutMillis + " ms");
                    }
                    count = channel.read(buffer);
                }
                return count;
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }

    /** What goes out. */
    private final class Out extends OutputStream {

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    if (channel.write(buffer) == 0) {
                        await(writable, 0);
                    }
                }
            } catch (ClosedChannelException e) {
                throw closed(e);
            }
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }
}
