package io.kubebuild.image.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.dockerfile.ImageRecipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The configuration of an image that is made from a base: the base's, with a recipe's settings and one more layer. */
final class ImageConfiguration {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MADE_BY = "kube-build-maven-plugin";

    private final ObjectNode root;
    private final Instant created;

    ImageConfiguration(BaseImage base, Instant created) throws IOException {
        if (!(JSON.readTree(base.config()) instanceof ObjectNode node)) {
            throw new IOException("the configuration of " + base.reference() + " is no JSON object");
        }
        this.root = node;
        this.created = created;
        if (!node.path("config").path("OnBuild").isEmpty()) {
            throw new IOException(
                    "the base image " + base.reference() + " has ONBUILD triggers, which are not run here");
        }
        // They tell of the container that the base was made in.
        node.remove(List.of("container", "container_config", "docker_version", "id", "parent", "Size"));
        node.put("created", created.toString());
        completeHistory(base.layers().size());
    }

    /** Engines refuse a history that tells of fewer layers than there are. */
    private void completeHistory(int layers) {
        ArrayNode history = root.withArray("/history");
        int told = 0;
        for (JsonNode entry : history) {
            told += entry.path("empty_layer").asBoolean(false) ? 0 : 1;
        }
        for (int i = told; i < layers; i++) {
            history.addObject().put("created", created.toString()).put("comment", "layer of the base image");
        }
    }

    void add(ImageRecipe recipe) {
        ImageRecipe.Settings settings = recipe.settings();
        ObjectNode config = object(root, "config");
        config.remove("Image");
        environment(config, settings.environment());
        labels(config, settings.labels());
        settings.user().ifPresent(user -> config.put("User", user));
        settings.directory().ifPresent(directory -> config.put("WorkingDir", directory));
        list(config, "Entrypoint", settings.entrypoint());
        list(config, "Cmd", settings.command());
        if (!settings.equals(ImageRecipe.Settings.NONE)) {
            root.withArray("/history")
                    .addObject()
                    .put("created", created.toString())
                    .put("created_by", MADE_BY + ": settings")
                    .put("empty_layer", true);
        }
    }

    private static void environment(ObjectNode config, Map<String, String> added) {
        if (added.isEmpty()) {
            return;
        }
        Map<String, String> all = new LinkedHashMap<>();
        config.path("Env").forEach(node -> {
            String text = node.asText();
            int equals = text.indexOf('=');
            all.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
        });
        all.putAll(added);
        ArrayNode list = config.putArray("Env");
        all.forEach((name, value) -> list.add(name + "=" + value));
    }

    /** Engines write them sorted. */
    private static void labels(ObjectNode config, Map<String, String> added) {
        Map<String, String> all = new TreeMap<>();
        config.path("Labels")
                .properties()
                .forEach(label -> all.put(label.getKey(), label.getValue().asText()));
        all.putAll(added);
        if (!all.isEmpty()) {
            ObjectNode labels = config.putObject("Labels");
            all.forEach(labels::put);
        }
    }

    private static void list(ObjectNode config, String name, Optional<List<String>> value) {
        if (value.isEmpty()) {
            return;
        }
        if (value.get().isEmpty()) {
            config.remove(name);
        } else {
            ArrayNode list = config.putArray(name);
            value.get().forEach(list::add);
        }
    }

    private static ObjectNode object(ObjectNode parent, String name) {
        return parent.get(name) instanceof ObjectNode there ? there : parent.putObject(name);
    }

    void addLayer(String diffId, String madeBy) {
        object(root, "rootfs").withArray("/diff_ids").add(diffId);
        root.withArray("/history")
                .addObject()
                .put("created", created.toString())
                .put("created_by", MADE_BY + ": " + madeBy);
    }

    /** {@code os/architecture[/variant]} as the base says it. */
    String platform() {
        String variant = root.path("variant").asText("");
        return root.path("os").asText() + "/" + root.path("architecture").asText()
                + (variant.isEmpty() ? "" : "/" + variant);
    }

    /** The description of one layer as archives had it before manifest.json; old readers want it. */
    byte[] legacy(String id, Optional<String> parent, boolean top) throws JsonProcessingException {
        ObjectNode node = JSON.createObjectNode().put("id", id);
        parent.ifPresent(value -> node.put("parent", value));
        node.put("created", created.toString());
        if (top) {
            node.set("config", root.path("config"));
            node.set("architecture", root.path("architecture"));
        }
        node.set("os", root.path("os"));
        return JSON.writeValueAsBytes(node);
    }

    byte[] json() throws JsonProcessingException {
        return JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
    }
}
