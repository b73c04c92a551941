package io.kubebuild.docker.mandas;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.kubebuild.docker.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** An engine that says what a test wants it to say, to see what a real one says only on bad days. */
final class StubEngine implements AutoCloseable {

    private final HttpServer server;
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    StubEngine(String apiVersion) throws IOException {
        this(apiVersion, HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    }

    /** One that speaks TLS and nothing else. */
    static StubEngine overTls(String apiVersion, SSLContext identity) throws IOException {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(identity));
        return new StubEngine(apiVersion, https);
    }

    private StubEngine(String apiVersion, HttpServer server) {
        this.server = server;
        answer("GET /version", 200, "{\"Version\":\"1.2.3\",\"ApiVersion\":\"" + apiVersion + "\"}");
        server.createContext("/", this::handle);
        server.start();
    }

    /** Answers requests whose method and path end so. */
    StubEngine answer(String request, int status, String body) {
        return answer(request, exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    StubEngine answer(String request, Answer answer) {
        answers.put(request, answer);
        return this;
    }

    Endpoint endpoint() {
        return new Endpoint(
                URI.create("tcp://" + server.getAddress().getHostString() + ":"
                        + server.getAddress().getPort()),
                "test",
                Optional.empty());
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** {@code "GET /v1.41/info"}, with their queries. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            String path = exchange.getRequestURI().getPath().replaceFirst("^/v1\\.\\d+/", "/");
            Answer answer = answers.getOrDefault(exchange.getRequestMethod() + " " + path, none -> {
                byte[] bytes = "{\"message\":\"page not found\"}".getBytes(StandardCharsets.UTF_8);
                none.sendResponseHeaders(404, bytes.length);
                none.getResponseBody().write(bytes);
            });
            answer.to(exchange);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** What is said to one request. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }
}
