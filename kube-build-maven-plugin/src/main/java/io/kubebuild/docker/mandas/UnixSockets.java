package io.kubebuild.docker.mandas;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import org.apache.http.HttpHost;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes the sockets of one engine.
 *
 * @param path of its socket
 */
record UnixSockets(Path path) implements ConnectionSocketFactory {

    @Override
    public Socket createSocket(HttpContext context) throws IOException {
        return new UnixSocket();
    }

    @Override
    public Socket connectSocket(
            int connectTimeout,
            Socket socket,
            HttpHost host,
            InetSocketAddress remoteAddress,
            @Nullable InetSocketAddress localAddress,
            HttpContext context)
            throws IOException {
        if (!(socket instanceof UnixSocket unix)) {
            throw new IllegalStateException("not a socket of this factory: " + socket);
        }
        boolean connected = false;
        try {
            unix.connect(path);
            connected = true;
            return unix;
        } catch (IOException e) {
            // No ConnectException: the client would put the host that it knows before it, which stands for nothing.
            throw new IOException(path + ": " + e.getMessage(), e);
        } finally {
            if (!connected) {
                unix.close();
            }
        }
    }
}
