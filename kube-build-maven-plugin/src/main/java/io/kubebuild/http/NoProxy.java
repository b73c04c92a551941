package io.kubebuild.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Hosts that are reached without a proxy: one meaning for what Maven, Java, Go, curl and docker write in different ways.
 *
 * <p>Read are {@code registry.example.com}, {@code .example.com} and {@code *.example.com} (all below), forms such as
 * {@code nexus*.example.com}, addresses ({@code 10.0.0.1}, {@code ::1}, {@code [::1]}), networks ({@code 10.0.0.0/8}, {@code 10.*}) and a
 * star for all, each with a port if only that is meant. This machine itself is never reached through a proxy.
 *
 * <p>Go and curl know neither forms nor networks with a port. For those they are told the domain or the network around them: rather
 * a host too many is reached without a proxy than one too few, because what is named here is in most cases not to be had through it.
 */
public final class NoProxy {

    /** Everything but this machine is reached through the proxy. */
    public static final NoProxy NONE = new NoProxy(List.of());

    private final List<Word> words;

    /**
     * A word of the list.
     *
     * @param written as it was given
     */
    private record Word(String written, DirectHosts hosts) {}

    private NoProxy(List<Word> words) {
        this.words = List.copyOf(words);
    }

    /** Reads what curl, Go and docker read, separated by commas: a name means itself and all below. */
    public static NoProxy of(String list) {
        return read(list, true);
    }

    /** Reads {@code nonProxyHosts} of Maven and Java, separated by bars: a name means itself alone. */
    public static NoProxy ofMaven(String list) {
        return read(list, false);
    }

    private static NoProxy read(String list, boolean andBelow) {
        return new NoProxy(Stream.of(list.split("[|,\\s]+", -1))
                .filter(word -> !word.isEmpty())
                .distinct()
                .map(word -> new Word(word, DirectHosts.of(word, andBelow)))
                .toList());
    }

    /** Whether a text is a network or address as in {@code 10.0.0.0/8}. */
    public static boolean isNetwork(String text) {
        return AddressRange.parse(text.toLowerCase(Locale.ROOT)).isPresent();
    }

    /** The hosts of both. */
    public NoProxy and(NoProxy other) {
        return new NoProxy(
                Stream.concat(words.stream(), other.words.stream()).distinct().toList());
    }

    public boolean isEmpty() {
        return words.isEmpty();
    }

    /** Whether an address is reached without a proxy. */
    public boolean covers(URI target) {
        String host = DirectHosts.plain(String.valueOf(target.getHost()).toLowerCase(Locale.ROOT));
        int port = target.getPort() >= 0 ? target.getPort() : "http".equals(target.getScheme()) ? 80 : 443;
        return isThisMachine(host)
                || words.stream().anyMatch(word -> word.hosts().have(host, port));
    }

    private static boolean isThisMachine(String host) {
        return host.equals("localhost")
                || AddressRange.address(host)
                        .filter(InetAddress::isLoopbackAddress)
                        .isPresent();
    }

    /** NO_PROXY of programs in builds and containers, which are written in Go or use curl; may be empty. */
    public String forPrograms() {
        return words.stream()
                .flatMap(word -> word.hosts().word().stream())
                .distinct()
                .collect(Collectors.joining(","));
    }

    /** What programs are told otherwise than it is meant, in words. */
    public List<String> inexact() {
        List<String> said = new ArrayList<>();
        for (Word word : words) {
            Optional<String> told = word.hosts().word();
            if (told.isEmpty()) {
                said.add("'" + word.written() + "' holds for what the plugin fetches itself; programs in containers"
                        + " cannot be told so, and use the proxy");
            } else if (!word.hosts().exact()) {
                said.add("'" + word.written() + "' is '" + told.get()
                        + "' to programs in containers, the nearest that they understand");
            }
        }
        return said;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NoProxy same && words.equals(same.words);
    }

    @Override
    public int hashCode() {
        return words.hashCode();
    }

    /** The list as it was written. */
    @Override
    public String toString() {
        return words.stream().map(Word::written).collect(Collectors.joining(","));
    }
}
