package io.kubebuild.tree;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A platform as Go and Kubernetes write it: {@code GOOS/GOARCH}.
 *
 * @param os GOOS
 * @param arch GOARCH
 */
public record Platform(String os, String arch) implements Comparable<Platform> {

    private static final Pattern SYNTAX = Pattern.compile("([a-z0-9]+)/([a-z0-9]+)");

    /** Reads {@code linux/amd64}; empty where the text is no platform. */
    public static Optional<Platform> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        return matcher.matches() ? Optional.of(new Platform(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    /** {@code linux-amd64}, as in tarball names. */
    public String tag() {
        return os + "-" + arch;
    }

    /** File name of a program on this platform. */
    public String program(String name) {
        return os.equals("windows") ? name + ".exe" : name;
    }

    @Override
    public int compareTo(Platform other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return os + "/" + arch;
    }
}
