package io.kubebuild.sync;

import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.MarksByCommand;
import io.kubebuild.workspace.Workspace;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A workspace in a directory of this machine: commands run by its shell, archives go through its tar. */
final class DirectoryWorkspace implements Workspace {

    final List<List<String>> commands = new ArrayList<>();
    final List<String> read = new ArrayList<>();
    private final Path root;
    private final Owner owner;
    private long breakAfter = Long.MAX_VALUE;
    private boolean shared;

    DirectoryWorkspace(Path root, Owner owner) {
        this.root = root;
        this.owner = owner;
    }

    /** Says that the directory is the tree itself. */
    DirectoryWorkspace shared() {
        shared = true;
        return this;
    }

    @Override
    public boolean sharesTree() {
        return shared;
    }

    /** The next streams into the root end after so many bytes, as when an engine dies. */
    void breakStreamsAfter(long bytes) {
        breakAfter = bytes;
    }

    @Override
    public String identity() {
        return "directory";
    }

    @Override
    public String root() {
        return root.toString();
    }

    @Override
    public String platform() {
        return "linux/amd64";
    }

    @Override
    public Capacity capacity() {
        return new Capacity(1, 1L << 30);
    }

    @Override
    public Owner owner() {
        return owner;
    }

    @Override
    public AtTerminal atTerminal(Command command) {
        return new AtTerminal(command.argv(), Map.of(), false);
    }

    @Override
    public int run(Command command, Consumer<String> output) throws InterruptedException {
        commands.add(command.argv());
        try {
            ProcessBuilder builder = new ProcessBuilder(command.argv()).redirectErrorStream(true);
            builder.directory(Path.of(command.directory()).toFile());
            builder.environment().putAll(command.environment());
            Process process = builder.start();
            process.getOutputStream().close();
            try (BufferedReader reader = process.inputReader()) {
                reader.lines().forEach(output);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(String directory, TarWriter writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(bytes);
        boolean broken = !directory.equals("/tmp") && bytes.size() > breakAfter;
        byte[] whole = bytes.toByteArray();
        Process tar = new ProcessBuilder(
                        "tar",
                        "--extract",
                        "--file=-",
                        "--numeric-owner",
                        "--preserve-permissions",
                        "--directory",
                        directory)
                .redirectErrorStream(true)
                .start();
        try (OutputStream out = tar.getOutputStream()) {
            out.write(whole, 0, broken ? (int) breakAfter : whole.length);
        } catch (IOException e) {
            if (!broken) {
                throw e;
            }
        }
        String said = new String(tar.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (end(tar) != 0 || broken) {
            throw new IOException("tar ended early: " + said);
        }
    }

    @Override
    public Map<String, String> marks(List<String> paths) throws InterruptedException {
        return MarksByCommand.of(this, paths);
    }

    @Override
    public InputStream get(String path) throws IOException {
        read.add(path);
        int slash = path.lastIndexOf('/');
        Process tar = new ProcessBuilder(
                        "tar",
                        "--create",
                        "--file=-",
                        "--format=pax",
                        "--directory",
                        path.substring(0, slash),
                        path.substring(slash + 1))
                .start();
        byte[] all = tar.getInputStream().readAllBytes();
        if (end(tar) != 0) {
            throw new IOException("no " + path);
        }
        return new ByteArrayInputStream(all);
    }

    private static int end(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        breakAfter = Long.MAX_VALUE;
    }
}
