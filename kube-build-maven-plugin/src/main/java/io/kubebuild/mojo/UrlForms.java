package io.kubebuild.mojo;

import io.kubebuild.http.NoProxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Forms of addresses in parameters; what would be ignored in one is not of its form. */
final class UrlForms {

    private static final int HIGHEST_PORT = 65535;

    private static final Set<String> WEB = Set.of("http", "https");

    /** A host, all hosts below a domain or of a form, or an address, with a port if only that is meant. */
    private static final Pattern DIRECT = Pattern.compile("\\*|\\*?\\.?[A-Za-z0-9_][A-Za-z0-9_.*-]*(:[0-9]{1,5})?"
            + "|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f.]*");

    private UrlForms() {}

    /** {@code http://[USER:PASSWORD@]HOST[:PORT][/]}. */
    static boolean isProxy(String text) {
        return web(text)
                .filter(url -> Set.of("", "/").contains(url.getRawPath()) && url.getRawQuery() == null)
                .isPresent();
    }

    /** Something to fetch: a file on the web, or one of this machine that is there. */
    static Optional<URI> ofFile(String text) {
        Optional<URI> onWeb = web(text)
                .filter(url ->
                        url.getRawPath().length() > 1 && !url.getRawPath().endsWith("/"));
        return onWeb.isPresent() ? onWeb : local(text).filter(url -> Files.isRegularFile(Path.of(url)));
    }

    /** One part of Go's GOPROXY. */
    static boolean isModuleProxy(String text) {
        return text.equals("off")
                || text.equals("direct")
                || web(text).filter(url -> url.getRawQuery() == null).isPresent()
                || local(text).isPresent();
    }

    /** Hosts that are reached without a proxy, separated by commas or bars; one at least. */
    static boolean areDirect(String text) {
        String[] hosts = text.split("[,|]", -1);
        return Stream.of(hosts).anyMatch(host -> !host.isBlank())
                && Stream.of(hosts)
                        .map(String::strip)
                        .allMatch(host -> host.isEmpty()
                                || (host.indexOf('/') >= 0
                                        ? NoProxy.isNetwork(host)
                                        : DIRECT.matcher(host).matches()
                                                && isPort(host.replaceFirst("^[^:]*:|^.*]:?", ""))));
    }

    private static boolean isPort(String text) {
        return !text.matches("[0-9]{1,5}") || isPort(Integer.parseInt(text));
    }

    private static boolean isPort(int port) {
        return port > 0 && port <= HIGHEST_PORT;
    }

    private static Optional<URI> web(String text) {
        return parsed(text)
                .filter(url -> WEB.contains(String.valueOf(url.getScheme()))
                        && url.getHost() != null
                        && !url.getRawAuthority().endsWith(":")
                        && (url.getPort() == -1 || isPort(url.getPort()))
                        && url.getRawFragment() == null);
    }

    /** {@code file:/path} and {@code file:///path}. */
    private static Optional<URI> local(String text) {
        return parsed(text)
                .filter(url -> "file".equals(url.getScheme())
                        && url.getRawAuthority() == null
                        && url.getRawPath() != null
                        && url.getRawPath().length() > 1
                        && url.getRawQuery() == null
                        && url.getRawFragment() == null);
    }

    private static Optional<URI> parsed(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
