package io.kubebuild.image.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.ImageReference;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.Packing;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A file that {@code docker load} takes: as {@code docker save} writes it, with images by {@code manifest.json}, whether their layers lie
 * as {@code <id>/layer.tar} (some of them links to others) or, from Engine 25 on, as {@code blobs/sha256/…}; or an OCI layout, with
 * images by {@code index.json}; or both in one. The whole may be compressed, and so may each layer.
 */
final class ImageArchive implements Closeable {

    static final String MANIFEST = "manifest.json";
    static final String INDEX = "index.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ArchiveFiles files;
    private final Contents contents;

    private ImageArchive(ArchiveFiles files) throws IOException {
        this.files = files;
        this.contents = read();
    }

    /**
     * Opens a file; what is compressed is unpacked beside the store for as long as it is open.
     *
     * @throws IOException where it is no such file, or a damaged one
     */
    static ImageArchive open(Path file, BaseImageStore store) throws IOException {
        ArchiveFiles files = ArchiveFiles.open(file, store);
        boolean whole = false;
        try {
            ImageArchive archive = new ImageArchive(files);
            whole = true;
            return archive;
        } finally {
            if (!whole) {
                files.close();
            }
        }
    }

    /**
     * One image of the archive, for one platform.
     *
     * @param names how it is called there, in full or short; empty where the archive does not say
     * @param config its configuration
     * @param layers entry names, lowest first
     */
    record ArchivedImage(List<String> names, String config, List<String> layers) {
        ArchivedImage {
            names = List.copyOf(names);
            layers = List.copyOf(layers);
        }

        boolean isCalled(ImageReference reference) {
            return references().contains(reference);
        }

        Set<ImageReference> references() {
            return names.stream()
                    .flatMap(name -> ImageReference.parse(name).stream())
                    .collect(Collectors.toUnmodifiableSet());
        }

        private ArchivedImage alsoCalled(List<String> others) {
            Set<String> all = new LinkedHashSet<>(names);
            others.stream()
                    .filter(other -> ImageReference.parse(other)
                            .filter(references()::contains)
                            .isEmpty())
                    .forEach(all::add);
            return new ArchivedImage(List.copyOf(all), config, layers);
        }
    }

    /**
     * What an archive holds.
     *
     * @param images each once
     * @param left what it names but does not hold, and what is not understood, in words
     */
    record Contents(List<ArchivedImage> images, List<String> left) {
        Contents {
            images = List.copyOf(images);
            left = List.copyOf(left);
        }
    }

    Contents contents() {
        return contents;
    }

    private Contents read() throws IOException {
        if (!files.has(MANIFEST) && !files.has(INDEX)) {
            throw new IOException("no image archive, or one that is cut short: it lacks " + MANIFEST
                    + " (of docker save) and " + INDEX + " (of an OCI layout)");
        }
        // Some have both, and not the same platforms in both.
        Map<String, ArchivedImage> images = new LinkedHashMap<>();
        if (files.has(MANIFEST)) {
            for (JsonNode node : JSON.readTree(files.text(MANIFEST))) {
                add(
                        images,
                        new ArchivedImage(
                                texts(node.path("RepoTags")),
                                files.text(node.path("Config").asText()),
                                texts(node.path("Layers"))));
            }
        }
        List<String> left = List.of();
        if (files.has(INDEX)) {
            try {
                OciLayout layout = OciLayout.in(files);
                layout.images().forEach(image -> add(images, image));
                left = layout.left();
            } catch (IOException e) {
                if (!files.has(MANIFEST)) {
                    throw e;
                }
                left = List.of("its " + INDEX + " is not understood: " + e.getMessage());
            }
        }
        return new Contents(List.copyOf(images.values()), left);
    }

    private static void add(Map<String, ArchivedImage> images, ArchivedImage image) {
        images.merge(image.config(), image, (first, again) -> first.alsoCalled(again.names()));
    }

    /**
     * Whether an image is the one of that digest: of its configuration, of its manifest, or of a list with that. Archives of engines
     * that do not keep manifests cannot tell for the latter two.
     */
    boolean isOf(ArchivedImage image, String digest) throws IOException {
        String config = "sha256:" + Fingerprint.sha256(image.config());
        return digest.equals(config) || leadsTo(digest, config, new HashSet<>());
    }

    /** A configuration names the digests of all layers, which are looked at when they are kept. */
    private boolean leadsTo(String digest, String config, Set<String> seen) throws IOException {
        Optional<String> manifest = seen.add(digest) ? files.blob(digest) : Optional.empty();
        if (manifest.isEmpty()) {
            return false;
        }
        JsonNode node = JSON.readTree(manifest.get());
        if (node.path("config").path("digest").asText().equals(config)) {
            return true;
        }
        for (JsonNode one : node.path("manifests")) {
            if (leadsTo(one.path("digest").asText(), config, seen)) {
                return true;
            }
        }
        return false;
    }

    /** Takes an image's layers into a store. */
    BaseImage keepIn(BaseImageStore store, ArchivedImage image, String reference) throws IOException {
        List<String> diffIds = BaseImageStore.diffIds(image.config());
        if (diffIds.size() != image.layers().size()) {
            throw new IOException("the archive names " + image.layers().size() + " layers of " + reference
                    + ", its configuration " + diffIds.size());
        }
        List<BaseImage.Layer> layers = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Optional<BaseImage.Layer> kept = store.layer(diffIds.get(i));
            if (kept.isPresent()) {
                layers.add(kept.get());
                continue;
            }
            try (InputStream in = Packing.unpacked(files.stream(image.layers().get(i)), ArchiveLimits.IMAGE_LAYER)) {
                layers.add(store.keepLayer(diffIds.get(i), in));
            }
        }
        return new BaseImage(reference, image.config(), layers);
    }

    static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
