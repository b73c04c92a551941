package io.kubebuild.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.io.OwnFiles;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Programs called {@code docker-credential-…} that keep secrets for docker: they read a registry's name and answer with JSON.
 *
 * <p>Only those that the user's own configuration names are ever run.
 */
final class CredentialPrograms {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> environment;
    private final Duration patience;

    /**
     * @param environment the process environment; programs are looked for on its PATH
     * @param patience how long a program may take (it may ask a key chain, which may ask the user)
     */
    CredentialPrograms(Map<String, String> environment, Duration patience) {
        this.environment = Map.copyOf(environment);
        this.patience = patience;
    }

    /**
     * Asks one program.
     *
     * @throws IOException if the program is not there, fails, or answers in another language; the text says which
     */
    Optional<RegistryCredentials> ask(String helper, String registry, String server, String source) throws IOException {
        String program = "docker-credential-" + helper;
        if (!NAME.matcher(helper).matches()) {
            throw new IOException("'" + helper + "' is no name of a credential helper");
        }
        Path file = find(program).orElseThrow(() -> new IOException(program + " is not on PATH"));
        Path answers = OwnFiles.temporary("kube-credential", ".answer");
        try {
            int code = run(file, server, answers);
            String answer = Files.readString(answers, StandardCharsets.UTF_8);
            if (code != 0) {
                // The protocol has no code for "not known": the program says so in words.
                if (answer.toLowerCase(Locale.ROOT).contains("credentials not found")) {
                    return Optional.empty();
                }
                throw new IOException(program + " ended with " + code + " and said: " + firstLine(answer));
            }
            return read(program, answer, registry, source);
        } finally {
            Files.deleteIfExists(answers);
        }
    }

    private int run(Path program, String server, Path answers) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), "get"))
                .redirectErrorStream(false)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(answers.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            try (var in = process.getOutputStream()) {
                in.write((server + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException ignored) {
                // A program that ends without reading says why by its exit code, below.
            }
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(program + " did not answer within " + patience.toSeconds() + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + program, e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Optional<RegistryCredentials> read(String program, String answer, String registry, String source)
            throws IOException {
        JsonNode node;
        try {
            node = JSON.readTree(answer);
        } catch (IOException e) {
            // Without the cause: it would quote the answer, which may hold the secret.
            throw new IOException(program + " answered with something that is no JSON");
        }
        String username = node.path("Username").asText("");
        String secret = node.path("Secret").asText("");
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RegistryCredentials(registry, username, secret, program + " (named in " + source + ")"));
    }

    private Optional<Path> find(String program) {
        for (String directory : environment.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path file = Path.of(directory, program);
            if (!directory.isEmpty() && Files.isExecutable(file) && !Files.isDirectory(file)) {
                return Optional.of(file.toAbsolutePath());
            }
        }
        return Optional.empty();
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("nothing");
    }
}
