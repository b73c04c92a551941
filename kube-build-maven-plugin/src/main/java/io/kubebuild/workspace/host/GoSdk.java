package io.kubebuild.workspace.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Go SDK on this machine.
 *
 * @param root GOROOT: the directory that holds {@code bin/go}; absolute
 * @param version {@code go1.19.8}; what is no release says {@code devel}
 * @param platform {@code linux/amd64}
 */
public record GoSdk(Path root, String version, String platform) {

    private static final Pattern ANSWER = Pattern.compile("go version (?:(devel) )?(\\S+).* ([a-z0-9]+/[a-z0-9]+)\\s*");

    /** The SDK in a directory; empty where there is none that runs here. */
    public static Optional<GoSdk> in(Path directory, HostTools tools) throws InterruptedException {
        Path go = directory.resolve("bin/go");
        if (!Files.isExecutable(go)) {
            return Optional.empty();
        }
        HostTools.Answer answer = tools.ask(
                java.util.List.of(go.toString(), "version"),
                Map.of("GOROOT", directory.toString(), "GOTOOLCHAIN", "local", "HOME", "/"));
        return answer.lines().stream()
                .map(ANSWER::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .filter(found -> answer.exitCode() == 0)
                .map(found -> new GoSdk(
                        directory,
                        found.group(1) == null ? found.group(2) : found.group(1) + " " + found.group(2),
                        found.group(3)));
    }

    /** Changes with the compiler. */
    public String sha256() throws IOException {
        try (InputStream in = Files.newInputStream(root.resolve("bin/go"))) {
            DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            digest.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
