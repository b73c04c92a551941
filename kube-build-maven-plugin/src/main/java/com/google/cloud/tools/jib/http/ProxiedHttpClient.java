package com.google.cloud.tools.jib.http;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.http.apache.v2.ApacheHttpTransport;
import com.google.cloud.tools.jib.api.LogEvent;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.CredentialsProvider;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.conn.DefaultRoutePlanner;
import org.apache.http.impl.conn.DefaultSchemePortResolver;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * jib's HTTP client on the way through proxies that the caller names.
 *
 * <p>It lies in jib's package because jib takes proxies from system properties only, which belong to the whole JVM and so to every
 * other build in it; the one constructor of {@link FailoverHttpClient} that takes a transport is open to its package alone. See
 * docs/adr/0010-proxies-for-registries.md.
 */
@NullMarked
public final class ProxiedHttpClient {

    private ProxiedHttpClient() {}

    /**
     * A client that speaks HTTPS only, as jib's own does with registries that are not on this machine.
     *
     * @param proxies every proxy that there is, as URLs with percent-encoded credentials if any
     * @param between which of them is on the way to an address (scheme, host and port); empty for none
     */
    public static FailoverHttpClient through(
            List<URI> proxies, Function<URI, Optional<URI>> between, Consumer<LogEvent> log) {
        return through(proxies, between, log, false);
    }

    /** The same, with plain HTTP if asked for. */
    static FailoverHttpClient through(
            List<URI> proxies, Function<URI, Optional<URI>> between, Consumer<LogEvent> log, boolean plainToo) {
        Supplier<HttpTransport> transport = () -> transport(proxies, between);
        return new FailoverHttpClient(plainToo, plainToo, log, transport, transport, true);
    }

    /** As jib makes its own, but for the way. */
    private static HttpTransport transport(List<URI> proxies, Function<URI, Optional<URI>> between) {
        return new ApacheHttpTransport(ApacheHttpTransport.newDefaultHttpClientBuilder()
                .setSSLSocketFactory(SSLConnectionSocketFactory.getSystemSocketFactory())
                .setRoutePlanner(new Routes(between))
                .setDefaultCredentialsProvider(credentials(proxies))
                .build());
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
}
