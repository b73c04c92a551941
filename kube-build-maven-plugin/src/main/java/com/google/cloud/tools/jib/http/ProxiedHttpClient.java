package com.google.cloud.tools.jib.http;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.api.client.util.SslUtils;
import com.google.cloud.tools.jib.api.LogEvent;
import io.kubebuild.http.AnswerStream;
import io.kubebuild.http.Deadline;
import io.kubebuild.http.LostConnectionException;
import io.kubebuild.http.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.NoHttpResponseException;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.CredentialsProvider;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.HttpEntityWrapper;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.DefaultRoutePlanner;
import org.apache.http.impl.conn.DefaultSchemePortResolver;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * jib's HTTP client on the way through proxies that the caller names, and within limits.
 *
 * <p>It lies in jib's package because jib takes proxies from system properties only, which belong to the whole JVM and so to every
 * other build in it, and knows no limits; the one constructor of {@link FailoverHttpClient} that takes a transport is open to its package
 * alone. See docs/adr/0010-proxies-for-registries.md. It tries nothing again by itself: whoever reads an answer does.
 */
@NullMarked
public final class ProxiedHttpClient {

    private static final int MOST_HEADERS = 1000;
    private static final int MOST_HEADER_BYTES = 64 << 10;

    private ProxiedHttpClient() {}

    /**
     * A client that speaks HTTPS only, as jib's own does with registries that are not on this machine.
     *
     * @param proxies every proxy that there is, as URLs with percent-encoded credentials if any
     * @param between which of them is on the way to an address (scheme, host and port); empty for none
     * @param tls whose certificates are believed
     * @param pace that answers have to keep
     */
    public static FailoverHttpClient through(
            List<URI> proxies,
            Function<URI, Optional<URI>> between,
            SSLContext tls,
            Pace pace,
            Consumer<LogEvent> log) {
        return through(proxies, between, tls, pace, log, false);
    }

    /** The same, with plain HTTP if asked for. */
    static FailoverHttpClient through(
            List<URI> proxies,
            Function<URI, Optional<URI>> between,
            SSLContext tls,
            Pace pace,
            Consumer<LogEvent> log,
            boolean plainToo) {
        Supplier<HttpTransport> transport = () -> transport(
                secure(tls).setRoutePlanner(new Routes(between)).setDefaultCredentialsProvider(credentials(proxies)),
                pace);
        return new FailoverHttpClient(plainToo, plainToo, log, transport, transport, false);
    }

    /**
     * A client that goes the JVM's own way.
     *
     * @param onThisMachine whether certificates need not be trusted, and plain HTTP will do as well
     * @param tls whose certificates are believed
     * @param pace that answers have to keep
     */
    public static FailoverHttpClient direct(boolean onThisMachine, SSLContext tls, Pace pace, Consumer<LogEvent> log) {
        return new FailoverHttpClient(
                onThisMachine,
                onThisMachine,
                log,
                () -> transport(secure(tls), pace),
                () -> transport(trusting(), pace),
                false);
    }

