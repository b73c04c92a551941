package io.kubebuild.docker;

import io.kubebuild.problem.Secrets;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an engine is, and who said so.
 *
 * @param uri {@code unix:///var/run/docker.sock}, {@code tcp://host:2376}, or {@code https://host:2376} for TLS in any case
 * @param source what named it, for messages ("DOCKER_HOST", "docker context 'colima'", "well-known socket")
 * @param certificates directory with ca.pem, cert.pem and key.pem; where it is present the engine is reached over TLS
 */
public record Endpoint(URI uri, String source, Optional<Path> certificates) {

    /** Ports of the engine by convention: without and with TLS. */
    private static final int PLAIN_PORT = 2375;

    private static final int TLS_PORT = 2376;

    public Endpoint {
        if (uri.getScheme() == null) {
            throw new IllegalArgumentException("no scheme in " + uri);
        }
        if (uri.getScheme().equals("tcp") && uri.getPort() < 0) {
            uri = URI.create("tcp://" + uri.getHost() + ":" + (certificates.isPresent() ? TLS_PORT : PLAIN_PORT));
        }
    }

    /** Whether it is a socket of this machine. */
    public boolean isUnixSocket() {
        return uri.getScheme().equals("unix");
    }

    @Override
    public String toString() {
        return Secrets.hidden(uri + " (from " + source + ")");
    }
}
