package io.kubebuild.tree;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of Go, ordered as the go command orders them ({@code Parse} and {@code Compare} of Go's internal/gover, go/version): numbers
 * count as numbers, so that 1.9 is older than 1.19. From 1.21 on {@code 1.22} is the language, which every candidate and release of it
 * has: 1.22 &lt; 1.22rc1 &lt; 1.22.0. Up to 1.20 it is the first release: 1.20rc1 &lt; 1.20 = 1.20.0.
 *
 * <p>What a builder of Go of their own writes behind the number ({@code go1.21.13-fips}, {@code go1.22.4 X:boringcrypto},
 * {@code go1.26.0-X:jsonv2}) says nothing of what is older ({@code FromToolchain} of cmd/go/internal/gover), but it is another Go:
 * {@link #isSame}.
 *
 * @param text with {@code go} before the number: {@code go1.22.5}, or what {@code go version} says of a Go that is no release:
 *     {@code devel go1.25-abcdef}
 */
public record GoVersion(String text) implements Comparable<GoVersion> {

    private static final String NUMBER = "(0|[1-9][0-9]{0,8})";

    private static final Pattern FORM = Pattern.compile("(devel )?go" + NUMBER + "(?:\\." + NUMBER + "(?:\\." + NUMBER
            + ")?(?:([a-z]+)(0|[1-9][0-9]{0,8})?)?)?([ \\t-].*)?");

    /** Places in it. */
    private static final int DEVELOPMENT = 1;

    private static final int MAJOR = 2;
    private static final int MINOR = 3;
    private static final int PATCH = 4;
    private static final int STAGE = 5;
    private static final int CANDIDATE = 6;
    private static final int SUFFIX = 7;

    /** From this one on a module's go line is a requirement, a Go can fetch another, and the language has a number of its own. */
    public static final GoVersion FIRST_WITH_TOOLCHAINS = new GoVersion("go1.21");

    private static final int FIRST_MINOR_WITH_TOOLCHAINS = 21;

    private static final Comparator<GoVersion> ORDER = Comparator.comparingInt(GoVersion::major)
            .thenComparingInt(GoVersion::minor)
            .thenComparingInt(GoVersion::patch)
            .thenComparing(GoVersion::stage)
            .thenComparingInt(version -> version.number(CANDIDATE, -1));

    /** What sorts behind all stages: the release of a patch, where one was tried out before it. */
    private static final String RELEASED = "~";

    public GoVersion {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("no version of Go: " + text);
        }
    }

    /**
     * Reads what {@code go version}, a file {@code VERSION}, {@code .go-version}, a go line or GOTOOLCHAIN says, with {@code go} before the
     * number or without; {@code +auto} and {@code +path} are no part of it. Empty for what has no number, such as {@code devel}.
     */
    public static Optional<GoVersion> parse(String text) {
        String plain = text.strip().replaceFirst("\\+.*", "");
        String full = plain.startsWith("go") || plain.startsWith("devel ") ? plain : "go" + plain;
        return Optional.of(full).filter(one -> FORM.matcher(one).matches()).map(GoVersion::new);
    }

    private Matcher parts() {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalStateException(text);
        }
        return parts;
    }

    private int number(int part, int otherwise) {
        String digits = parts().group(part);
        return digits == null ? otherwise : Integer.parseInt(digits);
    }

    private boolean has(int part) {
        return parts().group(part) != null;
    }

    private int major() {
        return number(MAJOR, 0);
    }

    /** The 22 of {@code go1.22.5}. */
    public int minor() {
        return number(MINOR, 0);
    }

    /** Less than any release's for the language and for candidates of its first release. */
    private int patch() {
        boolean isRelease = !has(MINOR) || (!has(STAGE) && minor() < FIRST_MINOR_WITH_TOOLCHAINS);
        return number(PATCH, isRelease ? 0 : -1);
    }

    /** Of a first release the language comes before its candidates, which are before it; of a patch all come before it. */
    private String stage() {
        String stage = parts().group(STAGE);
        if (stage != null) {
            return stage;
        }
        return patch() < 0 ? "" : RELEASED;
    }

    private String suffix() {
        String suffix = parts().group(SUFFIX);
        return suffix == null ? "" : suffix;
    }

    @Override
    public int compareTo(GoVersion other) {
        return ORDER.compare(this, other);
    }

    /** Whether it comes before another one; a suffix does not count. */
    public boolean isOlderThan(GoVersion other) {
        return compareTo(other) < 0;
    }

    /** Whether it is the same Go, which makes the same bytes, however it is written; a suffix counts. */
    public boolean isSame(GoVersion other) {
        return compareTo(other) == 0 && isDevelopment() == other.isDevelopment() && suffix().equals(other.suffix());
    }

    /** Whether {@code go version} says {@code devel} before the number, as a Go built from a working tree does up to 1.24. */
    public boolean isDevelopment() {
        return has(DEVELOPMENT);
    }

    /** Whether it is the language and no release: {@code go1.22}. */
    public boolean isLanguage() {
        return patch() < 0 && !has(STAGE);
    }

    /** Whether two have the same language: {@code go1.22rc1} and {@code go1.22.5}. */
    public boolean hasLanguageOf(GoVersion other) {
        return major() == other.major() && minor() == other.minor();
    }

    /** The language alone: {@code go1.22}. */
    public GoVersion language() {
        return new GoVersion("go" + major() + "." + minor());
    }

    /**
     * The oldest release that is no older, as it is published: {@code go1.22.0} for {@code go1.22}, {@code go1.15} for
     * {@code go1.15.0}.
     */
    public GoVersion release() {
        if (isLanguage()) {
            return new GoVersion("go" + major() + "." + minor() + ".0");
        }
        boolean isFirstOfOld = minor() < FIRST_MINOR_WITH_TOOLCHAINS && patch() == 0 && !has(STAGE);
        return isFirstOfOld ? language() : this;
    }

    @Override
    public String toString() {
        return text;
    }
}
