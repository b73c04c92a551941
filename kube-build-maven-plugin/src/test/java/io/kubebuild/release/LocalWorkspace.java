package io.kubebuild.release;

import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.MarksByCommand;
import io.kubebuild.workspace.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A workspace that is a directory of this machine. */
record LocalWorkspace(Path directory) implements Workspace {

    @Override
    public String identity() {
        return directory.toString();
    }

    @Override
    public String root() {
        return directory.toString();
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
    public AtTerminal atTerminal(Command command) {
        return new AtTerminal(command.argv(), Map.of(), false);
    }

    @Override
    public int run(Command command, Consumer<String> output) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command.argv())
                .directory(Path.of(command.directory()).toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(command.environment());
        try {
            Process process = builder.start();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(output);
            }
            return process.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(String target, TarWriter tar) {
        throw new UnsupportedOperationException("not needed here");
    }

    @Override
    public Map<String, String> marks(List<String> paths) throws InterruptedException {
        return MarksByCommand.of(this, paths);
    }

    @Override
    public InputStream get(String path) throws IOException {
        Path file = Path.of(path);
        return new ProcessBuilder(
                        "tar", "-c", "-C", String.valueOf(file.getParent()), String.valueOf(file.getFileName()))
                .start()
                .getInputStream();
    }

    @Override
    public Owner owner() {
        return new Owner(0, 0);
    }

    @Override
    public void close() {}
}
