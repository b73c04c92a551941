package io.kubebuild.workspace.host;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of Go, compared by its numbers: 1.9 is older than 1.19, which text would have the other way round.
 *
 * @param text as it was written, with {@code go} before it
 * @param major 1
 * @param minor 19
 * @param patch 0 where there is none
 * @param pre {@code rc1}, {@code beta2}; empty for a release
 */
public record GoVersion(String text, int major, int minor, int patch, String pre) implements Comparable<GoVersion> {

    private static final Pattern FORM = Pattern.compile(
            "(?:go)?([0-9]{1,4})\\.([0-9]{1,4})(?:\\.([0-9]{1,4}))?((?:rc|beta|alpha)[0-9]+)?(?:[^0-9.].*)?");

    /** Reads {@code go1.19.8}, {@code 1.22}, {@code go1.23rc1}; empty for what is no release. */
    public static Optional<GoVersion> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String patch = matcher.group(3);
        String pre = matcher.group(4);
        return Optional.of(new GoVersion(
                text.startsWith("go") ? text : "go" + text,
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                patch == null ? 0 : Integer.parseInt(patch),
                pre == null ? "" : pre));
    }

    @Override
    public int compareTo(GoVersion other) {
        int numbers =
                Arrays.compare(new int[] {major, minor, patch}, new int[] {other.major, other.minor, other.patch});
        // A release comes after all that went before it.
        return numbers != 0
                ? numbers
                : Comparator.<String, Boolean>comparing(String::isEmpty)
                        .thenComparing(Comparator.naturalOrder())
                        .compare(pre, other.pre);
    }

    /** Whether it is the same release, however it is written. */
    boolean isSame(GoVersion other) {
        return compareTo(other) == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GoVersion version && isSame(version);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new int[] {major, minor, patch}) + pre.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
