package io.kubebuild.docker.mandas;

import io.kubebuild.docker.Endpoint;
import io.kubebuild.problem.KubeException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.HttpClientConnectionManager;
import org.apache.http.conn.HttpConnectionFactory;
import org.apache.http.conn.ManagedHttpClientConnection;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.DefaultHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.conn.DefaultManagedHttpClientConnection;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.mandas.docker.client.DockerCertificates;
import org.mandas.docker.client.exceptions.DockerCertificateException;

/**
 * Connections to one engine, shared by the library's typed calls and by our own requests.
 *
 * @param base what requests are relative to; {@code unix://localhost:80} for a socket, whose path the factory knows
 * @param connections the pool
 */
record Transport(URI base, HttpClientConnectionManager connections) {

    /** As many compiles as a machine runs at once, with room to spare. */
    private static final int MOST_CONNECTIONS = 256;

    private static final int BUFFER_BYTES = 64 * 1024;

    static Transport to(Endpoint endpoint) {
        RegistryBuilder<ConnectionSocketFactory> factories = RegistryBuilder.create();
        URI base;
        if (endpoint.isUnixSocket()) {
            factories.register("unix", new UnixSockets(endpoint.socket()));
            base = URI.create("unix://localhost:80");
        } else {
            String address = endpoint.uri().getRawAuthority();
            if (endpoint.certificates().isPresent()) {
                factories.register("https", tls(endpoint.certificates().get()));
                base = URI.create("https://" + address);
            } else if ("https".equals(endpoint.uri().getScheme())) {
                // Verified by the machine's authorities; never plain HTTP, whatever the other side offers.
                factories.register("https", SSLConnectionSocketFactory.getSocketFactory());
                base = URI.create("https://" + address);
            } else {
                factories.register("http", PlainConnectionSocketFactory.getSocketFactory());
                base = URI.create("http://" + address);
            }
        }
        PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager(factories.build(), unlogged());
        pool.setMaxTotal(MOST_CONNECTIONS);
        pool.setDefaultMaxPerRoute(MOST_CONNECTIONS);
        if (!endpoint.isUnixSocket()) {
            // A host that vanishes says nothing; keep-alive finds out.
            pool.setDefaultSocketConfig(
                    SocketConfig.custom().setSoKeepAlive(true).build());
        }
        return new Transport(base, pool);
    }

    /**
     * The client's own connections tell a log what goes over them when that is at debug level, as with {@code mvn -X}: every tarball, and
     * the passwords of registries.
     */
    private static HttpConnectionFactory<HttpRoute, ManagedHttpClientConnection> unlogged() {
        AtomicLong made = new AtomicLong();
        return (route, config) ->
                new DefaultManagedHttpClientConnection("engine-" + made.incrementAndGet(), BUFFER_BYTES);
    }

    private static SSLConnectionSocketFactory tls(Path directory) {
        try {
            // The library's own store accepts any host name; the docker command does not, and neither do we.
            return new SSLConnectionSocketFactory(
                    new DockerCertificates(directory).sslContext(), new DefaultHostnameVerifier());
        } catch (DockerCertificateException e) {
            throw KubeException.user(
                    "the certificates for the Docker engine in " + directory + " cannot be used",
                    String.valueOf(e.getMessage()),
                    "ca.pem, cert.pem and key.pem must be there; DOCKER_CERT_PATH or -Dkube.docker.certPath names the directory");
        }
    }
}