    private static HttpTransport transport(HttpClientBuilder client, Pace pace) {
        return new ApacheHttpTransport(new GuardedHttpClient(
                client.setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setMessageConstraints(MessageConstraints.custom()
                                        .setMaxHeaderCount(MOST_HEADERS)
                                        .setMaxLineLength(MOST_HEADER_BYTES)
                                        .build())
                                .build())
                        .build(),
                pace));
    }

    /** As jib makes its own, which takes protocols and ciphers from the JVM's properties, but with other certificates. */
    private static HttpClientBuilder secure(SSLContext tls) {
        return ApacheHttpTransport.newDefaultHttpClientBuilder()
                .setSSLSocketFactory(new SSLConnectionSocketFactory(
                        tls,
                        listed("https.protocols").orElse(null),
                        listed("https.cipherSuites").orElse(null),
                        SSLConnectionSocketFactory.getDefaultHostnameVerifier()));
    }

    private static Optional<String[]> listed(String property) {
        return Optional.of(System.getProperty(property, ""))
                .filter(list -> !list.isBlank())
                .map(list -> list.strip().split(" *, *", -1));
    }

    /** The same, for servers whose certificates nobody vouches for. */
    private static HttpClientBuilder trusting() {
        try {
            return ApacheHttpTransport.newDefaultHttpClientBuilder()
                    .setSSLSocketFactory(new SSLConnectionSocketFactory(
                            SslUtils.trustAllSSLContext(), NoopHostnameVerifier.INSTANCE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private static CredentialsProvider credentials(List<URI> proxies) {
        CredentialsProvider credentials = new BasicCredentialsProvider();
        for (URI proxy : proxies) {
            String shown = proxy.getRawUserInfo();
            if (shown != null) {
                String[] parts = (shown + ":").split(":", 3);
                credentials.setCredentials(
                        new AuthScope(proxy.getHost(), port(proxy)),
                        new UsernamePasswordCredentials(decoded(parts[0]), decoded(parts[1])));
            }
        }
        return credentials;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static int port(URI proxy) {
        if (proxy.getPort() >= 0) {
            return proxy.getPort();
        }
        return "https".equals(proxy.getScheme()) ? 443 : 80;
    }

    private static final class Routes extends DefaultRoutePlanner {
        private final Function<URI, Optional<URI>> between;

        Routes(Function<URI, Optional<URI>> between) {
            super(DefaultSchemePortResolver.INSTANCE);
            this.between = between;
        }

        @Override
        protected @Nullable HttpHost determineProxy(HttpHost target, HttpRequest request, HttpContext context) {
            return between.apply(URI.create(target.toURI()))
                    .map(proxy -> new HttpHost(proxy.getHost(), port(proxy), proxy.getScheme()))
                    .orElse(null);
        }
    }

    /**
     * Apache's client, but an answer begins and comes in time, and what jib reads as a whole is not large.
     *
     * <p>jib makes one for each of its requests, and asks it again where it is redirected to: what was asked for first says what may come.
     */
    private static final class GuardedHttpClient extends CloseableHttpClient {

        /** What registries hold a manifest to; tokens and lists of tags are smaller. */
        static final long MOST_BYTES = 4L << 20;

        /** More of an error says nothing more. */
        private static final int MOST_ERROR_BYTES = 64 << 10;

        private static final long UNKNOWN = -1;

        private final CloseableHttpClient client;
        private final Pace pace;
        private final AtomicLong most = new AtomicLong(UNKNOWN);

        GuardedHttpClient(CloseableHttpClient client, Pace pace) {
            this.client = client;
            this.pace = pace;
        }

        @Override
        protected CloseableHttpResponse doExecute(
                @Nullable HttpHost target, HttpRequest request, @Nullable HttpContext context) throws IOException {
            if (!(request instanceof HttpUriRequest cancellable)) {
                throw new IOException("this client sends requests only that can be cancelled");
            }
            // Whoever asks for a blob knows its size, and writes it to a file.
            most.compareAndSet(
                    UNKNOWN, cancellable.getURI().getPath().contains("/blobs/") ? Long.MAX_VALUE : MOST_BYTES);
            CloseableHttpResponse response = answer(target, cancellable, context);
            HttpEntity entity = response.getEntity();
            if (entity != null) {
                int status = response.getStatusLine().getStatusCode();
                response.setEntity(
                        status >= 200 && status < 300
                                ? new Guarded(entity, most.get(), cancellable::abort)
                                : beginning(entity, cancellable::abort));
            }
            return response;
        }

        /** Everything before an answer may be slow: the handshake, a proxy, headers that come one letter at a time. */
        private CloseableHttpResponse answer(
                @Nullable HttpHost target, HttpUriRequest request, @Nullable HttpContext context) throws IOException {
            Deadline deadline = new Deadline(pace.silence(), request::abort);
            try {
                return client.execute(target, request, context);
            } catch (IOException e) {
                if (!deadline.meet()) {
                    throw new LostConnectionException("no answer came within " + pace.silent());
                }
                throw e instanceof NoHttpResponseException ? new LostConnectionException(e) : e;
            } finally {
                deadline.meet();
            }
        }

        /** The library prints a stack trace where the text of an error cannot be read: whatever comes of it has to do. */
        private HttpEntity beginning(HttpEntity entity, Runnable cut) {
            byte[] text = new byte[MOST_ERROR_BYTES];
            int length = 0;
            try (InputStream body = new AnswerStream(entity.getContent(), pace, Long.MAX_VALUE, cut)) {
                for (int read = 0; read >= 0 && length < text.length; length += Math.max(read, 0)) {
                    read = body.read(text, length, text.length - length);
                }
            } catch (IOException e) {
                // The status says enough.
                return new ByteArrayEntity(text, 0, length);
            }
            return new ByteArrayEntity(text, 0, length);
        }

        private final class Guarded extends HttpEntityWrapper {
            private final long limit;
            private final Runnable cut;

            Guarded(HttpEntity entity, long limit, Runnable cut) {
                super(entity);
                this.limit = limit;
                this.cut = cut;
            }

            @Override
            public InputStream getContent() throws IOException {
                return new AnswerStream(super.getContent(), pace, limit, cut);
            }
        }

        @Override
        public void close() throws IOException {
            client.close();
        }

        @Override
        @Deprecated
        public org.apache.http.params.HttpParams getParams() {
            return client.getParams();
        }

        @Override
        @Deprecated
        public org.apache.http.conn.ClientConnectionManager getConnectionManager() {
            return client.getConnectionManager();
        }
    }
}
