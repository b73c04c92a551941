package io.kubebuild.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A Maven process in a directory of its own; told word by word, then run. */
public final class MavenBuild {

    private final Path directory;
    private Maven maven = Maven.MAVEN_3_8;
    private Path repository = Bench.directory("it.repository");
    private final List<String> arguments = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private boolean terminal;
    private String before = "";

    private MavenBuild(Path directory) {
        this.directory = directory;
    }

    public static MavenBuild in(Path directory) {
        return new MavenBuild(directory);
    }

    public MavenBuild with(Maven which) {
        maven = which;
        return this;
    }

    /** Another local repository than that of all tests. */
    public MavenBuild repository(Path local) {
        repository = local;
        return this;
    }

    /** A goal of the plugin by its prefix, as users call it: settings.xml names the plugin's group. */
    public MavenBuild goal(String name) {
        return run("kube:" + name);
    }

    /** Phases, goals and options, as on the command line. */
    public MavenBuild run(String... words) {
        arguments.addAll(List.of(words));
        return this;
    }

    public MavenBuild parameter(String property, String value) {
        return run("-D" + property + "=" + value);
    }

    public MavenBuild environment(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Has a shell say this before it becomes Maven: a umask, a limit. */
    public MavenBuild after(String shellCommand) {
        before = shellCommand;
        return this;
    }

    /** Gives it a terminal, of util-linux's script: what is typed there comes by {@link RunningBuild#types}. */
    public MavenBuild atTerminal() {
        terminal = true;
        return this;
    }

    /** Runs it to its end. */
    public MavenResult execute() {
        try (RunningBuild running = start()) {
            return running.result();
        }
    }

    /** Starts it. */
    public RunningBuild start() {
        if (repository.equals(Bench.directory("it.repository"))) {
            PluginProject.ensurePrefix();
        }
        try {
            Path log = Files.createTempFile(Files.createDirectories(Bench.directory("it.work")), "build-", ".log");
            ProcessBuilder builder = new ProcessBuilder(command())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // A variable of the machine must not decide what is tested.
            builder.environment().keySet().removeIf(MavenBuild::steersTheBuild);
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            // Most builds here take seconds, in which a JVM that compiles less is done before another has warmed up.
            builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");
            builder.environment().putAll(environment);
            return new RunningBuild(builder.start(), log, String.join(" ", command()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean steersTheBuild(String variable) {
        return variable.startsWith("KUBE")
                || variable.startsWith("MAVEN_")
                || variable.startsWith("GO")
                || List.of("FORCE_HOST_GO", "WHAT", "OUT_DIR", "SOURCE_DATE_EPOCH")
                        .contains(variable);
    }

    private List<String> command() {
        if (terminal) {
            return List.of("script", "-qec", "'" + String.join("' '", maven()) + "'", "/dev/null");
        }
        if (before.isEmpty()) {
            return maven();
        }
        List<String> command = new ArrayList<>(List.of("bash", "-c", before + " && exec \"$@\"", "bash"));
        command.addAll(maven());
        return command;
    }

    private List<String> maven() {
        List<String> command =
                new ArrayList<>(List.of(maven.home().resolve("bin/mvn").toString()));
        command.addAll(words());
        return command;
    }

    /** What it is told. */
    List<String> words() {
        List<String> words = new ArrayList<>(List.of(
                "-B",
                "-ntp",
                "-Dmaven.repo.local=" + repository,
                maven.globalSettings(),
                Bench.directory("it.projects").resolve("settings.xml").toString(),
                "-Dstyle.color=never"));
        words.addAll(arguments);
        return words;
    }
}
