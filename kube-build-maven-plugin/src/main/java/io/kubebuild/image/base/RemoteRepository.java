package io.kubebuild.image.base;

import com.google.cloud.tools.jib.api.Credential;
import com.google.cloud.tools.jib.api.DescriptorDigest;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.event.EventHandlers;
import com.google.cloud.tools.jib.http.FailoverHttpClient;
import com.google.cloud.tools.jib.http.ProxiedHttpClient;
import com.google.cloud.tools.jib.http.ResponseException;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate;
import com.google.cloud.tools.jib.image.json.BuildableManifestTemplate.ContentDescriptorTemplate;
import com.google.cloud.tools.jib.image.json.ManifestListTemplate;
import com.google.cloud.tools.jib.image.json.ManifestTemplate;
import com.google.cloud.tools.jib.registry.ManifestAndDigest;
import com.google.cloud.tools.jib.registry.RegistryClient;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.Passing;
import io.kubebuild.http.Patience;
import io.kubebuild.http.WebProxies;
import io.kubebuild.image.ImageReference;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.OwnFiles;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * A repository in a registry. What it is asked for is asked for again where that may help; what comes has the digest and the size that
 * it was announced with.
 */
final class RemoteRepository implements Closeable {

    /** A configuration is some kB; far more than that is no configuration. */
    private static final long MOST_CONFIG_BYTES = 16L << 20;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final String TOO_OFTEN =
            ", too many requests (it may take more with a login: docker login, or settings.xml)";

    private final FailoverHttpClient http;
    private final RegistryClient client;
    private final ImageReference image;
    private final Patience patience;
    private final BuildListener listener;

    private RemoteRepository(
            FailoverHttpClient http,
            RegistryClient client,
            ImageReference image,
            Patience patience,
            BuildListener listener) {
        this.http = http;
        this.client = client;
        this.image = image;
        this.patience = patience;
        this.listener = listener;
    }

    /** Logs in where it has to; close it in the end. */
    static RemoteRepository open(
            ImageReference image,
            Optional<RegistryCredentials> credentials,
            Access access,
            Patience patience,
            BuildListener listener)
            throws IOException, RegistryException {
        Consumer<LogEvent> log = event -> listener.on(new BuildListener.Detail(event.getMessage()));
        boolean onThisMachine = isLoopback(image.registry());
        WebProxies proxies = access.proxies();
        SSLContext tls = access.trust().context(image.registry());
        FailoverHttpClient http = onThisMachine || !proxies.said()
                ? ProxiedHttpClient.direct(onThisMachine, tls, patience.pace(), log)
                : ProxiedHttpClient.through(proxies.all(), proxies::between, tls, patience.pace(), log);
        RegistryClient.Factory factory =
                RegistryClient.factory(EventHandlers.NONE, host(image), image.repository(), http);
        credentials.ifPresent(value -> factory.setCredential(credential(value)));
        RemoteRepository repository =
                new RemoteRepository(http, factory.newRegistryClient(), image, patience, listener);
        boolean open = false;
        try {
            boolean bearer = repository.patiently("a token of " + image.registry(), RegistryClient::doPullBearerAuth);
            // An identity token is no password: only a token server takes it.
            if (!bearer && credentials.filter(value -> !value.isToken()).isPresent()) {
                repository.client.configureBasicAuth();
            }
            open = true;
            return repository;
        } finally {
            if (!open) {
                http.shutDown();
            }
        }
    }

    private static Credential credential(RegistryCredentials credentials) {
        // The library puts an identity token into a form as it is.
        return Credential.from(
                credentials.username(),
                credentials.isToken()
                        ? URLEncoder.encode(credentials.secret(), StandardCharsets.UTF_8)
                        : credentials.secret());
    }

    /** Docker's registry answers under another name than the one it is called by. */
    static String host(ImageReference image) {
        return image.registry().equals(ImageReference.DOCKER_HUB) ? "registry-1.docker.io" : image.registry();
    }

    /** The docker command speaks plain HTTP to registries on the same machine, and to no others. */
    private static boolean isLoopback(String registry) {
        String host = registry.replaceFirst(":[0-9]+$", "");
        return host.equals("localhost") || host.matches("127(\\.[0-9]+){3}") || host.equals("[::1]");
    }

    /** All that the image has for the platform: arm comes in several variants. */
    List<BuildableManifestTemplate> manifests(String platform) throws IOException, RegistryException {
        ManifestTemplate manifest = manifest(image.tagOrDigest());
        if (manifest instanceof BuildableManifestTemplate single) {
            return List.of(single);
        }
        if (!(manifest instanceof ManifestListTemplate list)) {
            throw new IOException("its manifest is of schema " + manifest.getSchemaVersion() + ", which is too old");
        }
        List<BuildableManifestTemplate> found = new ArrayList<>();
        for (String digest : digests(list, platform)) {
            if (manifest(digest) instanceof BuildableManifestTemplate one) {
                found.add(one);
            }
        }
        return found;
    }

