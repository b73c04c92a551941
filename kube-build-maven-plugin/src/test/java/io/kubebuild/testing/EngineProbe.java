package io.kubebuild.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Asks a Docker engine whether it is there, with nothing but the JDK, so that the answer owes nothing to the code under test. */
final class EngineProbe {

    private EngineProbe() {}

    /** Where tests look for an engine. */
    static String address(Map<String, String> environment) {
        String host = environment.getOrDefault("DOCKER_HOST", "");
        return host.isBlank() ? "unix:///var/run/docker.sock" : host;
    }

    /** The status line of {@code GET /_ping}. */
    static String ping(String address) throws IOException {
        URI uri = URI.create(address);
        try (SocketChannel channel = SocketChannel.open(socketAddress(uri))) {
            channel.write(StandardCharsets.US_ASCII.encode("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"));
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            ByteBuffer one = ByteBuffer.allocate(1);
            while (channel.read(one.clear()) == 1 && one.get(0) != '\r') {
                line.write(one.get(0));
            }
            return line.toString(StandardCharsets.US_ASCII);
        }
    }

    private static SocketAddress socketAddress(URI uri) throws IOException {
        if ("unix".equals(uri.getScheme())) {
            return UnixDomainSocketAddress.of(uri.getPath());
        }
        if ("tcp".equals(uri.getScheme()) && uri.getHost() != null) {
            return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 2375 : uri.getPort());
        }
        throw new IOException("tests know unix:// and tcp:// only");
    }
}
