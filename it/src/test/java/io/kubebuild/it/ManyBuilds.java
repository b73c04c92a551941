package io.kubebuild.it;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs Maven many times in this one JVM, as a daemon does, and tells after each time what has stayed: the program of {@link LongLifeIT}. */
final class ManyBuilds {

    /** What every line begins with that is meant for the test. */
    static final String LINE = "STAYED ";

    private ManyBuilds() {}

    /**
     * Runs them.
     *
     * @param words how often, then what Maven is told
     */
    public static void main(String[] words) throws Exception {
        Method maven = Class.forName("org.codehaus.plexus.classworlds.launcher.Launcher")
                .getMethod("mainWithExitCode", String[].class);
        String[] told = Arrays.copyOfRange(words, 1, words.length);
        for (int build = 0; build < Integer.parseInt(words[0]); build++) {
            int code = (int) maven.invoke(null, (Object) told);
            if (code != 0) {
                System.exit(code);
            }
            System.out.println(LINE + files() + " " + heap() + " " + classes() + " " + threads());
        }
    }

    private static long files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.count();
        }
    }

    private static long heap() {
        // Once for what is not reachable, once for what that held.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    }

    private static int classes() {
        return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
    }

    private static String threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName().replaceAll("[0-9]+", "N").replace(' ', '_'))
                .sorted()
                .distinct()
                .collect(Collectors.joining(","));
    }
}
