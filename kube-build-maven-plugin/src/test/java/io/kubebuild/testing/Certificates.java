package io.kubebuild.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority that nobody knows ("CN=Company CA, O=Example"), and certificates of it. */
public final class Certificates {

    /** Of the authority, as messages have it. */
    public static final String ISSUER = "CN=Company CA, O=Example";

    private static final String PASSWORD = "changeit";

    private final Path store;

    private Certificates(Path store) {
        this.store = store;
    }

    /** Makes an authority; its files lie in that directory. */
    public static Certificates in(Path directory) throws IOException {
        Certificates made = new Certificates(directory.resolve("authority.p12"));
        made.keytool("-alias", "ca", "-dname", ISSUER, "-ext", "bc:c", "-keyalg", "EC");
        return made;
    }

    /** Makes a certificate for hosts, such as {@code dns:registry.example}; a name is for one certificate. */
    public void issue(String name, String hosts) throws IOException {
        keytool("-alias", name, "-dname", "CN=" + name, "-ext", "SAN=" + hosts, "-signer", "ca", "-keyalg", "RSA");
    }

    /** The authority's certificate, PEM. */
    public String authority() throws GeneralSecurityException, IOException {
        return pem("CERTIFICATE", open().getCertificate("ca").getEncoded());
    }

    /** A certificate and those above it, PEM. */
    public String certificate(String name) throws GeneralSecurityException, IOException {
        StringBuilder chain = new StringBuilder();
        for (Certificate one : open().getCertificateChain(name)) {
            chain.append(pem("CERTIFICATE", one.getEncoded()));
        }
        return chain.toString();
    }

    /** The private key of a certificate. */
    public Key key(String name) throws GeneralSecurityException, IOException {
        return open().getKey(name, PASSWORD.toCharArray());
    }

    /** What a server with that certificate speaks TLS with; clients that show a certificate of this authority are known. */
    public SSLContext server(String name) throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(name, key(name), PASSWORD.toCharArray(), open().getCertificateChain(name));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, PASSWORD.toCharArray());
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("ca", open().getCertificate("ca"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    /** A text with PEM's lines around it. */
    public static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + kind + "-----\n";
    }

    private KeyStore open() throws GeneralSecurityException, IOException {
        KeyStore opened = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            opened.load(in, PASSWORD.toCharArray());
        }
        return opened;
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-validity", "3650", "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
