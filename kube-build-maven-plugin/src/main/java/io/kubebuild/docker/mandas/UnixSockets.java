package io.kubebuild.docker.mandas;

import java.io.IOException;
import java.net.ConnectException;
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
            ConnectException named = new ConnectException(path + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        } finally {
            if (!connected) {
                unix.close();
            }
        }
    }
}
