package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.blob.Blobs;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.image.json.V22ManifestTemplate;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.kubebuild.docker.Engine;
import io.kubebuild.image.ImageReference;
import io.kubebuild.testing.RealRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;

/** Brings images of an engine to a registry; without the compressing that docker push does, which takes a minute for a cross image. */
public final class PushedImage {

    private PushedImage() {}

    /**
     * Pushes one.
     *
     * @param reference an image that the engine has
     * @param repository where to, in the registry
     * @param kept for files meanwhile
     */
    public static void push(
            Engine engine, String reference, RealRegistry registry, String repository, String tag, Path kept)
            throws IOException {
        BaseImageSource.Answer answer = new EngineBaseImages(engine, new BaseImageStore(kept))
                .find(ImageReference.of(reference), engine.info().platform());
        assertThat(answer).isInstanceOf(BaseImageSource.Found.class);
        BaseImage image = ((BaseImageSource.Found) answer).image();
        FailoverHttpClient http = new FailoverHttpClient(true, true, event -> {});
        try {
            RegistryClient client = RegistryClient.factory(EventHandlers.NONE, registry.host(), repository, http)
                    .setCredential(Credential.from(RealRegistry.USER, RealRegistry.PASSWORD))
                    .newRegistryClient();
            client.configureBasicAuth();
            V22ManifestTemplate manifest = new V22ManifestTemplate();
            for (BaseImage.Layer layer : image.layers()) {
                manifest.addLayer(Files.size(layer.tar()), pushed(client, layer.diffId(), Blobs.from(layer.tar())));
            }
            byte[] config = image.config().getBytes(StandardCharsets.UTF_8);
            String digest = io.kubebuild.image.TarFixture.digest(config);
            manifest.setContainerConfiguration(config.length, pushed(client, digest, Blobs.from(image.config())));
            client.pushManifest(manifest, tag);
        } catch (RegistryException | DigestException e) {
            throw new IOException(e);
        } finally {
            http.shutDown();
        }
    }

    private static DescriptorDigest pushed(RegistryClient client, String digest, Blob blob)
            throws IOException, RegistryException, DigestException {
        DescriptorDigest described = DescriptorDigest.fromDigest(digest);
        client.pushBlob(described, blob, null, bytes -> {});
        return described;
    }
}
