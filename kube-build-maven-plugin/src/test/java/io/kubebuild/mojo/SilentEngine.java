package io.kubebuild.mojo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/** A port where an engine would be: it counts who comes, and hangs up. */
final class SilentEngine implements AutoCloseable {

    private final ServerSocket port;
    private final AtomicInteger asked = new AtomicInteger();

    private SilentEngine(ServerSocket port) {
        this.port = port;
    }

    static SilentEngine open() {
        try {
            SilentEngine engine = new SilentEngine(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            Thread thread = new Thread(engine::hangUp, "silent engine");
            thread.setDaemon(true);
            thread.start();
            return engine;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String hostAndPort() {
        return "127.0.0.1:" + port.getLocalPort();
    }

    /** How often somebody came. */
    int asked() {
        return asked.get();
    }

    private void hangUp() {
        while (!port.isClosed()) {
            try {
                port.accept().close();
                asked.incrementAndGet();
            } catch (IOException e) {
                // The port was closed, or whoever came has gone.
            }
        }
    }

    @Override
    public void close() throws IOException {
        port.close();
    }
}
