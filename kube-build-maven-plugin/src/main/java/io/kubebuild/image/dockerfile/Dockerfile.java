package io.kubebuild.image.dockerfile;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A Dockerfile, split into its instructions; what they mean is not looked at.
 *
 * @param instructions in order
 */
public record Dockerfile(List<Instruction> instructions) {

    public Dockerfile {
        instructions = List.copyOf(instructions);
    }

    /** Splits the text. */
    public static Dockerfile parse(String text) {
        List<Instruction> instructions = new ArrayList<>();
        StringBuilder pending = new StringBuilder();
        int start = 0;
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String trimmed = line.strip();
            // Comments and empty lines inside a continued instruction do not end it.
            if (trimmed.isEmpty() || trimmed.startsWith("#")) {
                continue;
            }
            if (pending.isEmpty()) {
                start = number;
            }
            boolean continued = trimmed.endsWith("\\");
            pending.append(pending.isEmpty() ? line.stripLeading() : line);
            if (continued) {
                String soFar = pending.toString().stripTrailing();
                pending.setLength(0);
                pending.append(soFar, 0, soFar.length() - 1);
            } else {
                instructions.add(instruction(start, pending.toString().strip()));
                pending.setLength(0);
            }
        }
        if (!pending.isEmpty()) {
            instructions.add(instruction(start, pending.toString().strip()));
        }
        return new Dockerfile(instructions);
    }

    private static Instruction instruction(int line, String text) {
        int end = 0;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        String keyword = text.substring(0, end).toUpperCase(Locale.ROOT);
        String rest = text.substring(end).strip();
        Map<String, String> flags = new LinkedHashMap<>();
        while (rest.startsWith("--")) {
            int stop = 0;
            while (stop < rest.length() && !Character.isWhitespace(rest.charAt(stop))) {
                stop++;
            }
            String flag = rest.substring(2, stop);
            int equals = flag.indexOf('=');
            flags.put(equals < 0 ? flag : flag.substring(0, equals), equals < 0 ? "" : flag.substring(equals + 1));
            rest = rest.substring(stop).strip();
        }
        return new Instruction(line, keyword, flags, rest);
    }
}
