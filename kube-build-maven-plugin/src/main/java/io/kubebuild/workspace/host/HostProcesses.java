package io.kubebuild.workspace.host;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes of a host workspace, so that none outlives it. */
final class HostProcesses implements AutoCloseable {

    /** For the processes of a group that is killed. */
    private static final long SECONDS_TO_DIE = 20;

    private final Set<Process> running = new HashSet<>();
    private boolean closed;

    /** Starts one with exactly this environment; what it prints as an error comes with its output. */
    synchronized Process start(List<String> argv, Map<String, String> environment, boolean errorsToo)
            throws IOException {
        if (closed) {
            throw new IllegalStateException("the workspace is closed");
        }
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(errorsToo);
        builder.directory(java.nio.file.Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        running.add(process);
        return process;
    }

    /** Ends one with all that it started. */
    void end(Process process) {
        synchronized (this) {
            running.remove(process);
        }
        try {
            // The guard takes this as its sign, and kills the group.
            process.getOutputStream().close();
        } catch (IOException e) {
            // Already gone.
            process.destroy();
        }
        boolean interrupted = false;
        try {
            if (!process.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            process.destroyForcibly();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends all that still run, and lets none begin. */
    @Override
    public void close() {
        Set<Process> left;
        synchronized (this) {
            closed = true;
            left = Set.copyOf(running);
        }
        left.forEach(this::end);
    }
}
