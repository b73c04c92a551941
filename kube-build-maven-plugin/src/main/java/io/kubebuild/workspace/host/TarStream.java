package io.kubebuild.workspace.host;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What a tar process writes. Its end is one only where the process ended well. */
final class TarStream extends FilterInputStream {

    /** tar's own code for files that changed meanwhile. */
    private static final int CHANGED = 1;

    private final Process process;
    private final HostProcesses processes;
    private final FutureTask<String> said;

    TarStream(Process process, HostProcesses processes, FutureTask<String> said) {
        super(process.getInputStream());
        this.process = process;
        this.processes = processes;
        this.said = said;
    }

    @Override
    public int read() throws IOException {
        return checked(super.read());
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        return checked(super.read(buffer, offset, length));
    }

    private int checked(int read) throws IOException {
        if (read >= 0) {
            return read;
        }
        try {
            int code = process.waitFor();
            if (code > CHANGED) {
                throw new IOException("tar ended with code " + code + ": " + said.get());
            }
            return read;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while files were read", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    @Override
    public void close() throws IOException {
        // Without this, tar would wait for a reader that has gone.
        process.destroy();
        super.close();
        processes.end(process);
    }
}
