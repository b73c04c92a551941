package io.kubebuild.mojo;

import java.util.regex.Pattern;

/** Forms of flags for Go's programs, which they themselves would refuse in the middle of a build. */
final class GoFlags {

    /** Quotes may stand anywhere in a word, as for a shell. */
    private static final String WORD = "(?:[^\\s'\"]++|'[^']*+'|\"[^\"]*+\")++";

    private static final Pattern WORDS = Pattern.compile("\\s*(?:" + WORD + "\\s*)*+");
    private static final Pattern EACH_A_FLAG =
            Pattern.compile("\\s*(?:(?=['\"]?-{1,2}[A-Za-z])" + WORD + "(?:\\s+|$))*+");

    /** {@code -N -l}, or with a pattern of packages: {@code all=-N -l}. */
    private static final Pattern FIRST_A_FLAG =
            Pattern.compile("(?s)\\s*['\"]?(?:[^\\s'\"=]+=)?['\"]?-{1,2}[A-Za-z].*");

    private GoFlags() {}

    /** Of the go command: each word is a flag with its value ({@code -tags=a}). */
    static boolean ofCommand(String text) {
        return EACH_A_FLAG.matcher(text).matches();
    }

    /** Of its compiler or linker: values may stand behind flags ({@code -X a=b}). */
    static boolean ofTool(String text) {
        return WORDS.matcher(text).matches() && FIRST_A_FLAG.matcher(text).matches();
    }
}
