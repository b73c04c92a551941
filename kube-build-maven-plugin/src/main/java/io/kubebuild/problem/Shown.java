package io.kubebuild.problem;

import java.util.Collection;
import java.util.regex.Pattern;

/**
 * Texts of others as they are shown: what would move a terminal's cursor, colour it or turn its lines round is spelled out, so that
 * a name in an archive can neither hide what is said of it nor pretend to be something that Maven says.
 */
public final class Shown {

    private static final int LONGEST_NAME = 200;

    /** How many of a list are told; the rest is counted. */
    private static final int MOST_NAMED = 10;

    /** Commands colour what they print, which says nothing. */
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");

    private Shown() {}

    /** A text whose lines and tabs stay. */
    public static String text(String text) {
        String plain = text.indexOf('\u001b') < 0 ? text : COLOURS.matcher(text).replaceAll("");
        return spelled(plain, "\n\t");
    }

    /** A text that is to be one line. */
    public static String line(String text) {
        return spelled(text, "");
    }

    /** A name, shortened where it is endless. */
    public static String name(String name) {
        return line(name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "…" : name);
    }

    /** The first of a list and how many more there are: {@code a, b and 30 more}. */
    public static String names(Collection<String> names) {
        return String.join(", ", names.stream().limit(MOST_NAMED).toList()) + more(names);
    }

    /** The same, one on each line. */
    public static String lines(Collection<String> lines) {
        return String.join("\n", lines.stream().limit(MOST_NAMED).toList()) + more(lines);
    }

    private static String more(Collection<String> all) {
        return all.size() > MOST_NAMED ? " and " + (all.size() - MOST_NAMED) + " more" : "";
    }

    private static String spelled(String text, String kept) {
        if (text.codePoints().noneMatch(point -> isOdd(point, kept))) {
            return text;
        }
        StringBuilder spelled = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isOdd(point, kept)) {
                spelled.append(String.format("\\u%04x", point));
            } else {
                spelled.appendCodePoint(point);
            }
        });
        return spelled.toString();
    }

    private static boolean isOdd(int point, String kept) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                kept.indexOf(point) < 0;
            // Of invisible characters those that turn the direction of writing; others are part of words.
            case Character.FORMAT -> (point >= 0x202a && point <= 0x202e) || (point >= 0x2066 && point <= 0x2069);
            default -> false;
        };
    }
}
