package io.kubebuild.http.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/** What is shown to a server that wants to know who asks. */
final class ClientKeys {

    private static final char[] NO_PASSWORD = new char[0];

    private ClientKeys() {}

    /**
     * Pairs as docker keeps them, {@code client.cert} with {@code client.key}; without any the JVM's own, which {@code
     * javax.net.ssl.keyStore} names.
     *
     * @throws IOException one lacks the other, or cannot be used; the text says which
     */
    static KeyManager[] of(List<Path> certificates, List<Path> keys) throws IOException, GeneralSecurityException {
        for (Path key : keys) {
            if (!certificates.contains(withEnd(key, ".cert"))) {
                throw new IOException("the certificate of the key " + key + " is missing: " + withEnd(key, ".cert"));
            }
        }
        if (certificates.isEmpty()) {
            return ofJvm();
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (Path certificate : certificates) {
            Path key = withEnd(certificate, ".key");
            if (!keys.contains(key)) {
                throw new IOException("the key of the certificate " + certificate + " is missing: " + key);
            }
            store.setKeyEntry(
                    certificate.toString(),
                    Pem.key(key),
                    NO_PASSWORD,
                    Pem.certificates(certificate).toArray(Certificate[]::new));
        }
        return managers(store, NO_PASSWORD);
    }

    private static Path withEnd(Path file, String end) {
        String path = file.toString();
        return Path.of(path.substring(0, path.lastIndexOf('.')) + end);
    }

    /** As the JVM's default context does it. */
    private static KeyManager[] ofJvm() throws IOException, GeneralSecurityException {
        String file = System.getProperty("javax.net.ssl.keyStore", "");
        if (file.isEmpty() || file.equals("NONE")) {
            return new KeyManager[0];
        }
        char[] password =
                System.getProperty("javax.net.ssl.keyStorePassword", "").toCharArray();
        KeyStore store =
                KeyStore.getInstance(System.getProperty("javax.net.ssl.keyStoreType", KeyStore.getDefaultType()));
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            store.load(in, password);
        }
        return managers(store, password);
    }

    private static KeyManager[] managers(KeyStore store, char[] password) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }
}
