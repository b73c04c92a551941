package io.kubebuild.http;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proxies between this machine and servers of others.
 *
 * @param http for {@code http:} addresses, with percent-encoded credentials if any
 * @param https for {@code https:} addresses, the same
 * @param direct hosts that are reached without
 * @param said whether anybody has named one, or said that there is none; else the JVM's own count
 */
public record WebProxies(Optional<URI> http, Optional<URI> https, NoProxy direct, boolean said) {

    /** Nobody says anything: the JVM's own count. */
    public static final WebProxies OF_JVM = new WebProxies(Optional.empty(), Optional.empty(), NoProxy.NONE, false);

    /**
     * Reads what the request has; an empty text stands for none.
     *
     * @throws KubeException where a proxy is no URL
     */
    public static WebProxies of(Optional<String> http, Optional<String> https, NoProxy direct) {
        return new WebProxies(
                http.filter(url -> !url.isEmpty()).map(url -> parse("kube.httpProxy", url)),
                https.filter(url -> !url.isEmpty()).map(url -> parse("kube.httpsProxy", url)),
                direct,
                http.isPresent() || https.isPresent());
    }

    private static URI parse(String parameter, String url) {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below, without the text of the exception: it has the password in it.
        }
        throw KubeException.user(
                parameter + " is no URL of a proxy",
                "user and password in it must be percent-encoded",
                "write -D" + parameter + "=http://USER:PASSWORD@HOST:PORT, with %40 for an @ in a password");
    }

    /** All of them, each once. */
    public List<URI> all() {
        return Stream.concat(http.stream(), https.stream()).distinct().toList();
    }

    /** The proxy on the way to an address; empty where it is reached without. */
    public Optional<URI> between(URI target) {
        if (direct.covers(target)) {
            return Optional.empty();
        }
        return "https".equals(target.getScheme()) ? https : http;
    }

    /** For Java's own client: the proxy of each address, those that a server leads on to included; never the JVM's. */
    public ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI target) {
                return List.of(between(target)
                        .map(proxy -> new Proxy(
                                Proxy.Type.HTTP,
                                new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort())))
                        .orElse(Proxy.NO_PROXY));
            }

            @Override
            public void connectFailed(URI target, SocketAddress proxy, IOException failure) {
                // Whoever asks is told.
            }
        };
    }

    /** Never shows a password. */
    @Override
    public String toString() {
        return "WebProxies[" + all().stream().map(URI::getHost).toList() + ", direct=" + direct + "]";
    }
}
