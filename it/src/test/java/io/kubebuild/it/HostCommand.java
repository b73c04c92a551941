package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A program of this machine, run to its end. */
public final class HostCommand {

    private final Path directory;
    private final List<String> command;
    private final Map<String, String> environment = new TreeMap<>();

    HostCommand(Path directory, List<String> command) {
        this.directory = directory;
        this.command = List.copyOf(command);
    }

    public static HostCommand of(Path directory, String... words) {
        return new HostCommand(directory, List.of(words));
    }

    /** Whether the PATH has a program. */
    public static boolean exists(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry).resolve(program)));
    }

    public HostCommand with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs it and returns what it printed; an AssertionError with that where it fails. */
    public String succeeds() {
        Outcome outcome = run();
        assertThat(outcome.exitCode())
                .as(() -> String.join(" ", command) + "\n" + outcome.output())
                .isZero();
        return outcome.output();
    }

    /** Runs it, whatever becomes of it. */
    public Outcome run() {
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * What became of it.
     *
     * @param output standard output and error
     */
    public record Outcome(int exitCode, String output) {}
}
