package io.kubebuild.http.tls;

import io.kubebuild.problem.Shown;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.Date;

/** A server's certificate is not believed; the text says of whom it is and why. */
public final class UntrustedException extends CertificateException {

    private static final long serialVersionUID = 1;

    private final boolean unknown;

    private UntrustedException(String message, boolean unknown, CertificateException cause) {
        super(message, cause);
        this.unknown = unknown;
    }

    /** Nobody here knows who has issued it. */
    static UntrustedException unknown(X509Certificate[] chain, CertificateException cause) {
        X509Certificate own = chain[0];
        X509Certificate top = chain[chain.length - 1];
        String issuer = own.getIssuerX500Principal().equals(own.getSubjectX500Principal())
                ? "itself"
                : name(own.getIssuerX500Principal().toString());
        String above = top.getIssuerX500Principal().equals(own.getIssuerX500Principal())
                ? ""
                : " under " + name(top.getIssuerX500Principal().toString());
        return new UntrustedException(
                subject(own) + " was issued by " + issuer + above + ", which is not trusted here", true, cause);
    }

    /** It is of somebody who is known, and still not good. */
    static CertificateException other(X509Certificate[] chain, CertificateException cause) {
        for (Throwable why = cause; why != null; why = why.getCause()) {
            if (why instanceof CertificateExpiredException) {
                return new UntrustedException(
                        subject(chain[0]) + " is no longer good, since " + day(chain[0].getNotAfter()), false, cause);
            }
            if (why instanceof CertificateNotYetValidException) {
                return new UntrustedException(
                        subject(chain[0]) + " is not good before " + day(chain[0].getNotBefore())
                                + ": is the clock of this machine right?",
                        false,
                        cause);
            }
        }
        return cause;
    }

    private static String subject(X509Certificate certificate) {
        return "its certificate (" + name(certificate.getSubjectX500Principal().toString()) + ")";
    }

    private static String name(String principal) {
        return Shown.name(principal);
    }

    private static String day(Date date) {
        return date.toInstant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    /** Whether trusting whoever has issued it would help. */
    boolean isUnknown() {
        return unknown;
    }
}
