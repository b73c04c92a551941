package io.kubebuild.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A server in the place of a registry, which answers what it is told to: a page to log in at, half a manifest. It speaks plain HTTP and
 * turns TLS away at once, as registries without it do (the JDK's own server would wait for the rest of the request).
 */
public final class GarbledMirror implements AutoCloseable {

    private static final int TLS_HANDSHAKE = 0x16;

    private final ServerSocket socket;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final List<Once> once = new ArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What is written to a connection after a request, headers and all. */
    @FunctionalInterface
    public interface Raw {
        void write(OutputStream out) throws IOException;
    }

    private record Once(String path, Raw raw) {}

    /** @param body one character for each byte */
    private record Answer(int status, String type, String body) {
        byte[] bytes() {
            return body.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

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
            answers.put(path, new Answer(status, type, new String(body, StandardCharsets.ISO_8859_1)));
        }
        return this;
    }

    /** The same with a text. */
    public GarbledMirror answer(String path, int status, String type, String body) {
        return answer(path, status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** What so many requests for paths that begin so get, before the answer that stands; closing the connection ends it. */
    public GarbledMirror first(int times, String path, Raw raw) {
        synchronized (answers) {
            once.addAll(Collections.nCopies(times, new Once(path, raw)));
        }
        return this;
    }

    /** The same with a status and no body. */
    public GarbledMirror first(int times, String path, int status, String... headers) {
        String lines =
                String.join("", Stream.of(headers).map(line -> line + "\r\n").toList());
        String text = "HTTP/1.1 " + status + " Whatever\r\n" + lines + "Content-Length: 0\r\nConnection: close\r\n\r\n";
        return first(times, path, out -> out.write(text.getBytes(StandardCharsets.US_ASCII)));
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
            try {
                Socket connection = socket.accept();
                Thread server = new Thread(() -> serve(connection), "garbled-connection");
                server.setDaemon(true);
                server.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket connection = accepted;
                InputStream in = new BufferedInputStream(connection.getInputStream());
                OutputStream out = connection.getOutputStream()) {
            in.mark(1);
            if (in.read() == TLS_HANDSHAKE) {
                out.write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                return;
            }
            in.reset();
            String request = RequestLine.of(in);
            while (!RequestLine.of(in).isEmpty()) {
                // Headers do not matter.
            }
            reply(request.split(" "), out);
        } catch (IOException e) {
            // The end of one connection: the other side has cut it.
            return;
        }
    }

    private void reply(String[] request, OutputStream out) throws IOException {
        if (request.length < 2) {
            return;
        }
        asked.add(request[0] + " " + request[1]);
        Optional<Once> now = once(request[1]);
        if (now.isPresent()) {
            now.get().raw().write(out);
            return;
        }
        Answer answer;
        synchronized (answers) {
            answer = answers.entrySet().stream()
                    .filter(entry -> request[1].startsWith(entry.getKey()))
                    .reduce((first, later) -> later)
                    .orElseThrow()
                    .getValue();
        }
        out.write("HTTP/1.1 %d Whatever\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(answer.status(), answer.type(), answer.bytes().length)
                .getBytes(StandardCharsets.US_ASCII));
        if (!request[0].equals("HEAD")) {
            out.write(answer.bytes());
        }
    }

    private Optional<Once> once(String path) {
        synchronized (answers) {
            Optional<Once> now =
                    once.stream().filter(one -> path.startsWith(one.path())).findFirst();
            now.ifPresent(once::remove);
            return now;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
