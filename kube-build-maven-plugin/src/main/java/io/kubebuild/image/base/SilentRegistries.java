package io.kubebuild.image.base;

import com.google.cloud.tools.jib.http.ResponseException;
import io.kubebuild.http.WebProxies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Registries that do not answer. The registry client tries for a minute before it believes that, and a tree wants up to ten
 * images of one registry: each is found out about once, and one whose name nobody knows at once.
 */
final class SilentRegistries {

    /** What has to do with the server, not with the image. */
    private static final Set<Integer> BUSY = Set.of(429, 502, 503, 504);

    private final Resolver resolver;
    private final Predicate<URI> direct;
    private final Map<String, String> reasons = new ConcurrentHashMap<>();

    /** Asks for the address of a host. */
    @FunctionalInterface
    interface Resolver {
        void resolve(String host) throws UnknownHostException;
    }

    /** @param direct whether an address is reached without a proxy; behind one, only the proxy has to know the name */
    SilentRegistries(Resolver resolver, Predicate<URI> direct) {
        this.resolver = resolver;
        this.direct = direct;
    }

    /** Names as this machine knows them; proxies are those given and, without any, those of the JVM. */
    static SilentRegistries beyond(WebProxies proxies) {
        return new SilentRegistries(
                InetAddress::getByName,
                registry -> proxies.said()
                        ? proxies.between(registry).isEmpty()
                        : isDirect(ProxySelector.getDefault().select(registry)));
    }

    private static boolean isDirect(List<Proxy> chosen) {
        return chosen.isEmpty() || chosen.get(0).type() == Proxy.Type.DIRECT;
    }

    /** Why asking a registry ({@code host} or {@code host:port}) is in vain; empty where it may answer. */
    Optional<String> reason(String registry) {
        String known = reasons.get(registry);
        if (known != null) {
            return Optional.of(known);
        }
        String host = registry.replaceFirst(":[0-9]+$", "");
        if (host.startsWith("[") || !direct.test(URI.create("https://" + registry + "/v2/"))) {
            return Optional.empty();
        }
        try {
            resolver.resolve(host);
            return Optional.empty();
        } catch (UnknownHostException e) {
            String reason = "no such host: " + host;
            reasons.put(registry, reason);
            return Optional.of(reason);
        }
    }

    /** Remembers a failure if it means that nobody is there, or has the time for anything; it was tried more than once by then. */
    void failed(String registry, IOException failure) {
        Optional<Integer> status = RemoteRepository.answer(failure).map(ResponseException::getStatusCode);
        if (status.filter(BUSY::contains).isPresent()) {
            reasons.put(registry, registry + " is busy: " + failure.getMessage());
            return;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException
                    || cause instanceof SocketException
                    || cause instanceof SocketTimeoutException) {
                reasons.put(registry, registry + " does not answer: " + cause.getMessage());
                return;
            }
        }
    }
}
