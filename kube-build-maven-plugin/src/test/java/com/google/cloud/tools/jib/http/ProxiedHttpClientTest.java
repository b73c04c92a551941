package com.google.cloud.tools.jib.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.kubebuild.http.Pace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Before a proxy on this machine that wants a password and is the only way to registries that do not exist. */
class ProxiedHttpClientTest {

    private static final String RIGHT =
            "Basic " + Base64.getEncoder().encodeToString("ann:p@ss:w+rd".getBytes(StandardCharsets.UTF_8));

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final HttpServer proxy;

    ProxiedHttpClientTest() throws IOException {
        proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            String shown = String.valueOf(exchange.getRequestHeaders().getFirst("Proxy-Authorization"));
            // Whoever comes to a server directly asks for a path, whoever comes to a proxy for a whole address.
            boolean direct = !exchange.getRequestURI().isAbsolute();
            boolean known = shown.equals(RIGHT);
            asked.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Host") + " "
                    + (direct ? "direct" : known ? "known" : "unknown"));
            byte[] answer = "through the proxy".getBytes(StandardCharsets.UTF_8);
            if (known || direct) {
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            } else {
                exchange.getResponseHeaders().add("Proxy-Authenticate", "Basic realm=\"proxy\"");
                exchange.sendResponseHeaders(407, -1);
            }
            exchange.close();
        });
        proxy.start();
    }

    @AfterEach
    void stop() {
        proxy.stop(0);
    }

    private URI address(String user) {
        return URI.create("http://" + user + "127.0.0.1:" + proxy.getAddress().getPort());
    }

    private static SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FailoverHttpClient client(URI proxy) {
        return ProxiedHttpClient.through(
                List.of(proxy),
                target -> Optional.of(proxy).filter(any -> target.getHost().endsWith(".invalid")),
                tls(),
                Pace.standard(),
                event -> {},
                true);
    }

    @Test
    void showsItsCredentialsToTheProxyWhenItIsAsked() throws IOException {
        FailoverHttpClient client = client(address("ann:p%40ss%3Aw+rd@"));

        try (Response response = client.get(
                new URL("http://registry.invalid/v2/"), Request.builder().build())) {
            assertThat(response.getBody()).asString(StandardCharsets.UTF_8).isEqualTo("through the proxy");
        } finally {
            client.shutDown();
        }
        assertThat(asked).containsExactly("GET registry.invalid unknown", "GET registry.invalid known");
    }

    @Test
    void aProxyThatKnowsSomebodyElseRefuses() throws IOException {
        FailoverHttpClient client = client(address("bob:pw@"));

        try {
            assertThatThrownBy(() -> client.get(
                            new URL("http://registry.invalid/v2/"),
                            Request.builder().build()))
                    .isInstanceOf(ResponseException.class)
                    .satisfies(e ->
                            assertThat(((ResponseException) e).getStatusCode()).isEqualTo(407));
        } finally {
            client.shutDown();
        }
    }

    @Test
    void whatIsReachedDirectlyDoesNotMeetTheProxyAsOne() throws IOException {
        FailoverHttpClient client = client(address("ann:p%40ss%3Aw+rd@"));
        String server = "127.0.0.1:" + proxy.getAddress().getPort();

        try (Response response = client.get(
                new URL("http://" + server + "/v2/"), Request.builder().build())) {
            assertThat(response.getStatusCode()).isEqualTo(200);
        } finally {
            client.shutDown();
        }
        assertThat(asked).containsExactly("GET " + server + " direct");
    }
}
