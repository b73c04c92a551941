package io.kubebuild.it.chaos;

import io.kubebuild.it.HostCommand;
import io.kubebuild.it.Until;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * An engine beside the one that all tests use, to be killed and starved: all it has lies in a directory and on a disk of its own, and it
 * shares no network with the machine.
 */
final class OwnEngine implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String ROOMY = "size=8g";
    private static final List<String> IMAGES = List.of(
            "k8s.gcr.io/build-image/kube-cross:v1.19.8-sample-1",
            "k8s.gcr.io/build-image/go-runner:sample-1",
            "k8s.gcr.io/build-image/debian-iptables:sample-1",
            "debian:stretch-slim");

    private static final String CONTAINERD = "exec/containerd/containerd.pid";

    private final Path directory;
    private Optional<Process> daemon = Optional.empty();

    private OwnEngine(Path directory) {
        this.directory = directory;
    }

    /** Starts one with the images of the sample tree. */
    static OwnEngine in(Path directory) throws IOException {
        for (String program : List.of("dockerd", "unshare", "mount", "docker")) {
            Assumptions.assumeTrue(HostCommand.exists(program), "this machine has no " + program);
        }
        Files.createDirectories(directory.resolve("data"));
        DiskCases.mount(
                "-t", "tmpfs", "-o", ROOMY, "tmpfs", directory.resolve("data").toString());
        OwnEngine engine = new OwnEngine(directory);
        boolean done = false;
        try {
            engine.start();
            HostCommand.of(
                            directory,
                            "bash",
                            "-o",
                            "pipefail",
                            "-c",
                            "docker save " + String.join(" ", IMAGES) + " | docker --host " + engine.address()
                                    + " load")
                    .succeeds();
            done = true;
            return engine;
        } finally {
            if (!done) {
                engine.close();
            }
        }
    }

    String address() {
        return "unix://" + directory.resolve("engine.sock");
    }

    /** Starts it, or starts it again, and waits until it answers; one that was not killed goes on. */
    void start() throws IOException {
        if (daemon.isPresent() && daemon.get().isAlive()) {
            return;
        }
        Files.deleteIfExists(directory.resolve("pid"));
        ProcessBuilder builder = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "dockerd",
                        "--host",
                        address(),
                        "--data-root",
                        directory.resolve("data").toString(),
                        "--exec-root",
                        directory.resolve("exec").toString(),
                        "--pidfile",
                        directory.resolve("pid").toString(),
                        "--bridge=none",
                        "--iptables=false",
                        "--ip6tables=false")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        Process started = builder.start();
        daemon = Optional.of(started);
        Until.holds("the engine answers or has ended", LONGEST, () -> answers() || !started.isAlive(), this::told);
        if (!started.isAlive()) {
            throw new AssertionError("the engine does not start:\n" + told());
        }
    }

    /** Kills the daemon and its containerd (SIGKILL). Its containers go on, as after a crash. */
    void kill() throws IOException {
        Process killed = daemon.orElseThrow().destroyForcibly();
        waitFor(killed);
        // A daemon that finds one that is about to end waits for it in vain.
        containerd().ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
        Files.deleteIfExists(directory.resolve(CONTAINERD));
    }

    /** Leaves so many bytes of its disk free. */
    void leaves(long bytes) {
        long used = used();
        DiskCases.mount(
                "-o",
                "remount,size=" + (used + bytes),
                directory.resolve("data").toString());
    }

    /** Gives it room again. */
    void hasRoom() {
        DiskCases.mount("-o", "remount," + ROOMY, directory.resolve("data").toString());
    }

    private long used() {
        String text = HostCommand.of(
                        directory,
                        "df",
                        "--block-size=1",
                        "--output=used",
                        directory.resolve("data").toString())
                .succeeds();
        return Long.parseLong(text.lines().skip(1).findFirst().orElseThrow().strip());
    }

    private boolean answers() {
        return HostCommand.of(directory, "docker", "--host", address(), "version")
                        .run()
                        .exitCode()
                == 0;
    }

    private Path log() {
        return directory.resolve("log");
    }

    private String told() {
        try {
            return Files.readString(log(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        if (daemon.isPresent()) {
            daemon.get().destroy();
            waitFor(daemon.get());
        }
        // A daemon that found a containerd of an earlier one may leave it.
        containerd().ifPresent(ProcessHandle::destroy);
        HostCommand.Outcome mounts =
                HostCommand.of(directory, "findmnt", "-rno", "TARGET").run();
        mounts.output()
                .lines()
                .filter(mounted -> mounted.startsWith(directory + "/"))
                .sorted(java.util.Comparator.reverseOrder())
                .forEach(mounted ->
                        HostCommand.of(Path.of("/"), "umount", "-l", mounted).succeeds());
        Stage.delete(directory);
    }

    private Optional<ProcessHandle> containerd() throws IOException {
        Path file = directory.resolve(CONTAINERD);
        return Files.exists(file)
                ? ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(directory.toString()))
                : Optional.empty();
    }

    private void waitFor(Process process) {
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the engine does not end:\n" + told());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
