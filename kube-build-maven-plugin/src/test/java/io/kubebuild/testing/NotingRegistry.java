package io.kubebuild.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A registry that answers what it is told to and wants a password at its door, over plain HTTP; notes what it is asked, and for what it
 * was shown a password. TLS is turned away at once, as in {@link GarbledMirror}.
 */
public final class NotingRegistry implements AutoCloseable {

    private static final int TLS_HANDSHAKE = 0x16;

    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> shown = new CopyOnWriteArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(String status, String header, byte[] body) {}

    public NotingRegistry() throws IOException {
        Thread server = new Thread(this::serve, "noting-registry");
        server.setDaemon(true);
        server.start();
    }

    /** Host and port. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** All paths. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** Paths that came with a password or a token. */
    public List<String> shown() {
        return List.copyOf(shown);
    }

    /** For paths with this in them; the longest counts. */
    public void answer(String part, String type, byte[] body) {
        answers.put(part, new Answer("200 OK", "Content-Type: " + type, body));
    }

    /** In place of the answers to all paths that begin so. */
    public void redirect(String part, String location) {
        answers.keySet().removeIf(other -> other.startsWith(part));
        answers.put(part, new Answer("307 Temporary Redirect", "Location: " + location, new byte[0]));
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket connection = socket.accept();
                    InputStream in = new BufferedInputStream(connection.getInputStream());
                    OutputStream out = connection.getOutputStream()) {
                in.mark(1);
                if (in.read() == TLS_HANDSHAKE) {
                    out.write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    continue;
                }
                in.reset();
                reply(in, out);
            } catch (IOException e) {
                // The end of one connection, or of all.
                Thread.onSpinWait();
            }
        }
    }

    private void reply(InputStream in, OutputStream out) throws IOException {
        String[] request = RequestLine.of(in).split(" ", 3);
        if (request.length < 2) {
            return;
        }
        String path = request[1];
        boolean authorized = false;
        for (String header = RequestLine.of(in); !header.isEmpty(); header = RequestLine.of(in)) {
            authorized |= header.toLowerCase(Locale.ROOT).startsWith("authorization:");
        }
        asked.add(path);
        if (authorized) {
            shown.add(path);
        }
        Answer answer = answers.entrySet().stream()
                .filter(entry -> path.contains(entry.getKey()))
                .max(Comparator.comparing(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElseGet(() -> door(path));
        out.write("HTTP/1.1 %s\r\n%s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(answer.status(), answer.header(), answer.body().length)
                .getBytes(StandardCharsets.UTF_8));
        if (!request[0].equals("HEAD")) {
            out.write(answer.body());
        }
    }

    private static Answer door(String path) {
        return new Answer(
                path.equals("/v2/") ? "401 Unauthorized" : "404 Not Found",
                "WWW-Authenticate: Basic realm=\"x\"",
                new byte[0]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
