package io.kubebuild.image.base;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Layers and configurations on disk, by digest; what is written once is never changed.
 *
 * <p>Files come into being under a temporary name. Several builds may share the directory.
 */
public final class BaseImageStore {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private final Path directory;

    /** @param directory where to keep them; made when the first is kept */
    public BaseImageStore(Path directory) {
        this.directory = directory;
    }

    /** Writes content, and may fail. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** The layer of that digest, if it is kept here. */
    public Optional<BaseImage.Layer> layer(String diffId) {
        Path file = layerFile(diffId);
        return Files.isRegularFile(file) ? Optional.of(new BaseImage.Layer(file, diffId)) : Optional.empty();
    }

    /**
     * Keeps a layer.
     *
     * @param diffId the digest that the content has to have
     * @param content the uncompressed tar
     * @throws IOException if the content has another digest, too
     */
    public BaseImage.Layer keepLayer(String diffId, Content content) throws IOException {
        Optional<BaseImage.Layer> kept = layer(diffId);
        if (kept.isPresent()) {
            return kept.get();
        }
        Path file = layerFile(diffId);
        AtomicFile.write(file, draft -> {
            MessageDigest digest = sha256();
            try (OutputStream out = new DigestOutputStream(draft.stream(), digest)) {
                content.writeTo(out);
            }
            String actual = "sha256:" + HexFormat.of().formatHex(digest.digest());
            if (!actual.equals(diffId)) {
                throw new IOException("a layer should be " + diffId + " but is " + actual);
            }
        });
        return new BaseImage.Layer(file, diffId);
    }

    /** Keeps a layer that comes as a stream. */
    public BaseImage.Layer keepLayer(String diffId, InputStream content) throws IOException {
        return keepLayer(diffId, content::transferTo);
    }

    /** An image that was kept under that key, if all its layers are still here. */
    public Optional<BaseImage> image(String key, String reference) {
        Path file = imageFile(key);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            String config = JSON.readTree(file.toFile()).path("config").asText();
            List<BaseImage.Layer> layers = new ArrayList<>();
            for (String diffId : diffIds(config)) {
                Optional<BaseImage.Layer> layer = layer(diffId);
                if (layer.isEmpty()) {
                    return Optional.empty();
                }
                layers.add(layer.get());
            }
            return Optional.of(new BaseImage(reference, config, layers));
        } catch (IOException unreadable) {
            // Somebody damaged the cache: what it held is fetched anew.
            return Optional.empty();
        }
    }

    /** Remembers an image whose layers are kept here. */
    public void keepImage(String key, BaseImage image) throws IOException {
        ObjectNode node = JSON.createObjectNode();
        node.put("key", key).put("config", image.config());
        Path file = imageFile(key);
        AtomicFile.write(file, draft -> draft.bytes(JSON.writeValueAsBytes(node)));
    }

    /** A name for a file that will not stay, on the same disk as the rest. */
    Path temporaryFile(String suffix) throws IOException {
        return OwnFiles.temporary(directory, ".new-", suffix);
    }

    /** The digests of an image's layers, lowest first, as its configuration names them. */
    static List<String> diffIds(String config) throws IOException {
        List<String> diffIds = new ArrayList<>();
        for (JsonNode node : JSON.readTree(config).path("rootfs").path("diff_ids")) {
            String diffId = node.asText();
            if (!DIGEST.matcher(diffId).matches()) {
                throw new IOException("no digest of a layer: " + diffId);
            }
            diffIds.add(diffId);
        }
        return diffIds;
    }

    private Path layerFile(String diffId) {
        if (!DIGEST.matcher(diffId).matches()) {
            throw new IllegalArgumentException("no digest of a layer: " + diffId);
        }
        return directory.resolve("layers").resolve(diffId.substring("sha256:".length()) + ".tar");
    }

    private Path imageFile(String key) {
        return directory.resolve("images").resolve(Fingerprint.sha256(key) + ".json");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
