package io.kubebuild.http.tls;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Believes what the JDK believes, and what others do; the others are only asked where the JDK does not. */
final class CombinedTrust extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager jdk;
    private final Supplier<Optional<X509ExtendedTrustManager>> others;
    private Optional<X509ExtendedTrustManager> made = Optional.empty();
    private boolean asked;

    /** @param others made once, when needed; empty where there are none */
    CombinedTrust(X509ExtendedTrustManager jdk, Supplier<Optional<X509ExtendedTrustManager>> others) {
        this.jdk = jdk;
        this.others = others;
    }

    /** One way to look at a chain. */
    @FunctionalInterface
    private interface Look {
        void at(X509ExtendedTrustManager manager) throws CertificateException;
    }

    private synchronized Optional<X509ExtendedTrustManager> others() {
        if (!asked) {
            made = others.get();
            asked = true;
        }
        return made;
    }

    private void require(X509Certificate[] chain, Look look) throws CertificateException {
        if (jdk.getAcceptedIssuers().length == 0) {
            // A JDK without a store of its own, which would fail otherwise than by a refusal.
            requireOfOthers(
                    chain,
                    look,
                    new CertificateException("the JDK trusts nobody", new CertPathBuilderException("no store")));
            return;
        }
        try {
            look.at(jdk);
        } catch (CertificateException byJdk) {
            requireOfOthers(chain, look, byJdk);
        }
    }

    private void requireOfOthers(X509Certificate[] chain, Look look, CertificateException byJdk)
            throws CertificateException {
        CertificateException said = byJdk;
        if (others().isPresent()) {
            try {
                look.at(others().get());
                return;
            } catch (CertificateException byOthers) {
                // Whoever knows the issuer has the better reason.
                said = isUnknown(byOthers) ? byJdk : byOthers;
            }
        }
        throw isUnknown(said) ? UntrustedException.unknown(chain, said) : UntrustedException.other(chain, said);
    }

    private static boolean isUnknown(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        require(chain, manager -> manager.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        require(chain, manager -> manager.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        require(chain, manager -> manager.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        jdk.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        jdk.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        jdk.checkClientTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return jdk.getAcceptedIssuers();
    }
}
