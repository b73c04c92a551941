package io.kubebuild.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A socket in front of the engine that can be held up, or cut as if the engine had died. */
public final class EngineProxy implements AutoCloseable {

    private final Path socket;
    private final ServerSocketChannel server;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Object gate = new Object();
    private boolean held;
    private volatile boolean cut;

    private EngineProxy(Path socket, ServerSocketChannel server) {
        this.socket = socket;
        this.server = server;
    }

    /** Begins to listen in a directory; its path is short, as sockets' must be. */
    public static EngineProxy in(Path directory) {
        try {
            Path socket = directory.resolve("engine.sock");
            ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            EngineProxy proxy = new EngineProxy(socket, server);
            daemon("engine-proxy", proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For DOCKER_HOST. */
    public String address() {
        return "unix://" + socket;
    }

    /** From now on requests wait. */
    public void hold() {
        synchronized (gate) {
            held = true;
        }
    }

    /** What waits goes on. */
    public void letGo() {
        synchronized (gate) {
            held = false;
            gate.notifyAll();
        }
    }

    /** Ends all connections and takes no more. */
    public void cut() {
        cut = true;
        close();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (SocketChannel channel : open) {
                channel.close();
            }
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        letGo();
    }

    private void accept() throws IOException {
        while (server.isOpen()) {
            SocketChannel client = server.accept();
            SocketChannel engine = SocketChannel.open(UnixDomainSocketAddress.of(EngineSocket.path()));
            open.add(client);
            open.add(engine);
            if (cut) {
                client.close();
                engine.close();
            }
            daemon("engine-proxy-in", () -> pump(client, engine, true));
            daemon("engine-proxy-out", () -> pump(engine, client, false));
        }
    }

    private void pump(SocketChannel from, SocketChannel to, boolean gated) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        while (from.read(buffer) >= 0) {
            if (gated) {
                awaitGate();
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                to.write(buffer);
            }
            buffer.clear();
        }
        to.shutdownOutput();
    }

    private void awaitGate() throws IOException {
        synchronized (gate) {
            while (held) {
                try {
                    gate.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        }
    }

    /** Copying that ends with the connection, whichever side closes it. */
    @FunctionalInterface
    private interface Copying {
        void run() throws IOException;
    }

    private static void daemon(String name, Copying copying) {
        Thread thread = new Thread(
                () -> {
                    try {
                        copying.run();
                    } catch (IOException e) {
                        // A side has gone; whom it matters to sees that on its own end.
                        return;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }
}
