package io.kubebuild.it.chaos;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points of a build that is told with {@code -X}: how many lines a step has written. */
final class Points {

    private static final Pattern BEGINS = Pattern.compile("^\\[INFO\\] ([a-z-]+): begins$", Pattern.MULTILINE);

    private Points() {}

    /** How many lines each step of a whole log has, in the order of the steps. */
    static Map<String, Integer> of(String log) {
        Map<String, Integer> lines = new LinkedHashMap<>();
        Matcher begin = BEGINS.matcher(log);
        String step = "";
        int from = 0;
        while (begin.find()) {
            if (!step.isEmpty()) {
                lines.put(step, linesIn(log, from, begin.start()));
            }
            step = begin.group(1);
            from = begin.end();
        }
        int end = log.indexOf("[INFO] Summary:", from);
        if (!step.isEmpty()) {
            lines.put(step, linesIn(log, from, end < 0 ? log.length() : end));
        }
        return lines;
    }

    /** Whether a step has begun and written so many lines. */
    static boolean reached(String log, String step, int lines) {
        String marker = "[INFO] " + step + ": begins\n";
        int begun = log.indexOf(marker);
        return begun >= 0 && linesIn(log, begun + marker.length(), log.length()) >= lines;
    }

    private static int linesIn(String log, int from, int to) {
        return (int) log.substring(from, to).chars().filter(c -> c == '\n').count();
    }
}
