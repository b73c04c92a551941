package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.docker.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.utils.URLEncodedUtils;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.protocol.BasicHttpContext;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Plain requests to one engine. */
final class EngineHttp implements AutoCloseable {

    private static final int CONNECT_MILLIS = 10_000;
    private static final int PING_MILLIS = 20_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** No read timeout; and big bodies are not sent before the engine wants them, so that a refusal can be heard. */
    static final RequestConfig PATIENT = RequestConfig.custom()
            .setConnectTimeout(CONNECT_MILLIS)
            .setSocketTimeout(0)
            .setExpectContinueEnabled(true)
            .build();

    private static final RequestConfig HASTY = RequestConfig.custom()
            .setConnectionRequestTimeout(PING_MILLIS)
            .setConnectTimeout(PING_MILLIS)
            .setSocketTimeout(PING_MILLIS)
            .build();

    private final URI base;
    private final String prefix;
    private final CloseableHttpClient client;
    private final Watchdog watchdog;

    EngineHttp(Transport transport) {
        this.base = transport.base();
        this.prefix = "";
        this.client = HttpClients.custom()
                .setConnectionManager(transport.connections())
                .setDefaultRequestConfig(PATIENT)
                .setRequestExecutor(new ListeningExecutor())
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .build();
        this.watchdog = new Watchdog(this::answersPing);
    }

    private EngineHttp(EngineHttp other, String prefix) {
        this.base = other.base;
        this.prefix = prefix;
        this.client = other.client;
        this.watchdog = other.watchdog;
    }

    /** The same engine, spoken to in one version of its API. */
    EngineHttp pinnedTo(String apiVersion) {
        return new EngineHttp(this, "/v" + apiVersion);
    }

    /** Sends a request and reads its JSON answer; a null node where the answer is empty. */
    JsonNode json(Request request) {
        try (Answer answer = open(request, null, () -> false)) {
            return answer.json();
        }
    }

    /** The JSON answer, or empty where the engine says that there is no such thing. */
    Optional<JsonNode> find(Request request) {
        try {
            return Optional.of(json(request));
        } catch (EngineException e) {
            if (e.kind() == EngineException.Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Sends a request whose answer says nothing but yes or no. */
    void send(Request request) {
        open(request, null, () -> false).close();
    }

    /** Sends a request whose answer is a stream. */
    Answer open(Request request) {
        return open(request, null, () -> false);
    }

    /**
     * Sends a request whose answer is a stream, read by this thread.
     *
     * @param thread whose interrupt ends it, or null
     * @param nothingMore whether waiting has become pointless; asked now and then, from another thread
     */
    Answer open(Request request, @Nullable Thread thread, BooleanSupplier nothingMore) {
        HttpUriRequest http = request.at(base, prefix);
        Watchdog.Call call = watchdog.watch(thread, http::abort, nothingMore);
        boolean opened = false;
        try {
            CloseableHttpResponse response = client.execute(http, context(request));
            Answer answer = new Answer(request.toString(), http, response, call);
            answer.check();
            opened = true;
            return answer;
        } catch (TarEntity.SourceFailure e) {
            throw new java.io.UncheckedIOException(e.source());
        } catch (IOException e) {
            throw Refusal.broken(request.toString(), e);
        } finally {
            if (!opened) {
                call.close();
            }
        }
    }

    private static HttpContext context(Request request) {
        HttpContext context = new BasicHttpContext();
        if (!request.unseen().isEmpty()) {
            context.setAttribute(
                    ListeningExecutor.UNSEEN_QUERY, URLEncodedUtils.format(request.unseen(), StandardCharsets.UTF_8));
        }
        return context;
    }

    private boolean answersPing() {
        HttpGet ping = new HttpGet(base.resolve("/_ping"));
        ping.setConfig(HASTY);
        try (CloseableHttpResponse response = client.execute(ping)) {
            return response.getStatusLine().getStatusCode() == 200;
        } catch (IOException | IllegalStateException e) {
            // IllegalStateException: the pool was shut down in the meantime.
            return false;
        }
    }

    @Override
    public void close() {
        watchdog.close();
        try {
            client.close();
        } catch (IOException e) {
            throw Refusal.broken("closing", e);
        }
    }

    /** An answer that is being read. Closing it early breaks the connection rather than reading what is left. */
    static final class Answer implements AutoCloseable {

        private final String what;
        private final HttpUriRequest request;
        private final CloseableHttpResponse response;
        private final Watchdog.Call call;

        private Answer(String what, HttpUriRequest request, CloseableHttpResponse response, Watchdog.Call call) {
            this.what = what;
            this.request = request;
            this.response = response;
            this.call = call;
        }

        String what() {
            return what;
        }

        InputStream body() throws IOException {
            HttpEntity entity = response.getEntity();
            return entity == null ? InputStream.nullInputStream() : entity.getContent();
        }

        /** Why the watchdog ended it, if it did. */
        Optional<Watchdog.Reason> ended() {
            return Optional.ofNullable(call.ended());
        }

        /** A header's value; empty text where there is no such header. */
        String header(String name) {
            Header header = response.getFirstHeader(name);
            return header == null ? "" : header.getValue();
        }

        JsonNode json() {
            try {
                return JSON.readTree(body());
            } catch (IOException e) {
                throw Refusal.broken(what, e);
            }
        }

        private void check() throws IOException {
            int status = response.getStatusLine().getStatusCode();
            if (status >= 400) {
                try (this) {
                    String text = new String(body().readAllBytes(), StandardCharsets.UTF_8);
                    throw Refusal.answered(what, status, text, null);
                }
            }
        }

        @Override
        public void close() {
            call.close();
            // Nothing happens to a connection that is back in the pool, because everything was read.
            request.abort();
            try {
                response.close();
            } catch (IOException e) {
                // The connection is gone, which is what closing is for.
                return;
            }
        }
    }
}
