package io.kubebuild.image.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.image.base.ImageArchive.ArchivedImage;
import io.kubebuild.problem.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The images of an OCI layout ({@code index.json} and {@code blobs}), through indexes within indexes. Everything below {@code index.json}
 * has the digest that it is named by.
 */
final class OciLayout {

    /** An index for each of a hundred images, with nine platforms each, has a thousand. */
    private static final int MOST_DESCRIPTORS = 10_000;

    private static final int DEEPEST = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Set<String> CONFIGURATIONS =
            Set.of("", "application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json");

    private static final Pattern LAYER = Pattern.compile(
            "|application/vnd\\.(?:oci\\.image\\.layer(?:\\.nondistributable)?"
                    + "\\.v1\\.tar|docker\\.image\\.rootfs(?:\\.foreign)?\\.diff\\.tar)(?:[.+](?:gzip|zstd|bzip2|xz))?");

    private final ArchiveFiles files;
    private final List<ArchivedImage> images = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private int descriptors;

    private OciLayout(ArchiveFiles files) {
        this.files = files;
    }

    /** Reads an archive with an {@code index.json}. */
    static OciLayout in(ArchiveFiles files) throws IOException {
        OciLayout layout = new OciLayout(files);
        layout.index(JSON.readTree(files.text(ImageArchive.INDEX)), List.of(), 1);
        return layout;
    }

    /** Those that are whole, as far as manifest and configuration go. */
    List<ArchivedImage> images() {
        return List.copyOf(images);
    }

    /** What it names and does not hold, and what is not understood, in words. */
    List<String> left() {
        return List.copyOf(left);
    }

    private void index(JsonNode index, List<String> names, int depth) throws IOException {
        for (JsonNode descriptor : index.path("manifests")) {
            if (++descriptors > MOST_DESCRIPTORS || depth > DEEPEST) {
                throw new IOException("its indexes name more than " + MOST_DESCRIPTORS + " images, or lie more than "
                        + DEEPEST + " deep in each other");
            }
            // What was attested of an image is kept beside it, as if it were one.
            if (!descriptor.path("annotations").has("vnd.docker.reference.type")) {
                List<String> called = names(descriptor).map(List::of).orElse(names);
                if (seen.add(descriptor.path("digest").asText() + " " + called)) {
                    one(descriptor, called, depth);
                }
            }
        }
    }

    /** The whole name, where the writer knows it: docker's annotation, or the specification's, which often has a tag alone. */
    private static Optional<String> names(JsonNode descriptor) {
        JsonNode annotations = descriptor.path("annotations");
        return Optional.of(annotations.path("io.containerd.image.name").asText())
                .filter(name -> !name.isEmpty())
                .or(() -> Optional.of(annotations
                                .path("org.opencontainers.image.ref.name")
                                .asText())
                        .filter(name -> name.indexOf(':') >= 0 || name.indexOf('/') >= 0));
    }

    private void one(JsonNode descriptor, List<String> names, int depth) throws IOException {
        String digest = descriptor.path("digest").asText();
        String what = what(descriptor, names);
        Optional<String> text = files.blob(digest);
        if (text.isEmpty()) {
            left.add(what + ": " + Shown.name(digest) + " is not in it, or damaged");
            return;
        }
        JsonNode node = JSON.readTree(text.get());
        if (node.has("manifests")) {
            index(node, names, depth + 1);
            return;
        }
        Optional<String> other = notUnderstood(node);
        if (other.isPresent()) {
            left.add(what + ": it has a part of the type " + Shown.name(other.get()) + ", which is not understood");
            return;
        }
        Optional<String> config = files.blob(node.path("config").path("digest").asText());
        if (config.isEmpty()) {
            left.add(what + ": its configuration is not in it, or damaged");
            return;
        }
        List<String> layers = new ArrayList<>();
        node.path("layers")
                .forEach(layer ->
                        layers.add(ArchiveFiles.blobName(layer.path("digest").asText())));
        images.add(new ArchivedImage(names, config.get(), layers));
    }

    private static Optional<String> notUnderstood(JsonNode manifest) {
        String config = manifest.path("config").path("mediaType").asText();
        if (!CONFIGURATIONS.contains(config)) {
            return Optional.of(config);
        }
        for (JsonNode layer : manifest.path("layers")) {
            String type = layer.path("mediaType").asText();
            if (!LAYER.matcher(type).matches()) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    private static String what(JsonNode descriptor, List<String> names) {
        JsonNode platform = descriptor.path("platform");
        String on = platform.isMissingNode()
                ? "an image"
                : new ImagePlatform(
                                platform.path("os").asText(),
                                platform.path("architecture").asText(),
                                platform.path("variant").asText(""))
                        .toString();
        return Shown.name(names.isEmpty() ? on : names.get(0) + " for " + on);
    }
}
