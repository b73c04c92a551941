package io.kubebuild.docker.mandas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.kubebuild.docker.Endpoint;
import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines behind sockets whose paths are no URLs, or where nobody answers. */
@Timeout(60)
class SocketPathTest {

    private final Path directory;

    SocketPathTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "my engine", "100%", "a%20b", "a?b#c", "Käse"})
    void anEngineIsSpokenToWhereverItsSocketLies(String name) throws Exception {
        Path socket = Files.createDirectory(directory.resolve(name)).resolve("s");
        try (StubEngine stub = new StubEngine("1.41");
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        .bind(UnixDomainSocketAddress.of(socket))) {
            stub.answer("GET /info", 200, "{\"OSType\":\"linux\",\"Architecture\":\"x86_64\"}");
            start(() -> relay(server, stub.port()));
            Endpoint endpoint = new EndpointResolver(
                            Map.of("DOCKER_HOST", "unix://" + socket), directory, Files::exists)
                    .resolve(Optional.empty(), Optional.empty());

            try (MandasEngine engine = MandasEngine.connect(endpoint)) {
                assertThat(engine.info().platform()).isEqualTo("linux/amd64");
                // As the docker command takes it, which connects terminals.
                assertThat(engine.info().endpoint()).isEqualTo("unix://" + socket);
            }
        }
    }

    @Test
    void aSocketBehindWhichNobodyListensIsNamedAndNoHost() throws IOException {
        Path socket = directory.resolve("engine.sock");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket))
                .close();
        for (Path path : new Path[] {socket, directory.resolve("none.sock")}) {
            assertThatThrownBy(() -> MandasEngine.connect(Endpoint.ofSocket(path.toString(), "DOCKER_HOST")))
                    .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.kind())
                            .isEqualTo(EngineException.Kind.UNREACHABLE))
                    .hasMessageContaining("the connection to the Docker engine failed: " + path + ": ")
                    .hasMessageNotContaining("localhost");
        }
    }

    @Test
    void aSocketWithoutPermissionIsTheUsersTurn() throws IOException {
        Path socket = directory.resolve("engine.sock");
        try (ServerSocketChannel server =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket))) {
            assertThat(server.isOpen()).isTrue();
            Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("---------"));
            assumeFalse(Files.isWritable(socket), "root may use every socket");

            assertThatThrownBy(() -> MandasEngine.connect(Endpoint.ofSocket(socket.toString(), "DOCKER_HOST")))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("this user may not use the Docker engine at unix://" + socket)
                    .hasMessageContaining("whose groups are ")
                    .hasMessageNotContaining("localhost");
        }
    }

    /** What comes in at the socket goes to a port. */
    private static void relay(ServerSocketChannel server, int port) throws IOException {
        while (server.isOpen()) {
            SocketChannel client = server.accept();
            Socket engine = new Socket(InetAddress.getLoopbackAddress(), port);
            start(() -> asked(client, engine.getOutputStream()));
            start(() -> {
                try (client;
                        engine) {
                    answered(engine.getInputStream(), client);
                }
            });
        }
    }

    private static void asked(SocketChannel client, OutputStream engine) throws IOException {
        byte[] bytes = new byte[1 << 12];
        for (int count = client.read(ByteBuffer.wrap(bytes)); count >= 0; count = client.read(ByteBuffer.wrap(bytes))) {
            engine.write(bytes, 0, count);
            engine.flush();
        }
    }

    private static void answered(InputStream engine, SocketChannel client) throws IOException {
        byte[] bytes = new byte[1 << 12];
        for (int count = engine.read(bytes); count >= 0; count = engine.read(bytes)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
            while (buffer.hasRemaining()) {
                client.write(buffer);
            }
        }
    }

    /** Work that ends with an exception when its sockets are closed. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
