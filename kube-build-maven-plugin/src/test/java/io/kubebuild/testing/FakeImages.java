package io.kubebuild.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.fingerprint.Fingerprint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Images of the {@link FakeEngine}: configurations by id, ids by name; layers do not exist. */
final class FakeImages {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, byte[]> configs = new HashMap<>();
    private final TreeMap<String, String> names = new TreeMap<>();

    /** Adds an image with a configuration of its own and returns its id. */
    String add(String architecture, Map<String, String> labels, List<String> environment, String difference) {
        Map<String, Object> config = new TreeMap<>();
        config.put("os", "linux");
        config.put("architecture", architecture);
        config.put("created", difference);
        config.put("config", new TreeMap<>(Map.of("Labels", new TreeMap<>(labels), "Env", environment)));
        try {
            return addConfig(JSON.writeValueAsBytes(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void name(String id, String name) {
        names.put(withTag(name), id);
    }

    /** The id behind a name or id. */
    Optional<String> id(String reference) {
        if (configs.containsKey(reference)) {
            return Optional.of(reference);
        }
        return Optional.ofNullable(names.get(withTag(reference)));
    }

    Optional<ImageInfo> find(String reference) {
        return id(reference).map(this::info);
    }

    List<String> tags(String repository) {
        return names.keySet().stream()
                .filter(name -> name.substring(0, name.lastIndexOf(':')).equals(repository))
                .toList();
    }

    void remove(String reference) {
        id(reference).ifPresent(id -> {
            if (names.remove(withTag(reference)) == null) {
                names.values().removeIf(id::equals);
            }
            if (!names.containsValue(id)) {
                configs.remove(id);
            }
        });
    }

    /** The archive of {@code docker save}, without layers. */
    InputStream save(List<String> references) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Map<String, List<String>> tagsOfConfig = new TreeMap<>();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String reference : references) {
                String id = id(reference).orElseThrow(() -> absent(reference));
                String file = id.substring("sha256:".length()) + ".json";
                if (tagsOfConfig.put(file, List.of(withTag(reference))) == null) {
                    add(tar, file, config(id));
                }
            }
            List<Map<String, Object>> manifest = tagsOfConfig.entrySet().stream()
                    .map(entry -> Map.<String, Object>of(
                            "Config", entry.getKey(), "RepoTags", entry.getValue(), "Layers", List.of()))
                    .toList();
            add(tar, "manifest.json", JSON.writeValueAsBytes(manifest));
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    void load(Path archive) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (InputStream in = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        byte[] manifest = Optional.ofNullable(files.get("manifest.json"))
                .orElseThrow(() -> new IOException("no manifest.json in " + archive));
        for (JsonNode image : JSON.readTree(manifest)) {
            byte[] config = Optional.ofNullable(files.get(image.path("Config").asText()))
                    .orElseThrow(() -> new IOException("no configuration in " + archive));
            String id = addConfig(config);
            image.path("RepoTags").forEach(tag -> name(id, tag.asText()));
        }
    }

    static EngineException absent(String reference) {
        return new EngineException(EngineException.Kind.NOT_FOUND, "No such image: " + reference, null);
    }

    private String addConfig(byte[] config) {
        String id = "sha256:" + Fingerprint.sha256(new String(config, StandardCharsets.UTF_8));
        configs.put(id, config);
        return id;
    }

    private byte[] config(String id) {
        return Optional.ofNullable(configs.get(id)).orElseThrow();
    }

    private ImageInfo info(String id) {
        try {
            JsonNode config = JSON.readTree(config(id));
            Map<String, String> labels = new HashMap<>();
            JsonNode written = config.path("config").path("Labels");
            written.fieldNames()
                    .forEachRemaining(
                            name -> labels.put(name, written.path(name).asText()));
            List<String> environment = new java.util.ArrayList<>();
            config.path("config").path("Env").forEach(variable -> environment.add(variable.asText()));
            List<String> tags = names.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(id))
                    .map(Map.Entry::getKey)
                    .toList();
            return new ImageInfo(
                    id,
                    tags,
                    config.path("os").asText(),
                    config.path("architecture").asText(),
                    config.path("variant").asText(""),
                    labels,
                    environment,
                    config(id).length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String withTag(String name) {
        return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : name + ":latest";
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }
}
