package io.kubebuild.workspace.host;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.AnswerStream;
import io.kubebuild.http.LostConnectionException;
import io.kubebuild.http.Passing;
import io.kubebuild.http.Patience;
import io.kubebuild.http.WebProxies;
import io.kubebuild.http.tls.Trust;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.CountingStream;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.UnpackedStream;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Shown;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;

/** Go SDKs that were fetched, unpacked in the user's cache under the checksum of their archive. */
public final class SdkArchives {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);

    private static final int MOST_REDIRECTIONS = 5;

    /** The directory that archives of Go hold. */
    private static final String TOP = "go";

    private final Path cache;
    private final Patience patience;
    private final BuildListener listener;

    /**
     * What is in the cache, or will be.
     *
     * @param cache a directory of the user's, made when needed
     * @param patience with whoever publishes them
     */
    public SdkArchives(Path cache, Patience patience, BuildListener listener) {
        this.cache = cache;
        this.patience = patience;
        this.listener = listener;
    }

    /** The publisher's server refuses. */
    private static final class StatusException extends IOException {
        private static final long serialVersionUID = 1;

        private final int status;
        private final @Nullable String retryAfter;

        StatusException(int status, @Nullable String retryAfter) {
            super("the server answers " + status);
            this.status = status;
            this.retryAfter = retryAfter;
        }
    }

    /**
     * An SDK to fetch.
     *
     * @param url of a {@code .tar.gz} that holds a directory {@code go}: {@code https:}, {@code http:} or {@code file:}
     * @param sha256 of the archive, in lower case
     */
    public record Wanted(URI url, String sha256) {}

    /**
     * The directory of the SDK; fetched where it is not here yet.
     *
     * @param offline whether nothing may be fetched
     * @param access the way to it
     * @throws KubeException where it cannot be had, or is another one; nothing is kept then
     */
    public Path ensure(Wanted wanted, boolean offline, Access access) {
        Path there = cache.resolve(wanted.sha256());
        if (Files.isDirectory(there)) {
            return there.resolve(TOP);
        }
        if (offline && !"file".equals(wanted.url().getScheme())) {
            throw KubeException.user(
                    "the Go SDK from " + wanted.url() + " is not on this machine",
                    "Maven is offline (-o): nothing is fetched",
                    "run once without -o, or name an SDK that is here: -Dkube.goSdk=DIRECTORY");
        }
        Path part = cache.resolve("." + UUID.randomUUID() + ".part");
        HostDirectory unpacked = new HostDirectory(cache.resolve("." + UUID.randomUUID()));
        try {
            OwnFiles.makeDirectories(cache);
            fetch(wanted, access, part);
            unpack(part, unpacked.path());
            if (!Files.isExecutable(unpacked.path().resolve(TOP).resolve("bin/go"))) {
                throw KubeException.user(
                        "the archive from " + wanted.url() + " holds no Go SDK",
                        "there is no go/bin/go in it",
                        "name the archive that Go is published as, goVERSION.OS-ARCH.tar.gz");
            }
            move(unpacked.path(), there);
            return there.resolve(TOP);
        } catch (IOException e) {
            throw KubeException.build(
                    "the Go SDK from " + wanted.url() + " could not be fetched",
                    Trust.refusal(e, server(wanted.url()))
                            .orElseGet(() -> String.valueOf(e.getMessage() == null ? e : e.getMessage())),
                    "check the address, the proxy (kube.httpsProxy) and the disk of " + cache
                            + "; or fetch it yourself, unpack it, and name it: -Dkube.goSdk=DIRECTORY",
                    e);
        } finally {
            removeQuietly(part, unpacked);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            OwnFiles.rename(from, to);
        } catch (IOException e) {
            // Another build was faster: the checksum says that it is the same.
            if (!Files.isDirectory(to)) {
                throw e;
            }
        }
    }

    private static void removeQuietly(Path part, HostDirectory unpacked) {
        try {
            Files.deleteIfExists(part);
            unpacked.delete();
        } catch (IOException e) {
            // What is left has a name that nobody looks for.
            return;
        }
    }

    private void fetch(Wanted wanted, Access access, Path part) throws IOException {
        String found = patience.attempt(
                "the Go SDK from " + wanted.url(),
                this::passing,
                text -> listener.on(new BuildListener.Detail(text)),
                () -> written(wanted.url(), access, part));
        if (!found.equals(wanted.sha256())) {
            throw KubeException.user(
                    "what " + wanted.url() + " gives is not the Go SDK that was asked for",
                    "its checksum is " + found + ", and kube.goSdk.sha256 is " + wanted.sha256()
                            + "; nothing of it is kept",
                    "compare both with what the publisher says, and correct the one that is wrong");
        }
    }

    private Optional<Passing> passing(IOException failure) {
        return failure instanceof StatusException refused
                ? Passing.ofStatus(
                        refused.status,
                        Optional.ofNullable(refused.retryAfter),
                        patience.clock().instant())
                : Passing.ofFailure(failure);
    }

    /** The checksum of what was written. */
    private String written(URI url, Access access, Path part) throws IOException {
        try (InputStream in = open(url, access)) {
            DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            OwnFiles.write(part, digest);
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private InputStream open(URI url, Access access) throws IOException {
        if ("file".equals(url.getScheme())) {
            return Files.newInputStream(Path.of(url));
        }
        URI at = url;
        HttpResponse<InputStream> response = send(client(at, access), at);
        for (int led = 0; led < MOST_REDIRECTIONS && REDIRECTIONS.contains(response.statusCode()); led++) {
            response.body().close();
            at = ledTo(at, response.headers().firstValue("Location").orElse(""));
            response = send(client(at, access), at);
        }
        if (response.statusCode() != 200) {
            response.body().close();
            throw new StatusException(
                    response.statusCode(),
                    response.headers().firstValue("Retry-After").orElse(null));
        }
        InputStream body = response.body();
        return new AnswerStream(body, patience.pace(), ArchiveLimits.GO_SDK.totalBytes(), () -> cut(body));
    }

    private static URI ledTo(URI from, String location) throws IOException {
        try {
            URI to = from.resolve(location);
            boolean web = "https".equals(to.getScheme()) || ("http".equals(to.getScheme()) && !isSafe(from));
            if (!location.isEmpty() && web && to.getHost() != null) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        // A signature in a query is nobody's business.
        String shown = location.replaceFirst("[?#].*", "").replaceFirst("//[^/@]*@", "//***@");
        throw new IOException("the server leads on to an address that is not followed: " + Shown.name(shown));
    }

    private static boolean isSafe(URI url) {
        return "https".equals(url.getScheme());
    }

    /** Each address may have a proxy and authorities of its own; Java's own way of following keeps those of the first. */
    private static HttpClient client(URI url, Access access) throws IOException {
        WebProxies proxies = access.proxies();
        if (proxies.between(url).filter(one -> one.getRawUserInfo() != null).isPresent()) {
            throw new IOException("the proxy wants a password, and Java sends none through a tunnel");
        }
        HttpClient.Builder client = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(access.trust().context(server(url)));
        if (proxies.said()) {
            client.proxy(proxies.selector());
        }
        return client.build();
    }

    /** Host and port. */
    private static String server(URI url) {
        return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private HttpResponse<InputStream> send(HttpClient client, URI url) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(url).timeout(patience.pace().silence()).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        } catch (SSLException e) {
            throw e;
        } catch (IOException e) {
            // Java has no type of its own for an answer that does not come.
            throw new LostConnectionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build("interrupted while fetching " + url, "", "run the build again", e);
        }
    }

    private static void cut(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // It is over in any case.
            return;
        }
    }

    private static void unpack(Path archive, Path directory) throws IOException {
        ConfinedDirectory unpacked = new ConfinedDirectory(directory);
        CountingStream packed = new CountingStream(new BufferedInputStream(Files.newInputStream(archive)));
        try (ForeignTar tar = new ForeignTar(
                new UnpackedStream(new GZIPInputStream(packed), packed::count, ArchiveLimits.GO_SDK),
                ArchiveLimits.GO_SDK)) {
            for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                unpack(next.get(), tar, unpacked);
            }
        }
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, ConfinedDirectory directory)
            throws IOException {
        String name = entry.getName().startsWith("./") ? entry.getName().substring(2) : entry.getName();
        String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (path.isEmpty() || path.equals(".")) {
            return;
        }
        if (!ConfinedDirectory.isConfined(path)) {
            throw new IOException("the archive has a path that leads out of it: " + Shown.name(entry.getName()));
        }
        if (entry.isDirectory()) {
            directory.directory(path);
        } else if (entry.isSymbolicLink()) {
            link(path, entry.getLinkName(), directory);
        } else if (entry.isFile()) {
            directory.write(path, draft -> {
                draft.content(content);
                draft.mode((entry.getMode() & 0100) != 0 ? 0755 : 0644);
            });
        }
    }

    /** An SDK may have links, but only to what is in it. */
    private static void link(String path, String target, ConfinedDirectory directory) throws IOException {
        int depth = path.split("/", -1).length - 1;
        for (String name : target.split("/", -1)) {
            depth += name.equals("..") ? -1 : name.isEmpty() || name.equals(".") ? 0 : 1;
            if (depth < 1 || target.startsWith("/")) {
                throw new IOException("the archive has a link that leads out of it: " + Shown.name(path) + " to "
                        + Shown.name(target));
            }
        }
        directory.link(path, target);
    }
}
