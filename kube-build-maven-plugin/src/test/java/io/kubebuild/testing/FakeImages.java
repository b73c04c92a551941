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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Images of the {@link FakeEngine}: configurations by id, ids by name; only images that were loaded have layers. */
final class FakeImages {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, byte[]> configs = new HashMap<>();
    private final Map<String, List<byte[]>> layers = new HashMap<>();
    private final TreeMap<String, String> names = new TreeMap<>();
    private int made;

    /**
     * A configuration.
     *
     * @param difference what makes it, and so its id, unlike any other's
     */
    static byte[] configOf(
            String architecture, Map<String, String> labels, List<String> environment, String difference) {
        Map<String, Object> config = new TreeMap<>();
        config.put("os", "linux");
        config.put("architecture", architecture);
        config.put("created", difference);
        config.put("config", new TreeMap<>(Map.of("Labels", new TreeMap<>(labels), "Env", environment)));
        try {
            return JSON.writeValueAsBytes(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The id of every image with that configuration. */
    static String idOf(byte[] config) {
        return "sha256:" + Fingerprint.sha256(new String(config, StandardCharsets.UTF_8));
    }

    /** Adds an image unlike any other, without a name, and returns its id. */
    String make(String architecture, Map<String, String> labels, List<String> environment) {
        made++;
        return add(configOf(architecture, labels, environment, "image " + made));
    }

    /** Adds an image without a name and returns its id. */
    String add(byte[] config) {
        String id = idOf(config);
        configs.put(id, config);
        return id;
    }

    /** Each name with the id behind it. */
    Map<String, String> names() {
        return new TreeMap<>(names);
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
                layers.remove(id);
            }
        });
    }

    /** The archive of {@code docker save}, as older engines write it. */
    InputStream save(List<String> references) throws IOException {
        Map<String, List<String>> tagsOfImage = new TreeMap<>();
        for (String reference : references) {
            String id = id(reference).orElseThrow(() -> absent(reference));
            tagsOfImage.computeIfAbsent(id, first -> new ArrayList<>()).add(withTag(reference));
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            List<Map<String, Object>> manifest = new ArrayList<>();
            for (Map.Entry<String, List<String>> image : tagsOfImage.entrySet()) {
                String name = image.getKey().substring("sha256:".length());
                add(tar, name + ".json", config(image.getKey()));
                manifest.add(Map.of(
                        "Config",
                        name + ".json",
                        "RepoTags",
                        image.getValue(),
                        "Layers",
                        addLayers(tar, name, layers.getOrDefault(image.getKey(), List.of()))));
            }
            add(tar, "manifest.json", JSON.writeValueAsBytes(manifest));
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    private static List<String> addLayers(TarArchiveOutputStream tar, String directory, List<byte[]> layers)
            throws IOException {
        List<String> names = new ArrayList<>();
        for (byte[] layer : layers) {
            String name = directory + "/" + names.size() + "/layer.tar";
            add(tar, name, layer);
            names.add(name);
        }
        return names;
    }

    void load(Path archive) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (InputStream in = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(plainOrGzip(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        for (JsonNode image : JSON.readTree(file(files, "manifest.json"))) {
            String id = add(file(files, image.path("Config").asText()));
            List<byte[]> content = new ArrayList<>();
            for (JsonNode layer : image.path("Layers")) {
                content.add(file(files, layer.asText()));
            }
            layers.put(id, content);
            image.path("RepoTags").forEach(tag -> name(id, tag.asText()));
        }
    }

    /** Engines know other compressions as well, but not all engines do. */
    private static InputStream plainOrGzip(InputStream in) throws IOException {
        byte[] content = in.readAllBytes();
        ByteArrayInputStream all = new ByteArrayInputStream(content);
        return content.length > 1 && content[0] == 0x1f && content[1] == (byte) 0x8b ? new GZIPInputStream(all) : all;
    }

    private static byte[] file(Map<String, byte[]> files, String name) throws IOException {
        return Optional.ofNullable(files.get(name)).orElseThrow(() -> new IOException("the archive has no " + name));
    }

    static EngineException absent(String reference) {
        return new EngineException(EngineException.Kind.NOT_FOUND, "No such image: " + reference, null);
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
            List<String> environment = new ArrayList<>();
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
