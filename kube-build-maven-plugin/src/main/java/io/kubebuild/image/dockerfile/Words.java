package io.kubebuild.image.dockerfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Quotes, escapes and variables of Dockerfile words; {@code \} is the escape character. */
final class Words {

    private final Instruction instruction;
    private final Map<String, String> variables;

    /** @param variables what may be named; naming another is refused, because the base image may set it */
    Words(Instruction instruction, Map<String, String> variables) {
        this.instruction = instruction;
        this.variables = variables;
    }

    /** Splits at white space outside quotes, and expands each word. */
    List<String> split(String text) throws NotUnderstoodException {
        List<String> words = new ArrayList<>();
        for (String raw : rawWords(text)) {
            words.add(expand(raw));
        }
        return words;
    }

    /** Expands words that are split already. */
    List<String> expandAll(List<String> raw) throws NotUnderstoodException {
        List<String> words = new ArrayList<>();
        for (String word : raw) {
            words.add(expand(word));
        }
        return words;
    }

    /** Splits at white space outside quotes; quotes and escapes stay. */
    static List<String> rawWords(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
                word.append(c).append(text.charAt(++i));
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (!word.isEmpty()) {
                    words.add(word.toString());
                    word.setLength(0);
                }
            } else {
                if (c == quote) {
                    quote = 0;
                } else if (quote == 0 && (c == '"' || c == '\'')) {
                    quote = c;
                }
                word.append(c);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words;
    }

    /** Removes quotes and escapes, and puts values in the place of variables. */
    String expand(String text) throws NotUnderstoodException {
        StringBuilder out = new StringBuilder();
        char quote = 0;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (quote == '\'' && c != '\'') {
                out.append(c);
                i++;
            } else if (c == quote && quote != 0) {
                quote = 0;
                i++;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                i++;
            } else if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(i + 1);
                // Inside double quotes the escape character only escapes what would mean something there.
                if (quote == '"' && next != '"' && next != '$' && next != '\\') {
                    out.append(c);
                }
                out.append(next);
                i += 2;
            } else if (c == '$') {
                i = variable(text, i, out);
            } else {
                out.append(c);
                i++;
            }
        }
        if (quote != 0) {
            throw new NotUnderstoodException(instruction, "a quote is not closed");
        }
        return out.toString();
    }

    /** Expands the variable at that place and returns the place after it. */
    private int variable(String text, int at, StringBuilder out) throws NotUnderstoodException {
        if (at + 1 < text.length() && text.charAt(at + 1) == '{') {
            int end = text.indexOf('}', at);
            if (end < 0) {
                throw new NotUnderstoodException(instruction, "${ is not closed");
            }
            out.append(braced(text.substring(at + 2, end)));
            return end + 1;
        }
        int end = at + 1;
        while (end < text.length() && isNameCharacter(text.charAt(end))) {
            end++;
        }
        if (end == at + 1) {
            out.append('$');
            return end;
        }
        out.append(required(text.substring(at + 1, end)));
        return end;
    }

    private String braced(String inside) throws NotUnderstoodException {
        int end = 0;
        while (end < inside.length() && isNameCharacter(inside.charAt(end))) {
            end++;
        }
        String name = inside.substring(0, end);
        String rest = inside.substring(end);
        if (name.isEmpty() || rest.contains("$")) {
            throw new NotUnderstoodException(instruction, "${" + inside + "} is of a form that is not read");
        }
        Optional<String> value = Optional.ofNullable(variables.get(name));
        if (rest.isEmpty()) {
            return required(name);
        }
        if (rest.startsWith(":-")) {
            return value.filter(text -> !text.isEmpty()).orElse(rest.substring(2));
        }
        if (rest.startsWith(":+")) {
            return value.filter(text -> !text.isEmpty())
                    .map(text -> rest.substring(2))
                    .orElse("");
        }
        throw new NotUnderstoodException(instruction, "${" + inside + "} is of a form that is not read");
    }

    private String required(String name) throws NotUnderstoodException {
        String value = variables.get(name);
        if (value == null) {
            throw new NotUnderstoodException(
                    instruction, "$" + name + " is not set in this Dockerfile; the base image may set it");
        }
        return value;
    }

    private static boolean isNameCharacter(char c) {
        return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
    }
}