    /** What a digest names has that digest; else whoever runs the mirror would decide what a pinned image is. */
    private ManifestTemplate manifest(String tagOrDigest) throws IOException, RegistryException {
        // A tag has no colon.
        boolean pinned = tagOrDigest.indexOf(':') >= 0;
        if (pinned && !tagOrDigest.startsWith("sha256:")) {
            throw new IOException("the digest " + tagOrDigest + " cannot be verified: only sha256 can");
        }
        ManifestAndDigest<?> pulled =
                patiently("the manifest of " + image, registry -> registry.pullManifest(tagOrDigest));
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

    String config(BuildableManifestTemplate manifest) throws IOException, RegistryException {
        ContentDescriptorTemplate described = Optional.ofNullable(manifest.getContainerConfiguration())
                .orElseThrow(() -> new IOException("its manifest names no configuration"));
        requireSize("configuration", described, MOST_CONFIG_BYTES);
        return patiently("the configuration of " + image, registry -> {
            ByteArrayOutputStream config = new ByteArrayOutputStream();
            pull(registry, described, config);
            return config.toString(StandardCharsets.UTF_8);
        });
    }

    /** Writes a layer to a file, as it is: compressed in most cases. */
    void layer(ContentDescriptorTemplate described, Path file) throws IOException, RegistryException {
        requireSize("layer", described, ArchiveLimits.IMAGE_LAYER.totalBytes());
        patiently("a layer of " + image, registry -> {
            try (OutputStream out = OwnFiles.write(file)) {
                pull(registry, described, out);
            }
            return file;
        });
    }

    private static void requireSize(String part, ContentDescriptorTemplate described, long most) throws IOException {
        if (described.getSize() <= 0 || described.getSize() > most) {
            throw new IOException("its manifest names a " + part + " of " + described.getSize()
                    + " bytes, and may have 1 to " + most);
        }
    }

    private static void pull(RegistryClient registry, ContentDescriptorTemplate described, OutputStream target)
            throws IOException {
        DescriptorDigest digest = described.getDigest();
        if (digest == null) {
            throw new IOException("its manifest names a part without its digest");
        }
        ExactStream exact = new ExactStream(target, described.getSize());
        try {
            registry.pullBlob(digest, size -> {}, bytes -> {}).writeTo(exact);
        } catch (IOException e) {
            // Too few bytes have another digest as well, which says less.
            if (exact.isShort() && e.getCause() instanceof RegistryException other && isWhole(other)) {
                throw new IOException("it sent " + exact, e);
            }
            throw e;
        }
    }

    /** Whether an answer came to its end, whatever is wrong with it. */
    private static boolean isWhole(RegistryException failure) {
        return answer(failure).isEmpty() && Passing.ofFailure(failure).isEmpty();
    }

    private <T> T patiently(String what, Request<T> request) throws IOException, RegistryException {
        try {
            return patience.attempt(
                    what, this::passing, text -> listener.on(new BuildListener.Detail(text)), () -> sent(request));
        } catch (RefusalException e) {
            throw e.said;
        }
    }

    private <T> T sent(Request<T> request) throws IOException {
        try {
            return request.send(client);
        } catch (RegistryException e) {
            throw new RefusalException(e);
        } catch (IllegalArgumentException e) {
            // The library follows a redirect to whatever it is told, and Apache's client knows addresses only.
            throw new IOException("it redirects to what is no address: " + e.getMessage(), e);
        }
    }

    /** Carries what the library says of registries past those who know connections only. */
    private static final class RefusalException extends IOException {
        private static final long serialVersionUID = 1;

        private final RegistryException said;

        RefusalException(RegistryException said) {
            super(said.getMessage(), said);
            this.said = said;
        }
    }

    /** One request with its whole answer. */
    @FunctionalInterface
    private interface Request<T> {
        T send(RegistryClient registry) throws IOException, RegistryException;
    }

    private Optional<Passing> passing(Exception failure) {
        Optional<ResponseException> answer = answer(failure);
        if (answer.isEmpty()) {
            return Passing.ofFailure(failure);
        }
        int status = answer.get().getStatusCode();
        Optional<String> wait = Optional.ofNullable(answer.get().getHeaders().getRetryAfter());
        return Passing.ofStatus(status, wait, patience.clock().instant())
                .map(said -> status == TOO_MANY_REQUESTS ? new Passing(said.why() + TOO_OFTEN, said.pause()) : said);
    }

    /** What a registry answered, where that is what a failure is about. */
    static Optional<ResponseException> answer(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ResponseException answer) {
                return Optional.of(answer);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        http.shutDown();
    }
}
