package io.kubebuild.http.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Certificates and keys in files of the form that OpenSSL writes. */
public final class Pem {

    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private Pem() {}

    /**
     * All certificates of a file.
     *
     * @throws IOException it cannot be read, holds none, or one of them is damaged; the text names the file
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (String block : blocks(file)) {
            certificates.add(certificate(block)
                    .orElseThrow(() -> new IOException(file + " holds a certificate that cannot be read")));
        }
        if (certificates.isEmpty()) {
            throw new IOException(file + " holds no certificate (-----BEGIN CERTIFICATE-----)");
        }
        return certificates;
    }

    /** Those that can be read: a system's store may hold some that Java does not understand. */
    static List<X509Certificate> readable(Path file) {
        try {
            return blocks(file).stream()
                    .flatMap(block -> certificate(block).stream())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<String> blocks(Path file) throws IOException {
        // Comments may be in any encoding.
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        return CERTIFICATE.matcher(text).results().map(found -> found.group()).toList();
    }

    private static Optional<X509Certificate> certificate(String block) {
        try {
            return Optional.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.getBytes(StandardCharsets.ISO_8859_1))));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    /**
     * The first private key of a file, in whichever of the usual forms (PKCS#8, PKCS#1, SEC 1).
     *
     * @throws IOException it cannot be read, holds none, or one with a password; the text names the file
     */
    static PrivateKey key(Path file) throws IOException {
        try (Reader text = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
                PEMParser parser = new PEMParser(text)) {
            JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
            for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
                if (found instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (found instanceof PrivateKeyInfo key) {
                    return converter.getPrivateKey(key);
                }
            }
        } catch (IOException e) {
            // Without the words of the parser: they may quote the key.
            throw new IOException(file + " holds no private key that can be read", e);
        }
        throw new IOException(file + " holds no private key without a password (-----BEGIN PRIVATE KEY-----)");
    }
}
