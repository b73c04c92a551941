package io.kubebuild.workspace;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A workspace for tests: the machine's own shell, or a running container by a prefix such as {@code docker exec -i NAME}.
 * Commands never see the test's own environment.
 */
public final class HostShellWorkspace implements Workspace {

    private final List<String> prefix;
    private final String root;
    private final Map<String, String> environment;
    private final Capacity capacity;

    public HostShellWorkspace(String root, Map<String, String> environment) {
        this(List.of(), root, environment, new Capacity(2, 8L << 30));
    }

    public HostShellWorkspace(List<String> prefix, String root, Map<String, String> environment, Capacity capacity) {
        this.prefix = List.copyOf(prefix);
        this.root = root;
        this.environment = Map.copyOf(environment);
        this.capacity = capacity;
    }

    @Override
    public String identity() {
        return root;
    }

    @Override
    public String root() {
        return root;
    }

    @Override
    public String platform() {
        return "linux/amd64";
    }

    @Override
    public Capacity capacity() {
        return capacity;
    }

    @Override
    public AtTerminal atTerminal(Command command) {
        return new AtTerminal(command.argv(), Map.of(), false);
    }

    @Override
    public int run(Command command, Consumer<String> output) throws InterruptedException {
        Map<String, String> variables = new TreeMap<>(command.cleanEnvironment() ? Map.of() : environment);
        variables.putAll(command.environment());
        variables.put("PWD", command.directory());
        List<String> inner = new Command(command.argv(), variables, command.directory(), true).asCleanArgv();
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("sh", "-c", "cd \"$1\" && shift && exec \"$@\"", "sh", command.directory()));
        words.addAll(inner);
        try {
            Process process =
                    new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                lines.lines().forEach(output);
                return process.waitFor();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void put(String directory, TarWriter tar) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("tar", "-x", "-p", "-f", "-", "-C", directory));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            tar.write(in);
        }
        finish(process);
    }

    @Override
    public Map<String, String> marks(List<String> paths) throws InterruptedException {
        return MarksByCommand.of(this, paths);
    }

    @Override
    public InputStream get(String path) throws IOException {
        int slash = path.lastIndexOf('/');
        List<String> words = new ArrayList<>(prefix);
        words.addAll(List.of("tar", "-c", "-f", "-", "-C", path.substring(0, slash), path.substring(slash + 1)));
        return new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .getInputStream();
    }

    private static void finish(Process process) throws IOException {
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public Owner owner() {
        return new Owner(0, 0);
    }

    @Override
    public void close() {}
}
