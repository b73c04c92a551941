package io.kubebuild.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses with the same beginning.
 *
 * @param text {@code 10.0.0.1}, {@code ::1} or {@code 10.0.0.0/8}
 * @param first any of them
 * @param bits how many bits they share
 */
record AddressRange(String text, InetAddress first, int bits) {

    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";
    private static final Pattern V4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");
    private static final Pattern V6 = Pattern.compile("[0-9a-f]*:[0-9a-f:.]*");

    /** What Java and Maven write for a network: {@code 10.*}, {@code 192.168.*}. */
    private static final Pattern STARS = Pattern.compile("((?:" + OCTET + "\\.){1,3})\\*(?:\\.\\*){0,2}");

    private static final Pattern SLASH = Pattern.compile("(.+)/([0-9]{1,3})");

    /** The range that a text names in one of the three ways; empty where it names none. */
    static Optional<AddressRange> parse(String text) {
        Matcher stars = STARS.matcher(text);
        if (stars.matches()) {
            int octets =
                    (int) stars.group(1).chars().filter(letter -> letter == '.').count();
            String network = stars.group(1) + "0.".repeat(4 - octets);
            return parse(network.substring(0, network.length() - 1) + "/" + 8 * octets);
        }
        Matcher slash = SLASH.matcher(text);
        if (slash.matches()) {
            int bits = Integer.parseInt(slash.group(2));
            return address(slash.group(1))
                    .filter(address -> bits <= 8 * address.getAddress().length)
                    .map(address -> new AddressRange(text, address, bits));
        }
        return address(text).map(address -> new AddressRange(text, address, 8 * address.getAddress().length));
    }

    /** The address that a host is, if it is none by name; no server of names is asked. */
    static Optional<InetAddress> address(String host) {
        boolean six = V6.matcher(host).matches();
        if (!six && !V4.matcher(host).matches()) {
            return Optional.empty();
        }
        try {
            // Java asks for the name of what it cannot read, but not within brackets.
            return Optional.of(InetAddress.getByName(six ? "[" + host + "]" : host));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    boolean has(String host) {
        return address(host).filter(this::has).isPresent();
    }

    private boolean has(InetAddress address) {
        byte[] one = first.getAddress();
        byte[] other = address.getAddress();
        boolean same = one.length == other.length;
        for (int bit = 0; same && bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            same = (one[bit / 8] & mask) == (other[bit / 8] & mask);
        }
        return same;
    }

    /** Whether it is one address. */
    boolean single() {
        return bits == 8 * first.getAddress().length;
    }

    /** The text, as it stands before a port. */
    String bracketed() {
        return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
    }
}
