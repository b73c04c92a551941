package io.kubebuild.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that leads to one port of this machine, whatever host it is asked for: so a server can have any name. */
public final class Tunnel implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final int port;

    /** @param port that all connections go to */
    public Tunnel(int port) throws IOException {
        this.port = port;
        start("tunnel", this::serve);
    }

    /** Its address as a proxy. */
    public String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    /** Hosts and ports that it was asked for. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                start("tunnelled", () -> lead(connection));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void lead(Socket accepted) {
        try (Socket client = accepted;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = client.getInputStream();
            String[] request = RequestLine.of(in).split(" ", -1);
            while (!RequestLine.of(in).isEmpty()) {
                // Headers do not matter.
            }
            asked.add(request.length > 1 ? request[1] : "");
            client.getOutputStream().write("HTTP/1.1 200 Tunnel\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Thread back = start("tunnel-back", () -> copy(server, client));
            copy(client, server);
            back.join();
        } catch (IOException e) {
            // The end of one connection.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            OutputStream out = to.getOutputStream();
            from.getInputStream().transferTo(out);
            to.shutdownOutput();
        } catch (IOException e) {
            // One side has gone.
            return;
        }
    }

    private static Thread start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
