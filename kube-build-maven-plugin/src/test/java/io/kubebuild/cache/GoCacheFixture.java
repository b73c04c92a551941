package io.kubebuild.cache;

import io.kubebuild.workspace.HostShellWorkspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A workspace in a directory, with a Go build cache as Go writes it. */
final class GoCacheFixture {

    static final CacheKey KEY = new CacheKey("1", "sha256:cross", "linux/amd64", "/go/src/k8s.io/kubernetes");

    private final Path root;

    GoCacheFixture(Path root) throws IOException {
        this.root = Files.createDirectories(root);
    }

    HostShellWorkspace workspace() {
        return new HostShellWorkspace(root.toString(), Map.of("PATH", System.getenv("PATH")));
    }

    GoCaches caches() {
        return new GoCaches(workspace());
    }

    /** What an action gave: its {@code -a} and its {@code -d} entry, relative to the root. The time is that of now. */
    String[] entry(String action, String output) throws IOException {
        String actionId = sha256(action);
        String outputId = sha256(output);
        String head = String.format("v1 %s %s %20d %20d%n", actionId, outputId, output.length(), 1_700_000_000L);
        return new String[] {
            write(path(actionId, "a"), head), write(path(outputId, "d"), output),
        };
    }

    private static String path(String id, String kind) {
        return "_output/dockerized/go/cache/" + id.substring(0, 2) + "/" + id + "-" + kind;
    }

    /** Go makes all 256 directories at once. */
    void initialize() throws IOException {
        for (int i = 0; i < 256; i++) {
            Files.createDirectories(root.resolve("_output/dockerized/go/cache").resolve(String.format("%02x", i)));
        }
    }

    String write(String path, String content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return path;
    }

    Path file(String path) {
        return root.resolve(path);
    }

    Instant time(String path) throws IOException {
        return Files.getLastModifiedTime(root.resolve(path)).toInstant();
    }

    void time(String path, Instant time) throws IOException {
        Files.setLastModifiedTime(root.resolve(path), FileTime.from(time));
    }

    /** Everything in it but the lists of what was used. */
    Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(found -> !found.startsWith(root.resolve(GoCaches.LISTS)))
                    .toList()) {
                contents.put(root.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }

    static String sha256(String text) {
        return HexFormat.of().formatHex(CacheDigest.sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
