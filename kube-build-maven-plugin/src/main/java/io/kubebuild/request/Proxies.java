package io.kubebuild.request;

import io.kubebuild.http.NoProxy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Proxies under the names that Docker predefines as build arguments: they reach the build and leave nothing in the image. */
public final class Proxies {

    private Proxies() {}

    /** Those of the request alone, in both cases: what a program reads differs in case. */
    public static Map<String, String> inBothCases(BuildRequest.NetworkSettings network) {
        return inBothCases(network, Map.of());
    }

    /**
     * Those of the request, and what it leaves open as docker has it.
     *
     * @param ofDocker by HTTP_PROXY, HTTPS_PROXY, FTP_PROXY, ALL_PROXY and NO_PROXY
     */
    public static Map<String, String> inBothCases(BuildRequest.NetworkSettings network, Map<String, String> ofDocker) {
        Map<String, String> both = new TreeMap<>();
        variables(network, ofDocker).forEach((name, value) -> {
            both.put(name, value);
            both.put(name.toLowerCase(Locale.ROOT), value);
        });
        return both;
    }

    private static Map<String, String> variables(BuildRequest.NetworkSettings network, Map<String, String> ofDocker) {
        Map<String, String> variables = new TreeMap<>(ofDocker);
        variables.computeIfPresent(
                "NO_PROXY", (name, hosts) -> NoProxy.of(hosts).forPrograms());
        if (network.httpProxy().isPresent() || network.httpsProxy().isPresent()) {
            // It would stand in for the one that was switched off.
            variables.keySet().removeAll(List.of("ALL_PROXY", "FTP_PROXY"));
        }
        network.httpProxy().ifPresent(proxy -> variables.put("HTTP_PROXY", proxy));
        network.httpsProxy().ifPresent(proxy -> variables.put("HTTPS_PROXY", proxy));
        if (!network.noProxy().isEmpty()) {
            variables.put("NO_PROXY", network.noProxy().forPrograms());
        }
        // An empty text says that there shall be none.
        variables.values().removeIf(String::isEmpty);
        return variables;
    }
}
