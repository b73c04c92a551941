package io.kubebuild.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** A Maven process that has been started. */
public final class RunningBuild implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** Between two looks where a point in the log is waited for that soon lies behind. */
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final Process process;
    private final Path log;
    private final String command;

    RunningBuild(Process process, Path log, String command) {
        this.process = process;
        this.log = log;
        this.command = command;
    }

    /** Waits until the log has a text; fails where the process ends without. */
    public RunningBuild says(String text) {
        Until.holds(
                "the build says: " + text,
                LONGEST,
                () -> log().contains(text) || !process.isAlive(),
                this::description);
        if (!log().contains(text)) {
            throw new AssertionError("the build ended without saying: " + text + "\n" + description());
        }
        return this;
    }

    /** Waits until enough of the log is there; fails where the process ends without. */
    public RunningBuild reaches(String what, Predicate<String> enough) {
        boolean reached;
        try (LogTail tail = new LogTail(log)) {
            long deadline = System.nanoTime() + LONGEST.toNanos();
            reached = enough.test(tail.text());
            while (!reached && process.isAlive() && System.nanoTime() < deadline) {
                LockSupport.parkNanos(MOMENT.toNanos());
                reached = tail.grew() && enough.test(tail.text());
            }
        }
        if (!reached) {
            throw new AssertionError("the build ended before this point: " + what + "\n" + description());
        }
        return this;
    }

    /** Ends the JVM at once (SIGKILL): it can clear nothing away. */
    public RunningBuild kill() {
        process.destroyForcibly();
        return this;
    }

    /** Types at its terminal. */
    public RunningBuild types(String text) {
        try {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Asks the JVM to end (SIGTERM), as Ctrl-C and build servers do: Maven's script has become that JVM. */
    public RunningBuild terminate() {
        process.destroy();
        return this;
    }

    /** Waits for its end. */
    public MavenResult result() {
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("not done within " + LONGEST.toMinutes() + " minutes:\n" + description());
            }
            return new MavenResult(process.exitValue(), log(), command);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            close();
        }
    }

    private String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String description() {
        return command + "\n" + log();
    }

    /** Ends it if it still runs. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
