package io.kubebuild.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of one function of a shell script, read for the literal words in it. Nothing is evaluated: a variable stays the
 * text {@code ${NAME}}.
 *
 * @param name the function's name ({@code kube::build::sync_to_container})
 * @param words its words in order, without quotes and comments
 */
public record ShellFunction(String name, List<String> words) {

    public ShellFunction {
        words = List.copyOf(words);
    }

    /**
     * Finds a function that begins at the start of a line and ends with a closing brace at the start of a line, which is how
     * every script of the trees is laid out.
     */
    public static Optional<ShellFunction> find(String script, String name) {
        Matcher begin = Pattern.compile(
                        "^(?:function[ \\t]+)?" + Pattern.quote(name) + "[ \\t]*(?:\\([ \\t]*\\))?\\s*\\{",
                        Pattern.MULTILINE)
                .matcher(script);
        if (!begin.find()) {
            return Optional.empty();
        }
        int end = script.indexOf("\n}", begin.end());
        String body = script.substring(begin.end(), end < 0 ? script.length() : end);
        return Optional.of(new ShellFunction(name, split(body)));
    }

    private static List<String> split(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '\\' && quote == '"' && i + 1 < text.length()) {
                    word.append(text.charAt(++i));
                } else {
                    word.append(c);
                }
            } else if (c == '\'' || c == '"') {
                quote = c;
                inWord = true;
            } else if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                if (next != '\n') {
                    word.append(next);
                    inWord = true;
                }
            } else if (c == '#' && !inWord) {
                int end = text.indexOf('\n', i);
                i = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                    inWord = false;
                }
            } else {
                word.append(c);
                inWord = true;
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        return words;
    }
}
