package io.kubebuild.sync;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An rsync daemon of this machine, on a free port of its loopback address. */
final class LocalRsyncd implements RsyncServer {

    private final Process process;
    private final int port;
    private final Path passwordFile;

    private LocalRsyncd(Process process, int port, Path passwordFile) {
        this.process = process;
        this.port = port;
        this.passwordFile = passwordFile;
    }

    /** @param directory where its {@code conf} lies */
    static LocalRsyncd start(Path directory, Path passwordFile) {
        try {
            int port = freePort();
            Process process = new ProcessBuilder(
                            "rsync",
                            "--daemon",
                            "--no-detach",
                            "--address=127.0.0.1",
                            "--port=" + port,
                            "--config=" + directory.resolve("conf"))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("out").toFile())
                    .start();
            return new LocalRsyncd(process, port, passwordFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public Optional<Integer> port() {
        return process.isAlive() ? Optional.of(port) : Optional.empty();
    }

    @Override
    public Path passwordFile() {
        return passwordFile;
    }

    @Override
    public String lastWords() {
        return "";
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
