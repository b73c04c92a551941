package io.kubebuild.workspace.host;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The workspace on this machine: commands are its own processes, on a copy of the sources in a directory of the user's cache, so that
 * the tree itself is never written to. Nothing of the user's environment reaches them.
 */
public final class HostWorkspace implements Workspace {

    /** Below the GOPATH, where the scripts of every tree from v1.2 to v1.34 expect it. */
    public static final String TREE = "src/k8s.io/kubernetes";

    private final Settings settings;
    private final HostProcesses processes = new HostProcesses();
    private final String identity;

    /**
     * What the workspace is like.
     *
     * @param directory made
     * @param view how commands see files
     * @param sdk whose go comes first on PATH
     * @param tools of this machine
     * @param environment what the tree's scripts get besides
     * @param owner the invoking user
     */
    public record Settings(
            HostDirectory directory,
            HostView view,
            GoSdk sdk,
            HostTools tools,
            Map<String, String> environment,
            Owner owner) {
        public Settings {
            environment = Map.copyOf(environment);
        }

        /** Root of the tree, for commands. */
        public String root() {
            return view.gopath(directory) + "/" + TREE;
        }
    }

    public HostWorkspace(Settings settings) {
        this.settings = settings;
        this.identity = settings.directory()
                .id()
                .orElseThrow(() -> new IllegalStateException("no workspace in " + settings.directory()));
    }

    @Override
    public String identity() {
        return identity;
    }

    @Override
    public String root() {
        return settings.root();
    }

    @Override
    public String temporary() {
        return settings.view().temporary(settings.directory());
    }

    @Override
    public String platform() {
        return settings.sdk().platform();
    }

    /** What this JVM may use, whose control groups hold for its children. */
    @Override
    public Capacity capacity() {
        long memory =
                ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                        ? system.getTotalMemorySize()
                        : Runtime.getRuntime().maxMemory();
        return new Capacity(Runtime.getRuntime().availableProcessors(), memory);
    }

    @Override
    public Owner owner() {
        return settings.owner();
    }

    /**
     * As the build image has it (build/build-image/Dockerfile), tools of the GOPATH are found; but what tools write below HOME does not
     * land among the sources.
     */
    private Map<String, String> environment() {
        String gopath = settings.view().gopath(settings.directory());
        String goroot = settings.view().goroot(settings.sdk());
        Map<String, String> variables = new TreeMap<>();
        variables.put("GOPATH", gopath);
        variables.put("GOROOT", goroot);
        variables.put("HOME", temporary());
        variables.put("TMPDIR", temporary());
        variables.put(
                "PATH", gopath + "/bin:" + goroot + "/bin:" + settings.tools().path());
        variables.putAll(settings.environment());
        return variables;
    }

    private Map<String, String> environment(Command command) {
        Map<String, String> variables = command.cleanEnvironment() ? new TreeMap<>() : environment();
        variables.putAll(command.environment());
        variables.put("PWD", command.directory());
        return variables;
    }

    /** Words that run a command in its directory. What bash adds to an environment on the way is taken back. */
    private List<String> words(Command command, Map<String, String> environment) {
        List<String> words = new ArrayList<>(
                settings.view().words(settings.directory(), settings.sdk(), settings.tools(), command.directory()));
        List<String> ofBash = List.of("_", "OLDPWD", "SHLVL", "PWD");
        ofBash.stream()
                .filter(name -> !environment.containsKey(name))
                .forEach(name -> words.addAll(List.of("-u", name)));
        ofBash.stream().filter(environment::containsKey).forEach(name -> words.add(name + "=" + environment.get(name)));
        words.addAll(command.argv());
        return words;
    }

    @Override
    public int run(Command command, Consumer<String> output) throws InterruptedException {
        Map<String, String> environment = environment(command);
        List<String> words = new ArrayList<>(settings.tools().bash("guard.sh"));
        words.addAll(words(command, environment));
        Process process;
        try {
            process = processes.start(words, environment, true);
        } catch (IOException e) {
            throw KubeException.build(
                    "a command could not be started on this machine",
                    String.valueOf(e.getMessage()),
                    "see that the machine has memory and processes left, then run again",
                    e);
        }
        try {
            FutureTask<Boolean> lines = new FutureTask<>(() -> read(process, output));
            Thread reader = new Thread(lines, "output of a command");
            reader.setDaemon(true);
            reader.start();
            int code = process.waitFor();
            awaited(lines, process);
            return code;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } finally {
            processes.end(process);
        }
    }

