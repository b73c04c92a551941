package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.problem.LastLines;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.mandas.docker.client.exceptions.DockerException;
import org.mandas.docker.client.exceptions.DockerRequestException;

/** What an engine or a connection says when it will not, as one of the port's kinds. */
final class Refusal {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Refusal() {}

    /** An answer with an error status; its body is {@code {"message": …}}. */
    static EngineException answered(String what, int status, String body, @Nullable Throwable cause) {
        String message = message(body);
        return new EngineException(
                kind(status, message),
                what + ": " + (message.isEmpty() ? "HTTP status " + status : LastLines.of(message)),
                cause);
    }

    /** An error in the midst of a progress stream, which has no status of its own. */
    static EngineException reported(String what, String message) {
        return new EngineException(kind(0, message), what + ": " + LastLines.of(message.strip()), null);
    }

    /** The connection could not be made, or broke. */
    static EngineException broken(String what, Throwable cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new EngineException(
                Kind.UNREACHABLE,
                what + ": the connection to the Docker engine failed: " + why + aboutTls(cause),
                cause);
    }

    /** What the words of the TLS library come down to. */
    private static String aboutTls(Throwable cause) {
        if (cause instanceof SSLPeerUnverifiedException) {
            return "; the engine's certificate is not for that host: name the engine by a host that is in the certificate";
        }
        for (Throwable under = cause; under != null; under = under.getCause()) {
            if (under instanceof CertificateException) {
                return "; the engine's certificate is not trusted: name the directory with the ca.pem of its authority"
                        + " (beside cert.pem and key.pem) by -Dkube.docker.certPath=DIRECTORY or DOCKER_CERT_PATH";
            }
        }
        return cause instanceof SSLException
                ? "; TLS was asked for (https, or certificates), and is never left out: see that the engine listens with"
                        + " --tlsverify on that port"
                : "";
    }

    /** Whatever the library throws. */
    static EngineException of(String what, DockerException problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause instanceof DockerRequestException refused) {
                String body = refused.getResponseBody();
                return answered(what, refused.status(), body == null ? "" : body, problem);
            }
            if (cause instanceof IOException io && !(cause instanceof JsonProcessingException)) {
                return broken(what, io);
            }
        }
        return new EngineException(Kind.OTHER, what + ": " + problem.getMessage(), problem);
    }

    private static Kind kind(int status, String message) {
        String text = message.toLowerCase(Locale.ROOT);
        if (text.contains("no space left on device")) {
            return Kind.NO_SPACE;
        }
        // Registries answer through the engine, which keeps their words but not their status.
        if (text.contains("unauthorized")
                || text.contains("authentication required")
                || text.contains("access denied")
                || text.contains("no basic auth credentials")) {
            return Kind.UNAUTHORIZED;
        }
        // podman has words for these, and no status of their own.
        if (text.contains("is already in use") || text.contains("container state improper")) {
            return Kind.CONFLICT;
        }
        if (text.contains("image not known")) {
            return Kind.NOT_FOUND;
        }
        return switch (status) {
            case 401, 403 -> Kind.UNAUTHORIZED;
            case 404 -> Kind.NOT_FOUND;
            case 409 -> Kind.CONFLICT;
            default ->
                text.contains("manifest unknown") || text.contains("not found: manifest") ? Kind.NOT_FOUND : Kind.OTHER;
        };
    }

    private static String message(String body) {
        try {
            return JSON.readTree(body).path("message").asText(body).strip();
        } catch (JsonProcessingException e) {
            return body.strip();
        }
    }
}
