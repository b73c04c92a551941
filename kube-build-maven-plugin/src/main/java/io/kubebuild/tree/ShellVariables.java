package io.kubebuild.tree;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values that a script of the tree gives to variables, where it does so in simple lines: texts, other variables, defaults
 * ({@code ${NAME:-word}}) and the contents of a file ({@code $(cat path)}). Enough for names and references that are needed
 * before a container can run the script itself; the first assignment in the file counts.
 */
final class ShellVariables {

    private static final Pattern ASSIGNMENT = Pattern.compile(
            "(?m)^[ \\t]*(?:readonly[ \\t]+|export[ \\t]+|declare[ \\t]+-r[ \\t]+)?([A-Z_a-z][A-Z_a-z0-9]*)=(.*)$");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final TreeRoot tree;
    private final Map<String, String> assigned = new HashMap<>();
    private final Map<String, String> given;

    /** @param given variables that are set when the script starts; the script sees no others */
    ShellVariables(TreeRoot tree, String script, Map<String, String> given) {
        this.tree = tree;
        this.given = Map.copyOf(given);
        Matcher matcher = ASSIGNMENT.matcher(script);
        while (matcher.find()) {
            assigned.putIfAbsent(matcher.group(1), word(matcher.group(2)));
        }
    }

    /** The value after the script ran; empty where it has none or the line is not a simple one. */
    Optional<String> value(String name) {
        return value(name, new LinkedHashSet<>());
    }

    /** A text with its variables replaced; empty where one of them is unknown. */
    Optional<String> expand(String text) {
        return expand(text, new LinkedHashSet<>());
    }

    private Optional<String> value(String name, Set<String> open) {
        if (name.equals("KUBE_ROOT")) {
            // Every script of the tree finds it out by cd and pwd.
            return Optional.of(tree.path().toString());
        }
        String line = assigned.get(name);
        // A variable that is defined by itself (X=${X:-default}) asks for the value from outside.
        if (line == null || open.contains(name)) {
            return Optional.ofNullable(given.get(name));
        }
        Set<String> deeper = new LinkedHashSet<>(open);
        deeper.add(name);
        return expand(line, deeper);
    }

    private Optional<String> expand(String text, Set<String> open) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            if (c == '"') {
                i++;
                continue;
            }
            if (c != '$') {
                result.append(c);
                i++;
                continue;
            }
            int end;
            Optional<String> part;
            if (text.startsWith("${", i)) {
                end = closing(text, i + 1, '{', '}');
                part = end < 0 ? Optional.empty() : braces(text.substring(i + 2, end), open);
            } else if (text.startsWith("$(", i)) {
                end = closing(text, i + 1, '(', ')');
                part = end < 0 ? Optional.empty() : file(text.substring(i + 2, end), open);
            } else {
                Matcher name = NAME.matcher(text).region(i + 1, text.length());
                if (!name.lookingAt()) {
                    return Optional.empty();
                }
                end = name.end() - 1;
                part = value(name.group(), open);
            }
            if (part.isEmpty()) {
                return Optional.empty();
            }
            result.append(part.get());
            i = end + 1;
        }
        return Optional.of(result.toString());
    }

    private Optional<String> braces(String inner, Set<String> open) {
        Matcher name = NAME.matcher(inner);
        if (!name.lookingAt()) {
            return Optional.empty();
        }
        String rest = inner.substring(name.end());
        Optional<String> value = value(name.group(), open);
        if (rest.isEmpty()) {
            return value;
        }
        if (rest.startsWith(":-")) {
            return value.filter(text -> !text.isEmpty()).or(() -> expand(rest.substring(2), open));
        }
        return rest.startsWith("-") ? value.or(() -> expand(rest.substring(1), open)) : Optional.empty();
    }

    private Optional<String> file(String command, Set<String> open) {
        if (!command.startsWith("cat ")) {
            return Optional.empty();
        }
        return expand(command.substring(4).strip(), open)
                .flatMap(tree::text)
                // As bash does: trailing line breaks of a command's output are dropped.
                .map(text -> text.replaceAll("[\\r\\n]+$", ""));
    }

    /** Index of the bracket that closes the one at {@code from}; -1 where there is none. */
    private static int closing(String text, int from, char opening, char closing) {
        int depth = 0;
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == opening) {
                depth++;
            } else if (text.charAt(i) == closing && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    /** The value without a comment behind it and without what cannot belong to one word. */
    private static String word(String line) {
        String text = line.strip();
        int comment = text.indexOf(" #");
        return comment < 0 ? text : text.substring(0, comment).strip();
    }
}
