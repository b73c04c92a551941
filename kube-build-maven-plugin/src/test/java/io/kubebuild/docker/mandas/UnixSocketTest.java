package io.kubebuild.docker.mandas;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against a real peer on the other end. */
@Timeout(60)
class UnixSocketTest {

    private final ServerSocketChannel server;
    private final SocketChannel peer;
    private final UnixSocket socket = new UnixSocket();

    UnixSocketTest(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("engine.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
        socket.connect(path);
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        peer.close();
        server.close();
    }

    @Test
    void carriesBytesBothWays() throws Exception {
        socket.getOutputStream().write("ping".getBytes(US_ASCII));
        assertThat(receive(4)).isEqualTo("ping");
        send("pong");
        peer.shutdownOutput();

        assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII)).isEqualTo("pong");
    }

    @Test
    void writesMoreThanThePeerHasRoomFor() throws Exception {
        byte[] much = new byte[4 << 20];
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> drain(peer));

        socket.getOutputStream().write(much);
        socket.shutdownOutput();

        assertThat(read.get()).isEqualTo(much.length);
    }

    @Test
    void waitsNoLongerThanItsTimeout() throws Exception {
        socket.setSoTimeout(1);

        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessage("nothing came for 1 ms");
        send("x");
        socket.setSoTimeout(0);
        assertThat(socket.getInputStream().read()).isEqualTo('x');
    }

    @Test
    void whoeverReadsLearnsThatItWasClosed() throws Exception {
        FutureTask<Integer> reading =
                new FutureTask<>(() -> socket.getInputStream().read());
        Thread reader = start(reading);
        awaitWaiting(reader);

        socket.close();

        assertThatThrownBy(reading::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SocketException.class)
                .hasMessageContaining("Socket closed");
        assertThatThrownBy(() -> socket.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessage("Socket closed");
        assertThatThrownBy(() -> socket.getOutputStream().write(1))
                .isInstanceOf(SocketException.class)
                .hasMessage("Socket closed");
    }

    @Test
    void anInterruptNeitherEndsAReadNorIsLost() throws Exception {
        FutureTask<Boolean> reading =
                new FutureTask<>(() -> socket.getInputStream().read() == 'x' && Thread.interrupted());
        Thread reader = start(reading);
        awaitWaiting(reader);

        reader.interrupt();
        while (!UnixSocket.withholdsInterruptOf(reader)) {
            Thread.onSpinWait();
        }
        send("x");

        assertThat(reading.get()).isTrue();
        assertThat(UnixSocket.withholdsInterruptOf(reader)).isFalse();
    }

    @Test
    void sayWhereTheyGoTo() throws Exception {
        assertThat(socket.isConnected()).isTrue();
        assertThat(socket.getRemoteSocketAddress()).isEqualTo(server.getLocalAddress());
        socket.close();
        assertThat(socket.isConnected()).isFalse();
        assertThat(socket.isClosed()).isTrue();
    }

    private static <T> Thread start(FutureTask<T> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** In the selector: a thread that runs in native code counts as running. */
    private static void awaitWaiting(Thread thread) {
        while (java.util.Arrays.stream(thread.getStackTrace())
                .noneMatch(frame -> frame.getMethodName().equals("select"))) {
            Thread.onSpinWait();
        }
    }

    private static int drain(SocketChannel channel) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            int total = 0;
            for (int count = channel.read(buffer); count >= 0; count = channel.read(buffer)) {
                total += count;
                buffer.clear();
            }
            return total;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void send(String text) throws IOException {
        peer.write(ByteBuffer.wrap(text.getBytes(US_ASCII)));
    }

    private String receive(int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            peer.read(buffer);
        }
        return new String(buffer.array(), US_ASCII);
    }
}
