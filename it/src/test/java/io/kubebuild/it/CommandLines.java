package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Watches the command lines of all processes of this machine, which every user of it can read. */
final class CommandLines implements AutoCloseable {

    private final Set<String> seen = new ConcurrentSkipListSet<>();
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor();

    private @Nullable Future<?> watching;

    private CommandLines() {}

    static CommandLines watched() {
        CommandLines lines = new CommandLines();
        // Often enough for all but the shortest of processes, and with most of a processor left for what is watched.
        lines.watching = lines.watcher.scheduleWithFixedDelay(lines::watch, 0, 10, TimeUnit.MILLISECONDS);
        return lines;
    }

    /** All lines seen until now, their words between blanks. */
    Set<String> seen() {
        assertThat(watching)
                .as("the watcher, which ends with an exception")
                .isNotNull()
                .isNotDone();
        return seen;
    }

    private void watch() {
        ProcessHandle.allProcesses().forEach(process -> note(process.pid()));
    }

    private void note(long process) {
        try {
            String line =
                    Files.readString(Path.of("/proc", Long.toString(process), "cmdline"), StandardCharsets.ISO_8859_1);
            seen.add(line.replace('\0', ' ').strip());
        } catch (IOException e) {
            // It has ended.
        }
    }

    @Override
    public void close() {
        watcher.shutdownNow();
    }
}