    /** Reads what is left in the stream; a process that has left the group may hold it open for ever. */
    private static void awaited(FutureTask<Boolean> lines, Process process)
            throws InterruptedException, ExecutionException {
        try {
            lines.get(1, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            lines.cancel(true);
            process.destroyForcibly();
        }
    }

    private static boolean read(Process process, Consumer<String> output) {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.accept(line);
            }
            return true;
        } catch (IOException e) {
            // The stream of a process that was ended.
            return false;
        }
    }

    @Override
    public AtTerminal atTerminal(Command command) {
        Map<String, String> environment = environment(command);
        List<String> words = new ArrayList<>(List.of("/usr/bin/env")); // finds programs on the PATH that it is given
        words.addAll(words(command, environment));
        return new AtTerminal(words, environment, true);
    }

    @Override
    public void put(String directory, TarWriter tar) throws IOException {
        boolean givesAway = settings.view() instanceof HostView.Mounted mounted
                ? mounted.givesAway()
                : settings.owner().uid() == 0;
        Process process = tar(List.of(
                "--extract",
                "--file=-",
                "--preserve-permissions",
                "--numeric-owner",
                givesAway ? "--same-owner" : "--no-same-owner",
                "--directory",
                directory));
        try {
            FutureTask<String> said = said(process.getErrorStream());
            try (OutputStream out = process.getOutputStream()) {
                tar.write(out);
            } catch (IOException e) {
                // What tar says is the reason where it went first; else the writer's own.
                process.destroyForcibly();
                throw e;
            }
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException("tar ended with code " + code + ": " + said.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while files were written to " + directory, e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            processes.end(process);
        }
    }

    private Process tar(List<String> arguments) throws IOException {
        List<String> argv = new ArrayList<>(List.of("tar"));
        argv.addAll(arguments);
        Command command = new Command(argv, Map.of("LC_ALL", "C"), "/", false);
        Map<String, String> environment = environment(command);
        return processes.start(words(command, environment), environment, false);
    }

    private static FutureTask<String> said(InputStream errors) {
        FutureTask<String> said =
                new FutureTask<>(() -> LastLines.of(new String(errors.readAllBytes(), StandardCharsets.UTF_8).strip()));
        Thread reader = new Thread(said, "errors of tar");
        reader.setDaemon(true);
        reader.start();
        return said;
    }

    @Override
    public InputStream get(String path) throws IOException {
        if (!Files.exists(onThisMachine(path), LinkOption.NOFOLLOW_LINKS)) {
            throw KubeException.build(
                    "there is no " + path + " in the workspace",
                    "it lies in " + settings.directory().path(),
                    "run kube:sync, or mvn kube:clean to begin anew");
        }
        int slash = path.lastIndexOf('/');
        Process process = tar(List.of(
                "--create",
                "--file=-",
                "--format=pax",
                "--numeric-owner",
                "--directory",
                slash == 0 ? "/" : path.substring(0, slash),
                "--",
                path.substring(slash + 1)));
        process.getOutputStream().close();
        return new TarStream(process, processes, said(process.getErrorStream()));
    }

    @Override
    public Map<String, String> marks(List<String> paths) {
        Map<String, String> marks = new TreeMap<>();
        for (String path : paths) {
            mark(path).ifPresent(mark -> marks.put(path, mark));
        }
        return marks;
    }

    private Optional<String> mark(String path) {
        try {
            Map<String, Object> found = Files.readAttributes(
                    onThisMachine(path), "unix:size,mode,ino,ctime,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
            return Optional.of(new TreeMap<>(found).toString());
        } catch (IOException e) {
            // What is missing has none.
            return Optional.empty();
        }
    }

    private Path onThisMachine(String path) {
        return settings.view().onThisMachine(settings.directory(), path);
    }

    /** Ends every command. */
    @Override
    public void close() {
        processes.close();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT, "host workspace in %s", settings.directory().path());
    }
}
