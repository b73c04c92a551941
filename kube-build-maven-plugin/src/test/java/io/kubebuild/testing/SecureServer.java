package io.kubebuild.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A server on this machine that speaks TLS and nothing else, answers what it is told to, and notes what it is asked. */
public final class SecureServer implements AutoCloseable {

    private final HttpsServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private SecureServer(HttpsServer server) {
        this.server = server;
    }

    /** One that takes everybody. */
    public static SecureServer of(SSLContext identity) throws IOException {
        return start(new HttpsConfigurator(identity));
    }

    /** One that takes only those who show a certificate. */
    public static SecureServer forKnown(SSLContext identity) throws IOException {
        return start(new HttpsConfigurator(identity) {
            @Override
            public void configure(HttpsParameters connection) {
                SSLParameters needed = getSSLContext().getDefaultSSLParameters();
                needed.setNeedClientAuth(true);
                connection.setSSLParameters(needed);
            }
        });
    }

    private static SecureServer start(HttpsConfigurator configurator) throws IOException {
        HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(configurator);
        https.start();
        return new SecureServer(https);
    }

    /** What paths that begin so are answered with; the longest counts. */
    public SecureServer answer(String path, HttpHandler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                        + exchange.getRequestHeaders().getOrDefault("Authorization", List.of()) + " " + body);
                handler.handle(exchange);
            }
        });
        return this;
    }

    /** The same, always. */
    public SecureServer answer(String path, String type, byte[] body) {
        return answer(path, exchange -> send(exchange, 200, type, body));
    }

    /** Sends a whole answer. */
    public static void send(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    /** Method, path, credentials and body of each request. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** Host and port. */
    public String host() {
        return "127.0.0.1:" + port();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
