package io.kubebuild.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Where commands run: takes files in, runs commands, hands files back. Steps do not know which kind they have.
 *
 * <p>Paths are absolute paths of the workspace's own file system. Calls are thread-safe. Closing it ends every command that
 * still runs and leaves nothing running; what the workspace keeps between builds (sources, the Go build cache) stays.
 */
public interface Workspace extends AutoCloseable {

    /** Changes whenever the contents that an earlier build left here can no longer be there (data container's id). */
    String identity();

    /** Root of the tree inside the workspace ({@code /go/src/k8s.io/kubernetes}). */
    String root();

    /** A directory for files of the moment. */
    default String temporary() {
        return "/tmp";
    }

    /** The platform that commands run on ({@code linux/amd64}). */
    String platform();

    /** What commands may use. */
    Capacity capacity() throws InterruptedException;

    /** Makes ready for commands, so that the first one need not wait for that; nothing needs it. */
    default void prepare() {}

    /**
     * Runs a command to its end and returns its exit code.
     *
     * @param output called with each line of standard output and standard error
     */
    int run(Command command, Consumer<String> output) throws InterruptedException;

    /**
     * What runs a command there for a person at this machine's terminal. It holds until the workspace is closed.
     */
    AtTerminal atTerminal(Command command);

    /** Extracts a tar stream below a directory that exists; owners in the stream hold. */
    void put(String directory, TarWriter tar) throws IOException;

    /** Reads a file or directory as a tar stream; entry names begin with the path's last name. */
    InputStream get(String path) throws IOException;

    /**
     * For each of these files a text that is another one after it was written to, by path; what is missing has none. Where nothing
     * runs yet, nothing is started for it.
     */
    Map<String, String> marks(List<String> paths) throws InterruptedException;

    /** Whether the sources there are the tree on this machine itself, and no copy of it. */
    default boolean sharesTree() {
        return false;
    }

    /** The user that owns the tree inside the workspace. */
    Owner owner();

    @Override
    void close();

    /**
     * A process of this machine, for its terminal. What others may not read is in its environment and not among its words, which every
     * user of the machine sees.
     *
     * @param words program and arguments
     * @param environment of the process
     * @param clean whether it is the whole environment; else it is added to that of whoever runs Maven
     */
    record AtTerminal(List<String> words, Map<String, String> environment, boolean clean) {
        public AtTerminal {
            words = List.copyOf(words);
            environment = Map.copyOf(environment);
        }
    }

    /** Writes one tar stream; called once. */
    @FunctionalInterface
    interface TarWriter {
        void write(OutputStream out) throws IOException;
    }

    /**
     * What commands may use.
     *
     * @param cpus CPUs
     * @param memoryBytes memory
     */
    record Capacity(int cpus, long memoryBytes) {}

    /** Numeric ids, as in a tar header. */
    record Owner(int uid, int gid) {}
}
