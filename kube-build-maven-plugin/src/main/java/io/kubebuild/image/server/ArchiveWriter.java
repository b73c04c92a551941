package io.kubebuild.image.server;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.dockerfile.FileCapability;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes one docker-archive file.
 *
 * <p>A layer's place is named after its digest and its header says how long it is, both of which are known only after it was
 * written; so its header is written last, over the room left for it. Thus every binary is read once.
 */
final class ArchiveWriter implements Closeable {

    private static final byte[] VERSION = "1.0".getBytes(StandardCharsets.US_ASCII);
    private static final int MODE = 0644;
    /** Of the plain header's size field. */
    private static final long MOST_LAYER_BYTES = (1L << 33) - 1;

    private final FileChannel channel;
    private final OutputStream out;
    private final TarSink sink;
    private final Instant time;
    private final List<String> ids = new ArrayList<>();

    /** @param channel of an empty file; closed together with this */
    ArchiveWriter(FileChannel channel, Instant time) {
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        this.sink = new TarSink(out, time);
        this.time = time;
    }

    /** A layer that is there as a file. */
    void addLayer(BaseImage.Layer layer) throws IOException {
        String id = nextId(layer.diffId());
        sink.directory(id, 0755);
        sink.bytes(id + "/VERSION", MODE, VERSION);
        sink.file(id + "/layer.tar", MODE, layer.tar(), Map.of());
    }

    /** A layer that is made as it is written; returns its digest. */
    String addLayer(Map<String, LayerPlan.Item> plan) throws IOException {
        out.flush();
        long start = channel.position();
        out.write(new byte[TarSink.BLOCK]);
        MessageDigest digest = sha256();
        DigestOutputStream digesting = new DigestOutputStream(out, digest);
        layer(new TarSink(digesting, time), plan);
        digesting.flush();
        long size = channel.position() - start - TarSink.BLOCK;
        if (size > MOST_LAYER_BYTES) {
            throw new IOException("the layer has " + size + " bytes, more than an image archive can hold");
        }
        String diffId = "sha256:" + HexFormat.of().formatHex(digest.digest());
        String id = nextId(diffId);
        byte[] header = sink.header(id + "/layer.tar", TarConstants.LF_NORMAL, MODE, size, "");
        ByteBuffer buffer = ByteBuffer.wrap(header);
        long at = start;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        sink.directory(id, 0755);
        sink.bytes(id + "/VERSION", MODE, VERSION);
        return diffId;
    }

    private static void layer(TarSink layer, Map<String, LayerPlan.Item> plan) throws IOException {
        for (Map.Entry<String, LayerPlan.Item> entry : plan.entrySet()) {
            String name = entry.getKey().substring(1);
            LayerPlan.Item item = entry.getValue();
            if (item instanceof LayerPlan.DirectoryItem directory) {
                layer.directory(name, directory.mode());
            } else if (item instanceof LayerPlan.LinkItem link) {
                layer.link(name, link.target());
            } else if (item instanceof LayerPlan.FileItem file) {
                layer.file(name, file.mode(), file.file(), attributes(file.capability()));
            }
        }
        layer.end();
    }

    private static Map<String, byte[]> attributes(Optional<FileCapability> capability) {
        return capability
                .map(value -> Map.of("SCHILY.xattr.security.capability", value.attribute()))
                .orElse(Map.of());
    }

    /** The place of a layer: its digest and those of all below it, so that equal layers of one image have two places. */
    private String nextId(String diffId) {
        String below = ids.isEmpty() ? "" : ids.get(ids.size() - 1);
        String id = Fingerprint.sha256(below + " " + diffId);
        ids.add(id);
        return id;
    }

    /** Writes what describes the layers; returns the configuration's digest in hex. */
    String end(ImageConfiguration configuration, List<String> tags) throws IOException {
        for (int i = 0; i < ids.size(); i++) {
            Optional<String> parent = i == 0 ? Optional.empty() : Optional.of(ids.get(i - 1));
            sink.bytes(ids.get(i) + "/json", MODE, configuration.legacy(ids.get(i), parent, i == ids.size() - 1));
        }
        byte[] json = configuration.json();
        MessageDigest digest = sha256();
        String id = HexFormat.of().formatHex(digest.digest(json));
        sink.bytes(id + ".json", MODE, json);
        List<String> layers = ids.stream().map(layer -> layer + "/layer.tar").toList();
        sink.bytes("manifest.json", MODE, ImageAssembler.manifest(id + ".json", tags, layers));
        if (!ids.isEmpty()) {
            sink.bytes("repositories", MODE, ImageAssembler.repositories(tags, ids.get(ids.size() - 1)));
        }
        sink.end();
        out.flush();
        return id;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            channel.close();
        }
    }
}
