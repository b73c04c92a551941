package io.kubebuild.image.base;

import io.kubebuild.image.TarFixture;
import io.kubebuild.testing.GarbledMirror;
import java.nio.charset.StandardCharsets;

/** An image of one layer, as a registry gives it. */
final class ServedImage {

    static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

    private final byte[] layer;
    private final byte[] config;

    private ServedImage(byte[] sent, byte[] layer) {
        this.layer = sent.clone();
        this.config = TarFixture.config("amd64", layer).getBytes(StandardCharsets.UTF_8);
    }

    /** One uncompressed layer with one file of that content. */
    static ServedImage of(String content) {
        return of(new TarFixture().file("a", content).bytes());
    }

    /** That layer, uncompressed. */
    static ServedImage of(byte[] layer) {
        return new ServedImage(layer, layer);
    }

    /** A layer that is sent compressed. */
    static ServedImage compressed(byte[] sent, byte[] layer) {
        return new ServedImage(sent, layer);
    }

    byte[] layer() {
        return layer.clone();
    }

    byte[] config() {
        return config.clone();
    }

    String digest() {
        return TarFixture.digest(manifest().getBytes(StandardCharsets.UTF_8));
    }

    String layerDigest() {
        return TarFixture.digest(layer);
    }

    String configDigest() {
        return TarFixture.digest(config);
    }

    String manifest() {
        return manifest(config.length, layer.length);
    }

    /** The manifest with other sizes in it. */
    String manifest(long configSize, long layerSize) {
        return """
                {"schemaVersion": 2, "mediaType": "%s",
                 "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": %d, "digest": "%s"},
                 "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar", "size": %d, "digest": "%s"}]}
                """.formatted(MANIFEST, configSize, configDigest(), layerSize, layerDigest());
    }

    /** Has a mirror give it under a tag or digest. */
    void at(GarbledMirror mirror, String repository, String tagOrDigest) {
        mirror.answer(repository + "manifests/" + tagOrDigest, 200, MANIFEST, manifest());
        mirror.answer(repository + "blobs/" + configDigest(), 200, "application/json", config);
        mirror.answer(repository + "blobs/" + layerDigest(), 200, "application/x-tar", layer);
    }
}
