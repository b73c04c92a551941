package io.kubebuild.http;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hosts that one word of a list names. */
sealed interface DirectHosts {

    /** What a port is where none is meant. */
    int ANY = 0;

    /**
     * Whether an address is one of theirs.
     *
     * @param host in lower case, an address of IPv6 without brackets
     * @param port of the address, or its scheme's own
     */
    boolean have(String host, int port);

    /** The nearest word of Go and curl; empty where they have none. */
    Optional<String> word();

    /** Whether that word means the same hosts. */
    boolean exact();

    /**
     * Reads a word.
     *
     * @param andBelow whether a plain name means the hosts below it, too
     */
    static DirectHosts of(String text, boolean andBelow) {
        String word = text.toLowerCase(Locale.ROOT);
        Matcher parts = Words.WITH_PORT.matcher(word);
        boolean withPort = parts.matches();
        String host = plain(withPort ? parts.group(1) : word);
        int port = withPort ? Integer.parseInt(parts.group(2)) : ANY;
        Optional<AddressRange> range = AddressRange.parse(host);
        if (range.isPresent()) {
            return new Addresses(range.get(), port);
        }
        String below = host.startsWith("*.") ? host.substring(1) : host;
        if (below.indexOf('*') >= 0) {
            return new Matching(host, port);
        }
        return below.startsWith(".")
                ? new Named(below.substring(1), false, true, port)
                : new Named(below, true, andBelow, port);
    }

    /** A host without the brackets of IPv6 and the dot at the end of a full name. */
    static String plain(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        return bare.length() > 1 && bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    /** How words are written. */
    final class Words {
        private static final Pattern WITH_PORT = Pattern.compile("(\\[[^\\]]*]|[^:]*):([0-9]{1,5})");

        private Words() {}

        private static String with(String host, int port) {
            return port == ANY ? host : host + ":" + port;
        }
    }

    /**
     * A name and what is below it.
     *
     * @param itself whether the name itself is meant
     * @param below whether those below it are
     */
    record Named(String name, boolean itself, boolean below, int port) implements DirectHosts {
        @Override
        public boolean have(String host, int atPort) {
            return (port == ANY || port == atPort)
                    && ((itself && host.equals(name)) || (below && host.endsWith("." + name)));
        }

        @Override
        public Optional<String> word() {
            return Optional.of(Words.with(itself ? name : "." + name, port));
        }

        /** A name means those below it in Go; nobody asks for them where Maven does not mean them. */
        @Override
        public boolean exact() {
            return true;
        }
    }

    /** Addresses, whatever the names of their hosts are. */
    record Addresses(AddressRange range, int port) implements DirectHosts {
        @Override
        public boolean have(String host, int atPort) {
            return (port == ANY || port == atPort) && range.has(host);
        }

        @Override
        public Optional<String> word() {
            return Optional.of(range.single() && port != ANY ? Words.with(range.bracketed(), port) : range.text());
        }

        @Override
        public boolean exact() {
            return range.single() || port == ANY;
        }
    }

    /** Names of a form, {@code *} for any letters. */
    record Matching(String form, int port) implements DirectHosts {
        @Override
        public boolean have(String host, int atPort) {
            return (port == ANY || port == atPort)
                    && host.matches(
                            Stream.of(form.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
        }

        @Override
        public Optional<String> word() {
            if (form.equals("*") && port == ANY) {
                return Optional.of(form);
            }
            String end = form.substring(form.lastIndexOf('*') + 1);
            // People write *example.com and mean .example.com: all of .com would be far more.
            String known = form.equals("*" + end) ? end : end.substring(Math.max(end.indexOf('.'), 0));
            boolean domain = form.equals("*" + end) ? !known.isEmpty() : known.startsWith(".") && known.length() > 1;
            return domain ? Optional.of(Words.with(known, port)) : Optional.empty();
        }

        @Override
        public boolean exact() {
            return form.equals("*") && port == ANY;
        }
    }
}
