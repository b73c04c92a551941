package io.kubebuild.problem;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The last lines of what a command printed, as the reason of a {@link Problem}: no more than fits on a screen. All of it is in a log, or
 * told by events. Several threads may write.
 */
public final class LastLines implements Consumer<String> {

    /** How many lines are shown. */
    public static final int SHOWN = 20;

    /** Lines of a reason, from whatever it was put together. */
    private static final int SCREEN = 30;

    /** Characters at either end of a line that is too long: a command of a linker has many thousands. */
    private static final int LONGEST_END = 250;

    /** What {@code kube::log::status} and {@code kube::log::info} say of progress: eleven platforms have two hundred lines of it. */
    private static final Pattern PROGRESS = Pattern.compile("\\+\\+\\+ .*|    \\S+");

    private final Deque<String> last = new ArrayDeque<>();
    private final boolean withProgress;

    private LastLines(boolean withProgress) {
        this.withProgress = withProgress;
    }

    /** Of any command. */
    public static LastLines ofAny() {
        return new LastLines(true);
    }

    /** Of a script of the tree: without what it says of its progress. */
    public static LastLines ofScript() {
        return new LastLines(false);
    }

    /** Of lines that are there already. */
    public static String of(Collection<String> lines) {
        LastLines last = ofAny();
        lines.forEach(last);
        return last.text();
    }

    /** Of a text that is there already. */
    public static String of(String text) {
        return of(text.lines().toList());
    }

    /** A text of whatever origin, shortened where it is longer than any of ours: its last lines, and how many there were before. */
    static String ofScreen(String text) {
        List<String> lines = text.lines().toList();
        return lines.size() > SCREEN ? "… (" + (lines.size() - SHOWN) + " lines before)\n" + of(lines) : text;
    }

    @Override
    public synchronized void accept(String line) {
        if (withProgress || !PROGRESS.matcher(line).matches()) {
            last.addLast(shortened(line));
            if (last.size() > SHOWN) {
                last.removeFirst();
            }
        }
    }

    private static String shortened(String line) {
        return line.length() > 2 * LONGEST_END
                ? line.substring(0, LONGEST_END) + " … " + line.substring(line.length() - LONGEST_END)
                : line;
    }

    /** The lines; empty where there were none. */
    public synchronized String text() {
        return String.join("\n", last);
    }

    /** The text below a first line of one's own. */
    public String below(String first) {
        String text = text();
        return text.isEmpty() ? first : first + "\n" + text;
    }
}
