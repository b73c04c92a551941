package io.kubebuild.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server in the place of a registry, which answers what it is told to: a page to log in at, half a manifest. It speaks plain HTTP and
 * turns TLS away at once, as registries without it do (the JDK's own server would wait for the rest of the request).
 */
public final class GarbledMirror implements AutoCloseable {

    private static final int TLS_HANDSHAKE = 0x16;

    private final ServerSocket socket;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private record Answer(int status, String type, byte[] body) {}

    private GarbledMirror(ServerSocket socket) {
        this.socket = socket;
        answer("/", 200, "text/html", "<html><title>Please log in</title></html>");
    }

    /** Starts one that answers every request with a page of HTML, as a portal or a proxy does. */
    public static GarbledMirror start() throws IOException {
        GarbledMirror mirror = new GarbledMirror(new ServerSocket(0, 10, InetAddress.getLoopbackAddress()));
        Thread server = new Thread(mirror::serve, "garbled-mirror");
        server.setDaemon(true);
        server.start();
        return mirror;
    }

    /** What paths that begin so are answered with, from now on; of several the last counts. */
    public GarbledMirror answer(String path, int status, String type, byte[] body) {
        synchronized (answers) {
            answers.remove(path);
            answers.put(path, new Answer(status, type, body.clone()));
        }
        return this;
    }

    /** The same with a text. */
    public GarbledMirror answer(String path, int status, String type, String body) {
        return answer(path, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Host and port, as they stand in image names. */
    public String host() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Methods and paths of all requests. */
    public List<String> asked() {
        return List.copyOf(asked);
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
                String request = line(in);
                while (!line(in).isEmpty()) {
                    // Headers do not matter.
                }
                reply(request.split(" "), out);
            } catch (IOException endOfOneConnection) {
                continue;
            }
        }
    }

    private void reply(String[] request, OutputStream out) throws IOException {
        if (request.length < 2) {
            return;
        }
        asked.add(request[0] + " " + request[1]);
        Answer answer;
        synchronized (answers) {
            answer = answers.entrySet().stream()
                    .filter(entry -> request[1].startsWith(entry.getKey()))
                    .reduce((first, later) -> later)
                    .orElseThrow()
                    .getValue();
        }
        out.write("HTTP/1.1 %d Whatever\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(answer.status(), answer.type(), answer.body().length)
                .getBytes(StandardCharsets.US_ASCII));
        if (!request[0].equals("HEAD")) {
            out.write(answer.body());
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
