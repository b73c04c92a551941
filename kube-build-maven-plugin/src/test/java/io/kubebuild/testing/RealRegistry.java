package io.kubebuild.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real registry (Debian's docker-registry) on this machine. It wants {@link #USER} and {@link #PASSWORD}. */
public final class RealRegistry implements AutoCloseable {

    public static final String USER = "ann";
    public static final String PASSWORD = "pw";

    /** bcrypt of "pw". */
    private static final String HTPASSWD = "ann:$2b$12$jZW5IxfwFoLsYJaaccvpWu5wK2aml3CIWMGWU2sulh.NDfVPDQcHC\n";

    private final Process process;
    private final int port;

    private RealRegistry(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one and waits until it listens.
     *
     * @param directory where it keeps its files
     */
    public static RealRegistry start(Path directory) throws IOException {
        Path program = Path.of(System.getProperty("kube.test.registry", "/usr/bin/docker-registry"));
        String line = "no registry to talk to: ./dev test brings one";
        if ("required".equals(System.getProperty("kube.test.engine"))) {
            assertThat(program).as(line).isExecutable();
        }
        assumeTrue(Files.isExecutable(program), line);
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Files.writeString(directory.resolve("htpasswd"), HTPASSWD);
        Path config = directory.resolve("registry.yml");
        Files.writeString(config, """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %1$s/registry
                http:
                  addr: 127.0.0.1:%2$d
                auth:
                  htpasswd:
                    realm: test
                    path: %1$s/htpasswd
                """.formatted(directory, port));
        Process process = new ProcessBuilder(program.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        awaitListening(process);
        return new RealRegistry(process, port);
    }

    private static void awaitListening(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.contains("listening on")) {
            line = output.readLine();
        }
        assertThat(line).as("the registry ended before it listened").isNotNull();
        Thread drain = new Thread(() -> output.lines().forEach(ignored -> {}), "registry-output");
        drain.setDaemon(true);
        drain.start();
    }

    /** Host and port, as they stand in image names. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
