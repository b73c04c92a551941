package io.kubebuild.http.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Authorities whose certificates are believed: those of the JDK, of the system, those that were named, and for single servers those in
 * docker's {@code certs.d}.
 *
 * <p>Nothing of it is the JVM's: other builds in it believe what they believed.
 */
public final class Trust {

    /** What the JDK believes, and nothing else. */
    public static final Trust OF_JDK = new Trust(List.of(), List.of(), List.of());

    /** Where systems keep their authorities, in one file each: Debian, Fedora, RHEL, openSUSE, Alpine. */
    private static final List<Path> SYSTEMS = List.of(
            Path.of("/etc/ssl/certs/ca-certificates.crt"),
            Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
            Path.of("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"),
            Path.of("/etc/ssl/ca-bundle.pem"),
            Path.of("/etc/ssl/cert.pem"));

    private final List<Path> named;
    private final List<Path> registries;
    private final List<Path> systems;

    Trust(List<Path> named, List<Path> registries, List<Path> systems) {
        this.named = List.copyOf(named);
        this.registries = List.copyOf(registries);
        this.systems = List.copyOf(systems);
    }

    /**
     * What this machine and this build believe.
     *
     * @param named files with certificates (PEM) of further authorities
     * @param environment the process environment (XDG_CONFIG_HOME)
     * @param home the user's home directory
     */
    public static Trust of(List<Path> named, Map<String, String> environment, Path home) {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path own = config.isBlank() ? home.resolve(".config") : Path.of(config);
        return new Trust(named, List.of(own.resolve("docker/certs.d"), Path.of("/etc/docker/certs.d")), SYSTEMS);
    }

    /**
     * For connections to a server, and to those that it leads on to.
     *
     * @param server host and optional port, as registries are called ({@code nexus.example.com:5000})
     * @throws IOException a file for that server, or one that was named, cannot be used; the text says which and why
     */
    public SSLContext context(String server) throws IOException {
        List<Path> directories = registries.stream()
                .map(directory -> directory.resolve(server))
                .filter(Files::isDirectory)
                .toList();
        List<X509Certificate> known = new ArrayList<>();
        for (Path file : named) {
            known.addAll(Pem.certificates(file));
        }
        for (Path file : files(directories, ".crt")) {
            known.addAll(Pem.certificates(file));
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    ClientKeys.of(files(directories, ".cert"), files(directories, ".key")),
                    new TrustManager[] {new CombinedTrust(manager(null), () -> others(known))},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static List<Path> files(List<Path> directories, String kind) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path directory : directories) {
            try (Stream<Path> files = Files.list(directory)) {
                files.filter(file -> file.toString().endsWith(kind)).sorted().forEach(found::add);
            }
        }
        return found;
    }

    private Optional<X509ExtendedTrustManager> others(List<X509Certificate> known) {
        List<X509Certificate> all = new ArrayList<>(known);
        systems.stream()
                .filter(Files::isReadable)
                .findFirst()
                .map(Pem::readable)
                .ifPresent(all::addAll);
        if (all.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), all.get(i));
            }
            return Optional.of(manager(store));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store of certificates cannot be made", e);
        }
    }

    /** @param store null for the JDK's own, or the one that {@code javax.net.ssl.trustStore} names */
    private static X509ExtendedTrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager extended) {
                return extended;
            }
        }
        throw new GeneralSecurityException("this JDK knows no X.509");
    }

    /**
     * Why no connection came about, where TLS is the reason, and what would help.
     *
     * @param server host and optional port
     */
    public static Optional<String> refusal(Throwable failure, String server) {
        Optional<String> said = Optional.empty();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UntrustedException untrusted) {
                return Optional.of(untrusted.getMessage() + (untrusted.isUnknown() ? "; " + ways(server) : ""));
            }
            if (cause instanceof SSLException && cause.getMessage() != null) {
                said = Optional.of("no safe connection to " + server + ": "
                        + cause.getMessage().lines().findFirst().orElse(""));
            }
        }
        return said;
    }

    private static String ways(String server) {
        return "if it should be, name the issuer's certificate, -Dkube.ca=FILE, or put it into /etc/docker/certs.d/"
                + server + "/ca.crt, into the system's certificates, or into those of the JDK";
    }
}
