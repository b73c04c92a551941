package io.kubebuild.sync;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.sync.StampedTransport.Sent;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The rsync program of this machine ({@code kube::build::rsync}, build/common.sh). */
public final class RsyncClient {

    private static final String PROGRAM = "rsync";
    /** A daemon in a container is there within a second; on a machine with much to do it takes longer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(100);

    /** What rsync says of a file or link that it sent, and of its size. */
    private static final Pattern SENT = Pattern.compile("(?:<f|c[LfS])\\S* (\\d+)");

    private final int compressLevel;
    private final Map<String, String> environment;

    /**
     * @param compressLevel upstream's KUBE_RSYNC_COMPRESS; 0 for none
     * @param environment of the process
     */
    public RsyncClient(int compressLevel, Map<String, String> environment) {
        this.compressLevel = compressLevel;
        this.environment = new TreeMap<>(environment);
        // Proxies and passwords of other servers are not for this one.
        this.environment.keySet().removeIf(name -> name.startsWith("RSYNC_"));
    }

    /** The program did not do what it was to do; the message has what it said. */
    static final class FailedException extends IOException {

        private static final long serialVersionUID = 1L;

        FailedException(String message) {
            super(message);
        }
    }

    /** Whether there is such a program ({@code kube::build::ensure_rsync}). */
    public static boolean isOn(String path) {
        return Stream.of(path.split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, PROGRAM)));
    }

    /**
     * Sends files by name.
     *
     * @param names names relative to the tree, each ended by a NUL
     * @param below where they go: empty for the root, or a directory there with a slash
     */
    Sent send(Path tree, Path names, RsyncServer server, String below) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of(
                PROGRAM,
                "--archive",
                // All is to belong to the daemon's user, who is the build's.
                "--no-owner",
                "--no-group",
                "--checksum",
                "--from0",
                "--files-from=" + names,
                "--out-format=%i %l",
                "--password-file=" + server.passwordFile()));
        if (compressLevel > 0) {
            argv.add("--compress-level=" + compressLevel);
        }
        argv.add(tree + "/");
        argv.add(await(server) + RsyncServer.NAME + "/" + below);
        int[] files = {0};
        long[] bytes = {0};
        run(argv, line -> {
            Matcher sent = SENT.matcher(line);
            if (sent.matches()) {
                files[0]++;
                bytes[0] += line.startsWith("<f") ? Long.parseLong(sent.group(1)) : 0;
            }
        });
        return new Sent(files[0], bytes[0]);
    }

    /** The daemon's address, once it answers ({@code kube::build::rsync_probe}). */
    private String await(RsyncServer server) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String reason = "";
        while (System.nanoTime() < end) {
            Optional<Integer> port = server.port();
            if (port.isEmpty()) {
                reason = "its container has ended";
                break;
            }
            String address = "rsync://" + RsyncServer.NAME + "@127.0.0.1:" + port.get() + "/";
            try {
                run(
                        List.of(PROGRAM, "--contimeout=2", "--password-file=" + server.passwordFile(), address),
                        line -> {});
                return address;
            } catch (IOException e) {
                reason = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for rsync");
            }
        }
        throw KubeException.build(
                "the rsync daemon in the workspace does not answer",
                reason + "\n" + server.lastWords(),
                "rsync needs an engine whose ports are this machine's, or kube.rsync.port forwarded to it;"
                        + " -Dkube.transport=archive needs neither");
    }

    private void run(List<String> argv, Consumer<String> output) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        boolean ended = false;
        LastLines last = LastLines.ofAny();
        try {
            process.getOutputStream().close();
            try (BufferedReader reader = process.inputReader(StandardCharsets.ISO_8859_1)) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    output.accept(line);
                    last.accept(line);
                }
            }
            int code = process.waitFor();
            ended = true;
            if (code != 0) {
                throw new FailedException(last.below("exit code " + code));
            }
        } finally {
            if (!ended) {
                process.destroy();
            }
        }
    }
}
