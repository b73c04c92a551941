package io.kubebuild.mojo;

import io.kubebuild.problem.Secrets;
import io.kubebuild.problem.Shown;
import java.util.regex.Pattern;

/** A value as it may stand in a message: no password, no character that a terminal obeys, and no more of it than anybody reads. */
final class ShownValue {

    private static final int MOST = 200;

    /** User and password without a scheme before them, as in the name of an image; what is behind the {@code @} there is no digest. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("(?<![^\\s=,|'\"])[^\\s/@:=,|'\"]+:[^\\s@/]+@(?!sha256:)");

    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private ShownValue() {}

    static String of(String value) {
        String hidden = CREDENTIALS.matcher(Secrets.hidden(value)).replaceAll("***@");
        String shown = Shown.line(hidden.replace("\n", "\\n").replace("\t", "\\t"));
        return shown.length() > MOST ? shown.substring(0, MOST) + "… (" + value.length() + " characters)" : shown;
    }

    /** Whether there is a character in it that nobody types on purpose; the breaks of lines are left. */
    static boolean hasControls(String value) {
        return CONTROL.matcher(value.replaceAll("[\\n\\r\\t]", "")).find();
    }
}
