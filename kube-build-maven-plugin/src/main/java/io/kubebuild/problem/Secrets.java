package io.kubebuild.problem;

import java.util.regex.Pattern;

/** Takes out of a text what nobody but its owner may read, before it is shown or kept. */
public final class Secrets {

    private static final String MASK = "***";

    /**
     * User and password of a URL, up to the last {@code @} before the path, because people write passwords with an {@code @} in them as
     * they are. A password with a slash is found where what follows the colon is no port.
     */
    private static final Pattern PLAIN = Pattern.compile(
            "(?<=://|:\\\\/\\\\/)" // JSON may write \/ for a slash
                    + "(?:[^/?#\\s\"'<>\\\\]*|[^/?#\\s\"'<>:@]*:(?![0-9]{1,5}/)(?:(?!://)[^\\s\"'<>,])*)(?=@)");

    /** The same in the query of a request. */
    private static final Pattern ENCODED =
            Pattern.compile("(?i)(?<=%3A%2F%2F)(?:(?!%2F|%22|%2C)[^/?#&\\s\"'<>])*(?=%40)");

    private Secrets() {}

    /** The text with {@code ***} in place of user and password of each URL in it. */
    public static String hidden(String text) {
        String shown = text.contains("@") ? PLAIN.matcher(text).replaceAll(MASK) : text;
        return shown.contains("%40") ? ENCODED.matcher(shown).replaceAll(MASK) : shown;
    }
}
