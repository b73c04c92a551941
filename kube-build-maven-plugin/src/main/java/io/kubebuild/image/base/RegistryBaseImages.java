package io.kubebuild.image.base;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryUnauthorizedException;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.ProxiedHttpClient;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.io.OwnFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Base images from a registry, without an engine: mirrors in order, then the image's own registry. What was fetched once is
 * there offline, too.
 */
public final class RegistryBaseImages implements BaseImageSource {

    private final Mirrors mirrors;
    private final CredentialSource credentials;
    private final BaseImageStore store;
    private final Mode mode;
    private final RegistryProxies proxies;
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

    /** @param proxies on the way to registries; registries on this machine are reached without */
    public RegistryBaseImages(
            Mirrors mirrors,
            CredentialSource credentials,
            BaseImageStore store,
            Mode mode,
            RegistryProxies proxies,
            BuildListener listener) {
        this.proxies = proxies;
        this.silent = SilentRegistries.beyond(proxies);
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
            Optional<String> inVain = silent.reason(host(candidate));
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
                silent.failed(host(candidate), e);
                said.add(candidate + ": " + message(e));
            } catch (RegistryException e) {
                said.add(candidate + ": " + message(e));
            }
        }
        return new Absent("registries", String.join("; ", said));
    }

    private String refusal(ImageReference candidate) {
        return credentials
                .find(candidate.registry())
                .map(value -> "it refused the credentials of " + value.source())
                .orElse("it wants credentials, and settings.xml and docker's configuration have none for it");
    }

    /** The first line, without the name of the class that the registry client puts around a cause. */
    private static String message(Throwable e) {
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
        FailoverHttpClient http = http(isLoopback(candidate.registry()));
        try {
            RegistryClient client = client(candidate, http);
            List<String> others = new ArrayList<>();
            for (BuildableManifestTemplate manifest : manifests(client, candidate.tagOrDigest(), platform)) {
                String config = config(client, manifest);
                ImagePlatform actual = ImagePlatform.ofConfig(config);
                if (actual.fits(platform)) {
                    return image(client, manifest, config, reference);
                }
                others.add(actual.toString());
            }
            throw new IOException(
                    others.isEmpty()
                            ? "it has no image for " + platform
                            : "it gave an image for " + String.join(", ", others));
        } finally {
            http.shutDown();
        }
    }

    private FailoverHttpClient http(boolean onThisMachine) {
        Consumer<LogEvent> log = event -> listener.on(new BuildListener.Detail(event.getMessage()));
        return onThisMachine || proxies.isEmpty()
                ? new FailoverHttpClient(onThisMachine, onThisMachine, log)
                : ProxiedHttpClient.through(proxies.all(), proxies::between, log);
    }

    private RegistryClient client(ImageReference candidate, FailoverHttpClient http)
            throws IOException, RegistryException {
        RegistryClient.Factory factory =
                RegistryClient.factory(EventHandlers.NONE, host(candidate), candidate.repository(), http);
        Optional<RegistryCredentials> shown = credentials.find(candidate.registry());
        shown.ifPresent(value -> factory.setCredential(Credential.from(value.username(), value.secret())));
        RegistryClient client = factory.newRegistryClient();
        if (!client.doPullBearerAuth() && shown.isPresent()) {
            client.configureBasicAuth();
        }
        return client;
    }

    /** Docker's registry answers under another name than the one it is called by. */
    private static String host(ImageReference candidate) {
        return candidate.registry().equals(ImageReference.DOCKER_HUB) ? "registry-1.docker.io" : candidate.registry();
    }

    private static String config(RegistryClient client, BuildableManifestTemplate manifest) throws IOException {
        ContentDescriptorTemplate described = Optional.ofNullable(manifest.getContainerConfiguration())
                .orElseThrow(() -> new IOException("its manifest names no configuration"));
        ByteArrayOutputStream config = new ByteArrayOutputStream();
        client.pullBlob(digest(described), size -> {}, bytes -> {}).writeTo(config);
        return config.toString(StandardCharsets.UTF_8);
    }

    /** All that a list has for the platform: arm comes in several variants. */
    private static List<BuildableManifestTemplate> manifests(RegistryClient client, String tagOrDigest, String platform)
            throws IOException, RegistryException {
        ManifestTemplate manifest = manifest(client, tagOrDigest);
        if (manifest instanceof BuildableManifestTemplate single) {
            return List.of(single);
        }
        if (!(manifest instanceof ManifestListTemplate list)) {
            throw new IOException("its manifest is of schema " + manifest.getSchemaVersion() + ", which is too old");
        }
        List<BuildableManifestTemplate> found = new ArrayList<>();
        for (String digest : digests(list, platform)) {
            if (manifest(client, digest) instanceof BuildableManifestTemplate one) {
                found.add(one);
            }
        }
        return found;
    }

    /** What a digest names has that digest; else whoever runs the mirror would decide what a pinned image is. */
    private static ManifestTemplate manifest(RegistryClient client, String tagOrDigest)
            throws IOException, RegistryException {
        // A tag has no colon.
        boolean pinned = tagOrDigest.indexOf(':') >= 0;
        if (pinned && !tagOrDigest.startsWith("sha256:")) {
            throw new IOException("the digest " + tagOrDigest + " cannot be verified: only sha256 can");
        }
        ManifestAndDigest<?> pulled = client.pullManifest(tagOrDigest);
        String actual = pulled.getDigest().toString();
        if (pinned && !tagOrDigest.equals(actual)) {
            throw new IOException("it gave another image than the pinned one: the manifest should be " + tagOrDigest
                    + " but is " + actual);
        }
        return pulled.getManifest();
    }

    private static List<String> digests(ManifestListTemplate list, String platform) throws IOException {
        int slash = platform.indexOf('/');
        try {
            return list.getDigestsForPlatform(platform.substring(slash + 1), platform.substring(0, slash));
        } catch (NullPointerException namesNone) {
            // All that the library has for a list without a list in it.
            throw new IOException("its list of images is none", namesNone);
        }
    }

    private BaseImage image(
            RegistryClient client, BuildableManifestTemplate manifest, String config, ImageReference reference)
            throws IOException {
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
                            : layer(client, manifest.getLayers().get(i), diffIds.get(i)));
        }
        return new BaseImage(reference.toString(), config, layers);
    }

    private BaseImage.Layer layer(RegistryClient client, ContentDescriptorTemplate described, String diffId)
            throws IOException {
        Path compressed = store.temporaryFile(".blob");
        try {
            try (var out = OwnFiles.write(compressed)) {
                client.pullBlob(digest(described), size -> {}, bytes -> {}).writeTo(out);
            }
            try (InputStream in = DockerArchive.uncompressed(Files.newInputStream(compressed))) {
                return store.keepLayer(diffId, in);
            }
        } finally {
            Files.deleteIfExists(compressed);
        }
    }

    private static DescriptorDigest digest(ContentDescriptorTemplate described) throws IOException {
        DescriptorDigest digest = described.getDigest();
        if (digest == null) {
            throw new IOException("its manifest names a part without its digest");
        }
        return digest;
    }

    /** The docker command speaks plain HTTP to registries on the same machine, and to no others. */
    private static boolean isLoopback(String registry) {
        String host = registry.replaceFirst(":[0-9]+$", "");
        return host.equals("localhost") || host.matches("127(\\.[0-9]+){3}") || host.equals("[::1]");
    }
}
