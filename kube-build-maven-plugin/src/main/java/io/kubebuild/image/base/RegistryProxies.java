package io.kubebuild.image.base;

import io.kubebuild.problem.KubeException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proxies between this machine and registries.
 *
 * @param http for {@code http:} addresses, with percent-encoded credentials if any
 * @param https for {@code https:} addresses, the same
 * @param direct hosts that are reached without: {@code registry.example.com}, {@code .example.com} and {@code *.example.com} (all
 *     below), {@code example.com} (itself and all below, as curl and Go have it), {@code *}, each with a port if only that is meant
 */
public record RegistryProxies(Optional<URI> http, Optional<URI> https, List<String> direct) {

    /** Everything is reached without. */
    public static final RegistryProxies NONE = new RegistryProxies(Optional.empty(), Optional.empty(), List.of());

    public RegistryProxies {
        direct = direct.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .filter(host -> !host.isEmpty())
                .toList();
    }

    /**
     * Reads what the request has.
     *
     * @param direct comma-separated
     * @throws KubeException where a proxy is no URL
     */
    public static RegistryProxies of(Optional<String> http, Optional<String> https, Optional<String> direct) {
        return new RegistryProxies(
                http.map(url -> parse("kube.httpProxy", url)),
                https.map(url -> parse("kube.httpsProxy", url)),
                direct.map(hosts -> List.of(hosts.split("[,|]"))).orElse(List.of()));
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

    boolean isEmpty() {
        return http.isEmpty() && https.isEmpty();
    }

    /** All of them, each once. */
    List<URI> all() {
        return Stream.concat(http.stream(), https.stream()).distinct().toList();
    }

    /** The proxy on the way to an address; empty where it is reached without. */
    public Optional<URI> between(URI target) {
        String host = String.valueOf(target.getHost()).toLowerCase(Locale.ROOT);
        if (direct.stream().anyMatch(pattern -> matches(pattern, host, target.getPort()))) {
            return Optional.empty();
        }
        return "https".equals(target.getScheme()) ? https : http;
    }

    private static boolean matches(String pattern, String host, int port) {
        int colon = pattern.lastIndexOf(':');
        boolean withPort = colon > 0 && pattern.substring(colon + 1).matches("[0-9]+");
        if (withPort && !pattern.endsWith(":" + port)) {
            return false;
        }
        String name = withPort ? pattern.substring(0, colon) : pattern;
        String below = name.startsWith("*") ? name.substring(1) : name;
        return below.isEmpty() || (below.startsWith(".") ? host.endsWith(below) : isOrIsBelow(host, below));
    }

    private static boolean isOrIsBelow(String host, String name) {
        return host.equals(name) || host.endsWith("." + name);
    }

    /** Never shows a password. */
    @Override
    public String toString() {
        return "RegistryProxies[" + all().stream().map(URI::getHost).toList() + ", direct=" + direct + "]";
    }
}
