package io.kubebuild.workspace.host;

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
import java.net.InetSocketAddress;
import java.net.ProxySelector;
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
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/** Go SDKs that were fetched, unpacked in the user's cache under the checksum of their archive. */
public final class SdkArchives {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The directory that archives of Go hold. */
    private static final String TOP = "go";

    private final Path cache;

    /** @param cache a directory of the user's, made when needed */
    public SdkArchives(Path cache) {
        this.cache = cache;
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
     * @param proxy on the way to it
     * @throws KubeException where it cannot be had, or is another one; nothing is kept then
     */
    public Path ensure(Wanted wanted, boolean offline, Optional<URI> proxy) throws InterruptedException {
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
            fetch(wanted, proxy, part);
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
                    String.valueOf(e.getMessage() == null ? e : e.getMessage()),
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

    private static void fetch(Wanted wanted, Optional<URI> proxy, Path part) throws IOException, InterruptedException {
        String found;
        try (InputStream in = open(wanted.url(), proxy)) {
            DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
            OwnFiles.write(part, digest);
            found = HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        if (!found.equals(wanted.sha256())) {
            throw KubeException.user(
                    "what " + wanted.url() + " gives is not the Go SDK that was asked for",
                    "its checksum is " + found + ", and kube.goSdk.sha256 is " + wanted.sha256()
                            + "; nothing of it is kept",
                    "compare both with what the publisher says, and correct the one that is wrong");
        }
    }

    private static InputStream open(URI url, Optional<URI> proxy) throws IOException, InterruptedException {
        if ("file".equals(url.getScheme())) {
            return Files.newInputStream(Path.of(url));
        }
        if (proxy.filter(one -> one.getRawUserInfo() != null).isPresent()) {
            throw new IOException("the proxy wants a password, and Java sends none through a tunnel");
        }
        HttpClient.Builder client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NORMAL);
        proxy.ifPresent(one -> client.proxy(
                ProxySelector.of(new InetSocketAddress(one.getHost(), one.getPort() < 0 ? 80 : one.getPort()))));
        HttpResponse<InputStream> response =
                client.build().send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("the server answers " + response.statusCode());
        }
        return response.body();
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
