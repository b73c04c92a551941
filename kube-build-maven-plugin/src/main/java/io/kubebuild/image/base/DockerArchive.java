package io.kubebuild.image.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.ImageReference;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.CountingStream;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.UnpackedStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/**
 * A file as {@code docker save} writes it: images by {@code manifest.json}, whether their layers lie as {@code
 * <id>/layer.tar} (some of them links to others) or, from Engine 25 on, as {@code blobs/sha256/…}.
 */
final class DockerArchive implements Closeable {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** A configuration is some kB; far more than that is no configuration. */
    private static final long MOST_JSON_BYTES = 16L << 20;

    private static final int MOST_LINKS = 10;

    private final TarFile tar;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    DockerArchive(Path file) throws IOException {
        // The library reads all headers at once, so they are looked at first.
        try (ForeignTar checked = new ForeignTar(Files.newInputStream(file), ArchiveLimits.IMAGE)) {
            checked.readHeaders();
        }
        tar = new TarFile(file);
        for (TarArchiveEntry entry : tar.getEntries()) {
            entries.put(normalised(entry.getName()), entry);
        }
    }

    /**
     * One image of the archive.
     *
     * @param names its RepoTags
     * @param config its configuration
     * @param layers entry names, lowest first
     */
    record ArchivedImage(List<String> names, String config, List<String> layers) {
        ArchivedImage {
            names = List.copyOf(names);
            layers = List.copyOf(layers);
        }

        boolean isCalled(ImageReference reference) {
            return names.stream()
                    .flatMap(name -> ImageReference.parse(name).stream())
                    .anyMatch(reference::equals);
        }
    }

    List<ArchivedImage> images() throws IOException {
        List<ArchivedImage> images = new ArrayList<>();
        for (JsonNode node : JSON.readTree(text("manifest.json"))) {
            images.add(new ArchivedImage(
                    texts(node.path("RepoTags")), text(node.path("Config").asText()), texts(node.path("Layers"))));
        }
        return images;
    }

    /**
     * Whether an image is the one of that digest: of its configuration, of its manifest, or of a list with that. Archives of engines
     * that do not keep manifests cannot tell for the latter two.
     */
    boolean isOf(ArchivedImage image, String digest) throws IOException {
        String config = "sha256:" + Fingerprint.sha256(image.config());
        return digest.equals(config) || leadsTo(digest, config, true);
    }

    /** A configuration names the digests of all layers, which are looked at when they are kept. */
    private boolean leadsTo(String digest, String config, boolean mayBeAList) throws IOException {
        String name = "blobs/" + digest.replace(':', '/');
        if (!entries.containsKey(name)) {
            return false;
        }
        String manifest = text(name);
        if (!digest.equals("sha256:" + Fingerprint.sha256(manifest))) {
            return false;
        }
        JsonNode node = JSON.readTree(manifest);
        if (node.path("config").path("digest").asText().equals(config)) {
            return true;
        }
        for (JsonNode one : node.path("manifests")) {
            if (mayBeAList && leadsTo(one.path("digest").asText(), config, false)) {
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
            try (InputStream in =
                    uncompressed(tar.getInputStream(entry(image.layers().get(i))))) {
                layers.add(store.keepLayer(diffIds.get(i), in));
            }
        }
        return new BaseImage(reference, image.config(), layers);
    }

    /** Undoes the compressions that layers come in; a few kilobytes that claim to be gigabytes are not taken. */
    static InputStream uncompressed(InputStream in) throws IOException {
        CountingStream packed = new CountingStream(in);
        BufferedInputStream buffered = new BufferedInputStream(packed, 1 << 16);
        buffered.mark(4);
        byte[] magic = buffered.readNBytes(4);
        buffered.reset();
        if (magic.length == 4 && magic[0] == (byte) 0x1f && magic[1] == (byte) 0x8b) {
            return new UnpackedStream(new GZIPInputStream(buffered, 1 << 16), packed::count, ArchiveLimits.IMAGE_LAYER);
        }
        if (magic.length == 4 && magic[0] == (byte) 0x28 && magic[1] == (byte) 0xb5 && magic[2] == (byte) 0x2f) {
            throw new IOException(
                    "its layers are compressed with zstd, which is not supported: recompress them with gzip");
        }
        return buffered;
    }

    private String text(String name) throws IOException {
        TarArchiveEntry entry = entry(name);
        if (entry.getSize() > MOST_JSON_BYTES) {
            throw new IOException(name + " has " + entry.getSize() + " bytes, too many for JSON");
        }
        try (InputStream in = tar.getInputStream(entry)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Follows the links that the engine writes for layers that it has written already. */
    private TarArchiveEntry entry(String name) throws IOException {
        String at = normalised(name);
        for (int i = 0; i < MOST_LINKS; i++) {
            TarArchiveEntry entry = entries.get(at);
            if (entry == null) {
                throw new IOException("no image archive, or one that is cut short: it lacks " + at);
            }
            if (entry.isSymbolicLink()) {
                at = beside(at, entry.getLinkName());
            } else if (entry.isLink()) {
                at = normalised(entry.getLinkName());
            } else {
                return entry;
            }
        }
        throw new IOException("links go round in a circle at " + name);
    }

    /** Not by the JDK's paths: they refuse names that the locale of the JVM does not have. */
    private static String beside(String at, String target) {
        Deque<String> parts = new ArrayDeque<>();
        String directory = target.startsWith("/") ? "" : at.substring(0, Math.max(0, at.lastIndexOf('/')));
        for (String part : (directory + "/" + target).split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    private static String normalised(String name) {
        String path = name.startsWith("./") ? name.substring(2) : name;
        return path.startsWith("/") ? path.substring(1) : path;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
