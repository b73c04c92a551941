package io.kubebuild.output;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.ConfinedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What steps remember between runs: one JSON file each below {@code _output/kube-build-plugin}. A record's name may have directories
 * in front.
 *
 * <p>A record is written to a temporary name and renamed. It carries a format version and the hash of its own content; one that
 * is damaged, truncated or of another format is ignored with a line that says so, never believed.
 */
public final class StateDirectory {

    private static final int FORMAT = 1;

    private final ConfinedDirectory parent;
    private final String name;
    private final BuildListener listener;
    private final ObjectMapper json = new ObjectMapper()
            .registerModule(new Jdk8Module())
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            // A record of another shape is none, not one with holes.
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES);

    public StateDirectory(Path directory, BuildListener listener) {
        this.parent = new ConfinedDirectory(
                Objects.requireNonNull(directory.toAbsolutePath().getParent()));
        this.name = directory.getFileName().toString();
        this.listener = listener;
    }

    /** Where a file of ours lies: never at the end of a link that the tree or somebody else has laid. */
    public Path file(String file) {
        return parent.resolve(name + "/" + file);
    }

    /** Reads a record; empty where there is none that can be believed. */
    public <T> Optional<T> read(String record, Class<T> type) {
        Path file = file(record + ".json");
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            JsonNode root = json.readTree(Files.readString(file));
            JsonNode content = root.path("content");
            boolean whole = root.path("format").asInt() == FORMAT
                    && root.path("sha256").asText().equals(Fingerprint.sha256(json.writeValueAsString(content)));
            if (whole) {
                return Optional.of(json.treeToValue(content, type));
            }
            ignore(file, "it is damaged or of another version of the plugin");
        } catch (IOException | IllegalArgumentException e) {
            ignore(file, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
        return Optional.empty();
    }

    /** Writes a record as a whole or not at all. */
    public void write(String file, Object record) throws IOException {
        ObjectNode root = json.createObjectNode();
        // Through text and back, so that the hash is over what a reader will see.
        JsonNode content = json.readTree(json.writeValueAsString(record));
        root.put("format", FORMAT).put("sha256", sha256(content)).set("content", content);
        String text = json.writeValueAsString(root);
        parent.write(name + "/" + file + ".json", draft -> draft.text(text));
    }

    /** Forgets a record, before the work begins that makes it untrue. */
    public void forget(String record) throws IOException {
        Files.deleteIfExists(file(record + ".json"));
    }

    private String sha256(JsonNode content) throws JsonProcessingException {
        return Fingerprint.sha256(json.writeValueAsString(content));
    }

    private void ignore(Path file, String why) {
        listener.on(new BuildListener.Warning("ignoring " + file + ": " + why));
    }
}
