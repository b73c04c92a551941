package io.kubebuild.request;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Proxies under the names that Docker predefines as build arguments: they reach the build and leave nothing in the image. */
public final class Proxies {

    private Proxies() {}

    /** What a program reads differs in case. */
    public static Map<String, String> inBothCases(BuildRequest.NetworkSettings network) {
        Map<String, String> both = new TreeMap<>();
        asBuildArguments(network).forEach((name, value) -> {
            both.put(name, value);
            both.put(name.toLowerCase(Locale.ROOT), value);
        });
        return both;
    }

    public static Map<String, String> asBuildArguments(BuildRequest.NetworkSettings network) {
        Map<String, String> arguments = new TreeMap<>();
        network.httpProxy().ifPresent(proxy -> arguments.put("HTTP_PROXY", proxy));
        network.httpsProxy().ifPresent(proxy -> arguments.put("HTTPS_PROXY", proxy));
        network.noProxy().ifPresent(hosts -> arguments.put("NO_PROXY", hosts));
        return arguments;
    }
}
