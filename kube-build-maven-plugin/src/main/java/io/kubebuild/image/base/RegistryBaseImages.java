package io.kubebuild.image.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.GaveUpException;
import io.kubebuild.http.Patience;
import io.kubebuild.http.tls.Trust;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.Packing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Base images from a registry, without an engine: mirrors in order, then the image's own registry. What was fetched once is
 * there offline, too.
 */
public final class RegistryBaseImages implements BaseImageSource {

    private final Mirrors mirrors;
    private final CredentialSource credentials;
    private final BaseImageStore store;
    private final Mode mode;
    private final Access access;
    private final Patience patience;
    private final BuildListener listener;
    private final SilentRegistries silent;

    /** How far it may go. */
    public enum Mode {
        /** Only what was fetched before. */
        OFFLINE,
        /** What was fetched before, else the registry. */
        CACHED,
        /** Asks the registry what the name means now. */
        FRESH
    }

    /**
     * Fetches from where mirrors lead to.
     *
     * @param access the way to registries; those on this machine are reached without a proxy and believed
     * @param patience with each of them
     */
    public RegistryBaseImages(
            Mirrors mirrors,
            CredentialSource credentials,
            BaseImageStore store,
            Mode mode,
            Access access,
            Patience patience,
            BuildListener listener) {
        this.patience = patience;
        this.access = access;
        this.silent = SilentRegistries.beyond(access.proxies());
        this.mirrors = mirrors;
        this.credentials = credentials;
        this.store = store;
        this.mode = mode;
        this.listener = listener;
    }

    @Override
    public Answer find(ImageReference reference, String platform) {
        // What pinned images were kept under "registry" was taken from mirrors without a look at the digest.
        String key = (reference.digest().isPresent() ? "pinned " : "registry ") + reference + " " + platform;
        Optional<BaseImage> kept = store.image(key, reference.toString());
        if (kept.isPresent() && mode != Mode.FRESH) {
            return new Found(kept.get());
        }
        if (mode == Mode.OFFLINE) {
            return new Absent("registries", "not asked (mvn -o or kube.pull=never), and it was never fetched before");
        }
        List<String> said = new ArrayList<>();
        for (ImageReference candidate : mirrors.candidates(reference)) {
            Optional<String> inVain = silent.reason(RemoteRepository.host(candidate));
            if (inVain.isPresent()) {
                said.add(candidate + ": " + inVain.get());
                continue;
            }
            try {
                BaseImage image = fetch(candidate, reference, platform);
                store.keepImage(key, image);
                listener.on(new BuildListener.Fact("base image", reference + " fetched from " + candidate.registry()));
                return new Found(image);
            } catch (RegistryUnauthorizedException e) {
                said.add(candidate + ": " + refusal(candidate));
            } catch (IOException e) {
                silent.failed(RemoteRepository.host(candidate), e);
                said.add(candidate + ": " + message(candidate, e));
            } catch (RegistryException e) {
                said.add(candidate + ": " + message(candidate, e));
            }
        }
        return new Absent("registries", String.join("; ", said));
    }

    private String refusal(ImageReference candidate) {
        return credentials
                .find(candidate)
                .map(value -> "it refused the credentials of " + value.source())
                .orElse("it wants credentials, and settings.xml and docker's configuration have none for it");
    }

    private static String message(ImageReference candidate, Throwable e) {
        return e instanceof GaveUpException
                ? message(e)
                : Trust.refusal(e, candidate.registry()).orElseGet(() -> message(e));
    }

    /** The first line, without the name of the class that the registry client puts around a cause. */
    private static String message(Throwable e) {
        if (e instanceof GaveUpException) {
            return String.valueOf(e.getMessage());
        }
        Throwable cause = e.getCause();
        String said = String.valueOf(e.getMessage());
        if (e instanceof JsonProcessingException json) {
            return "what it answered is none of a registry's answers (" + json.getOriginalMessage() + ")";
        }
        if (cause != null && (said.equals(cause.toString()) || cause instanceof JsonProcessingException)) {
            return message(cause);
        }
        return e.getMessage() == null ? e.toString() : said.lines().findFirst().orElse("");
    }

    private BaseImage fetch(ImageReference candidate, ImageReference reference, String platform)
            throws IOException, RegistryException {
        try (RemoteRepository repository =
                RemoteRepository.open(candidate, credentials.find(candidate), access, patience, listener)) {
            List<String> others = new ArrayList<>();
            for (BuildableManifestTemplate manifest : repository.manifests(platform)) {
                String config = repository.config(manifest);
                ImagePlatform actual = ImagePlatform.ofConfig(config);
                if (actual.fits(platform)) {
                    return image(repository, manifest, config, reference);
                }
                others.add(actual.toString());
            }
            throw new IOException(
                    others.isEmpty()
                            ? "it has no image for " + platform
                            : "it gave an image for " + String.join(", ", others));
        }
    }

    private BaseImage image(
            RemoteRepository repository, BuildableManifestTemplate manifest, String config, ImageReference reference)
            throws IOException, RegistryException {
        List<String> diffIds = BaseImageStore.diffIds(config);
        if (diffIds.size() != manifest.getLayers().size()) {
            throw new IOException("its manifest and its configuration disagree about the number of layers");
        }
        List<BaseImage.Layer> layers = new ArrayList<>();
        for (int i = 0; i < diffIds.size(); i++) {
            Optional<BaseImage.Layer> kept = store.layer(diffIds.get(i));
            layers.add(
                    kept.isPresent()
                            ? kept.get()
                            : layer(repository, manifest.getLayers().get(i), diffIds.get(i)));
        }
        return new BaseImage(reference.toString(), config, layers);
    }

    private BaseImage.Layer layer(RemoteRepository repository, ContentDescriptorTemplate described, String diffId)
            throws IOException, RegistryException {
        Path compressed = store.temporaryFile(".blob");
        try {
            repository.layer(described, compressed);
            try (InputStream in = Packing.unpacked(Files.newInputStream(compressed), ArchiveLimits.IMAGE_LAYER)) {
                return store.keepLayer(diffId, in);
            }
        } finally {
            Files.deleteIfExists(compressed);
        }
    }
}
