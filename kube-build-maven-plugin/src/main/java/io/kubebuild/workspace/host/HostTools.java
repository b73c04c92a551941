package io.kubebuild.workspace.host;

import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs of this machine that a build needs. They are looked for in the system's directories only: what a user has put before them on
 * PATH would make a build one that nobody else can repeat.
 *
 * @param directories that commands find programs in
 */
public record HostTools(List<Path> directories) {

    private static final List<String> SYSTEM =
            List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

    /** Where Homebrew puts GNU's programs under their own names; those of macOS are others. */
    private static final List<String> GNU_OF_HOMEBREW =
            List.of("coreutils", "findutils", "gnu-sed", "gnu-tar", "grep", "gawk", "make");

    /** What upstream's scripts call, and this plugin's, with the package of Debian that has it. */
    private static final Map<String, String> NEEDED = Map.ofEntries(
            Map.entry("make", "make"),
            Map.entry("tar", "tar"),
            Map.entry("sed", "sed"),
            Map.entry("grep", "grep"),
            Map.entry("awk", "gawk"),
            Map.entry("find", "findutils"),
            Map.entry("xargs", "findutils"),
            Map.entry("diff", "diffutils"),
            Map.entry("cmp", "diffutils"),
            Map.entry("stat", "coreutils"),
            Map.entry("sha256sum", "coreutils"),
            Map.entry("od", "coreutils"));

    private static final Pattern BASH_VERSION = Pattern.compile("GNU bash, version ([0-9]+)\\.([0-9]+).*");

    /** Upstream's scripts ask for 4.2 ({@code kube::util::require-bash} and others in hack/). */
    private static final int LEAST_BASH = 402;

    public HostTools {
        directories = List.copyOf(directories);
    }

    /** Those of this machine. */
    public static HostTools ofThisMachine() {
        Stream<String> homebrew = Stream.of("/opt/homebrew", "/usr/local")
                .filter(prefix ->
                        Files.isDirectory(Path.of(prefix, "opt")) && Files.isExecutable(Path.of(prefix, "bin/brew")))
                .flatMap(prefix -> Stream.concat(
                        GNU_OF_HOMEBREW.stream().map(name -> prefix + "/opt/" + name + "/libexec/gnubin"),
                        Stream.of(prefix + "/bin")));
        return new HostTools(
                Stream.concat(homebrew, SYSTEM.stream()).map(Path::of).toList());
    }

    /**
     * What a program said.
     *
     * @param lines of output and errors together
     */
    public record Answer(int exitCode, List<String> lines) {
        public Answer {
            lines = List.copyOf(lines);
        }
    }

    /** PATH of commands. */
    public String path() {
        return directories.stream().map(Path::toString).collect(Collectors.joining(":"));
    }

    /** A program by its name. */
    public Optional<Path> find(String program) {
        return directories.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Optional<Path> unshare() {
        return Files.isDirectory(Path.of("/proc/self/ns")) ? find("unshare") : Optional.empty();
    }

    /** A script of this room, as words before its arguments. */
    List<String> bash(String script) {
        String bash = find("bash").map(Path::toString).orElse("/bin/bash");
        return List.of(bash, "-p", "-c", HostView.script(script), "kube");
    }

    /**
     * Runs something small to its end, with these variables and PATH.
     *
     * @param variables besides PATH
     */
    public Answer ask(List<String> argv, Map<String, String> variables) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        builder.directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path());
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
                return new Answer(process.waitFor(), lines);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return new Answer(127, List.of(String.valueOf(e.getMessage())));
        } catch (UncheckedIOException e) {
            return new Answer(127, List.of(String.valueOf(e.getMessage())));
        }
    }

    /** Everything that is missing or too old, each with the way to get it. */
    public List<Problem> missing() throws InterruptedException {
        List<Problem> problems = new ArrayList<>();
        bash().ifPresent(problems::add);
        List<String> absent = NEEDED.keySet().stream()
                .filter(program -> find(program).isEmpty())
                .sorted()
                .toList();
        if (!absent.isEmpty()) {
            problems.add(new Problem(
                    "this machine lacks " + String.join(", ", absent),
                    "the tree's scripts run on the machine itself in the host workspace; looked for in " + path(),
                    "install them; on Debian: apt-get install "
                            + absent.stream()
                                    .map(NEEDED::get)
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(" "))));
        }
        Optional<Path> stat = find("stat");
        if (stat.isPresent()
                && ask(List.of(stat.get().toString(), "--version"), Map.of()).exitCode() != 0) {
            problems.add(new Problem(
                    "stat of this machine (" + stat.get() + ") is not GNU's",
                    "Kubernetes' scripts and this plugin's use GNU's coreutils, findutils, sed and tar",
                    "on macOS: brew install coreutils findutils gnu-sed gnu-tar grep gawk make bash"));
        }
        return problems;
    }

    private Optional<Problem> bash() throws InterruptedException {
        String fix = "install bash 4.2 or newer; on macOS: brew install bash";
        Optional<Path> bash = find("bash");
        if (bash.isEmpty()) {
            return Optional.of(new Problem("this machine lacks bash", "Kubernetes' scripts are written for it", fix));
        }
        String first = ask(List.of(bash.get().toString(), "--version"), Map.of()).lines().stream()
                .findFirst()
                .orElse("");
        Matcher version = BASH_VERSION.matcher(first);
        boolean recent = version.matches()
                && Integer.parseInt(version.group(1)) * 100 + Integer.parseInt(version.group(2)) >= LEAST_BASH;
        return recent
                ? Optional.empty()
                : Optional.of(new Problem(
                        "bash of this machine (" + bash.get() + ") is too old",
                        "it says: " + first + "; macOS brings bash 3.2, and Kubernetes' scripts need 4.2",
                        fix));
    }

    /** The C compiler, by what it says of itself; empty where there is none. */
    public Optional<String> compiler() throws InterruptedException {
        Optional<Path> gcc = find("gcc");
        return gcc.isEmpty()
                ? Optional.empty()
                : ask(List.of(gcc.get().toString(), "--version"), Map.of()).lines().stream()
                        .findFirst();
    }
}
