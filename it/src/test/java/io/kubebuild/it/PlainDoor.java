package io.kubebuild.it;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A port before a plain HTTP server: who knocks with TLS hears at once that nobody here speaks it, as from a registry. The JDK's server
 * would wait for the end of a line.
 */
final class PlainDoor implements Closeable {

    private static final int TLS_HANDSHAKE = 0x16;

    private final ServerSocket door;
    private final int behind;

    private PlainDoor(ServerSocket door, int behind) {
        this.door = door;
        this.behind = behind;
    }

    static PlainDoor before(int port) {
        try {
            PlainDoor door = new PlainDoor(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
            daemon(door::accept);
            return door;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket guest = door.accept();
                daemon(() -> greet(guest));
            } catch (IOException e) {
                // The door is closed.
                return;
            }
        }
    }

    private void greet(Socket guest) {
        try (guest) {
            PushbackInputStream from = new PushbackInputStream(guest.getInputStream());
            int first = from.read();
            if (first == TLS_HANDSHAKE) {
                guest.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } else if (first >= 0) {
                from.unread(first);
                lead(from, guest);
            }
        } catch (IOException e) {
            // The guest has gone.
            return;
        }
    }

    private void lead(InputStream from, Socket guest) throws IOException {
        try (Socket host = new Socket(InetAddress.getLoopbackAddress(), behind)) {
            daemon(() -> pass(from, host));
            host.getInputStream().transferTo(guest.getOutputStream());
        }
    }

    private static void pass(InputStream from, Socket to) {
        try (OutputStream out = to.getOutputStream()) {
            from.transferTo(out);
        } catch (IOException e) {
            // One of them has gone.
            return;
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "plain-door");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
