package io.kubebuild.docker;

import io.kubebuild.problem.Secrets;
import java.net.URI;
import java.net.URISyntaxException;
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

    /**
     * A socket of this machine. Its path is a path and not a part of a URL: blanks, {@code %} and letters of any language stand for
     * themselves, as for the docker command.
     *
     * @param path absolute
     */
    public static Endpoint ofSocket(String path, String source) {
        try {
            return new Endpoint(new URI("unix", "", path, null, null), source, Optional.empty());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path of a socket: " + path, e);
        }
    }

    /** The path of a {@link #isUnixSocket socket}. */
    public Path socket() {
        return Path.of(uri.getPath());
    }

    /** As DOCKER_HOST and {@code docker --host} take it. */
    public String address() {
        return isUnixSocket() ? "unix://" + uri.getPath() : uri.toString();
    }

    /** Whether it is a socket of this machine. */
    public boolean isUnixSocket() {
        return uri.getScheme().equals("unix");
    }

    @Override
    public String toString() {
        return Secrets.hidden(address() + " (from " + source + ")");
    }
}
