package io.kubebuild.problem;

import java.util.Objects;

/**
 * One thing that is wrong, told so that the reader can act on it. User and password of URLs are hidden, and control characters
 * spelled out. No reason is longer than a screen: of a longer one the last lines are kept, as commands say what is wrong at their end.
 *
 * @param what what is wrong, naming the parameter, path or image and its value, as one sentence without a final full stop
 * @param why the reason, or an empty string where {@code what} says it all
 * @param fix what to do next, in the user's own syntax ({@code -Dkube.platforms=linux/amd64}); never empty
 */
public record Problem(String what, String why, String fix) {

    public Problem {
        // Whatever an engine, a registry or go said may have an address with a password in it.
        what = shown(Objects.requireNonNull(what, "what"));
        why = LastLines.ofScreen(shown(Objects.requireNonNull(why, "why")));
        fix = shown(fix);
        if (fix.isBlank()) {
            throw new IllegalArgumentException("a problem without a fix: " + what);
        }
    }

    private static String shown(String text) {
        return Secrets.hidden(Shown.text(text));
    }

    /** The problem as it is printed: what, reason and fix on lines of their own. */
    public String text() {
        StringBuilder text = new StringBuilder(what);
        if (!why.isBlank()) {
            text.append("\n  why: ").append(why.replace("\n", "\n       "));
        }
        return text.append("\n  fix: ").append(fix.replace("\n", "\n       ")).toString();
    }
}
