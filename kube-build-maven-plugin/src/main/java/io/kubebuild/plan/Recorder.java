package io.kubebuild.plan;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.problem.Shown;
import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * Has the tree's own scripts plan a build: they run with a recording go first on PATH, which writes down each compile of a
 * requested target instead of doing it. Takes seconds; changes nothing in the tree.
 */
public final class Recorder {

    /** An environment, or a list of files; the whole of Kubernetes has 200 kB of each. */
    private static final int MOST_BYTES = 8 << 20;

    /** All platforms and targets of Kubernetes are about 300. */
    private static final int MOST_RECORDS = 10_000;

    /**
     * Asks for certain targets. The script behind it in trees to v1.3 ({@code hack/build-go.sh}) takes several platforms for one, so it
     * gets one at a time.
     */
    private static final String MAKE_ALL = """
            if [ -e hack/make-rules/build.sh ]; then exec make all "WHAT=$1"; fi
            for platform in ${KUBE_BUILD_PLATFORMS:-''}; do
              KUBE_BUILD_PLATFORMS=${platform} make all "WHAT=$1" || exit
            done""";

    /** What scripts to v1.26 generate on their way to a compile ({@code hack/generate-bindata.sh} and the like). */
    private static final Pattern GENERATED = Pattern.compile(".*/(zz_generated\\.[^/]*|bindata\\.go|generated)");

    /** What tools leave at the root of a tree whose scripts say that it is their HOME: caches, telemetry, settings. */
    private static final Pattern LITTER = Pattern.compile("/\\.(cache|config|local)(/.*)?");

    /**
     * Records. Throws a {@link KubeException} where the scripts fail, where the tree does not come out of it unchanged, or
     * where nothing at all was recorded.
     *
     * @param output called with each line that the scripts print
     */
    public Recording record(Workspace workspace, RecordRequest request, Consumer<String> output)
            throws InterruptedException, IOException {
        String directory = workspace.root() + "/_output/kube-record-"
                + UUID.randomUUID().toString().substring(0, 8);
        try {
            run(workspace, List.of("mkdir", "-p", directory + "/result"), Map.of(), output, "prepare the recording");
            List<Target> targets = request.requested().stream()
                    .map(RequestedOutput::target)
                    .distinct()
                    .toList();
            workspace.put(directory, new RecordingTools(targets, workspace.owner()));
            run(
                    workspace,
                    command(workspace, request, directory),
                    environment(workspace, request),
                    output,
                    "plan the build");
            return read(workspace, request, directory);
        } finally {
            removeQuietly(workspace, directory);
        }
    }

    /** The variables under which the tree's scripts record and, through the records, compile. */
    public static Map<String, String> environment(Workspace workspace, RecordRequest request)
            throws InterruptedException {
        Map<String, String> variables = new TreeMap<>(request.environment());
        // From v1.27 scripts fetch another Go where the one on PATH is not the one of .go-version, past the recorder.
        variables.putIfAbsent("GOTOOLCHAIN", "local");
        variables.putIfAbsent("FORCE_HOST_GO", "y");
        // From v1.27 to v1.32 scripts build a tool from the network to find this number.
        variables.putIfAbsent(
                "GOMAXPROCS", String.valueOf(Math.max(1, workspace.capacity().cpus())));
        return variables;
    }

    private static List<String> command(Workspace workspace, RecordRequest request, String directory) {
        List<String> argv = new ArrayList<>(List.of("sh", directory + "/record.sh", directory, workspace.root()));
        if (request.mode() instanceof RecordRequest.Mode.What what) {
            argv.addAll(List.of("bash", "-c", MAKE_ALL, "make-all", String.join(" ", what.targets())));
        } else {
            argv.addAll(
                    List.of(
                            "bash",
                            "-c",
                            "script=hack/make-rules/cross.sh; [ -e $script ] || script=hack/build-cross.sh; exec bash $script"));
        }
        return argv;
    }

    private static void run(
            Workspace workspace,
            List<String> argv,
            Map<String, String> environment,
            Consumer<String> output,
            String purpose)
            throws InterruptedException {
        LastLines last = LastLines.ofScript();
        int exit = workspace.run(new Command(argv, environment, workspace.root(), false), last.andThen(output));
        if (exit != 0) {
            String lines = last.text();
            throw KubeException.build(
                    "The tree's scripts could not " + purpose + " (exit code " + ExitCode.inWords(exit) + ")",
                    lines,
                    ExitCode.fix(exit, fix(lines)));
        }
    }

    private static String fix(String lines) {
        if (lines.contains("Kubernetes requires go")) {
            return "use the cross image of this tree's version: the Go in it is older than the tree asks for";
        }
        return "see the lines above; the same script can be tried by hand in the tree: hack/make-rules/cross.sh";
    }

    private static Recording read(Workspace workspace, RecordRequest request, String directory) throws IOException {
        RecordFile format = new RecordFile(directory + "/bin");
        Map<String, GoCommand> commands = new TreeMap<>();
        List<String> toolchain = List.of();
        List<String> changed = List.of();
        try (InputStream stream = workspace.get(directory + "/result");
                ForeignTar tar = new ForeignTar(stream, ArchiveLimits.ANSWER)) {
            for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                TarArchiveEntry entry = next.get();
                if (!entry.isFile()) {
                    continue;
                }
                byte[] bytes = tar.content(MOST_BYTES);
                if (entry.getName().startsWith("result/records/")) {
                    if (commands.size() == MOST_RECORDS) {
                        throw new IOException("the tree's scripts recorded more than " + MOST_RECORDS + " compiles");
                    }
                    commands.put(entry.getName(), parsed(format, entry.getName(), bytes));
                } else if (entry.getName().equals("result/toolchain")) {
                    toolchain = text(bytes).lines().toList();
                } else if (entry.getName().equals("result/changed")) {
                    changed = text(bytes)
                            .lines()
                            .filter(path -> !isGenerated(path) && !isLitter(workspace, path))
                            .toList();
                }
            }
        }
        refuseChanges(changed);
        return new Recording(request, workspace.root(), toolchain(toolchain), List.copyOf(commands.values()));
    }

    private static Toolchain toolchain(List<String> said) {
        Optional<Platform> platform =
                said.size() < 4 ? Optional.empty() : Platform.parse(said.get(0) + "/" + said.get(1));
        if (platform.isEmpty()) {
            throw KubeException.build(
                    "The workspace's go does not say what it is", LastLines.of(said), "check the cross image's go");
        }
        return new Toolchain(platform.get(), said.get(2), said.get(3));
    }

    private static GoCommand parsed(RecordFile format, String name, byte[] bytes) {
        try {
            return format.parse(bytes);
        } catch (IllegalArgumentException e) {
            throw KubeException.build(
                    "What the tree's scripts compile was not recorded as it should be: " + Shown.name(name),
                    String.valueOf(e.getMessage()),
                    "look for what in the tree writes into this directory, or build without recording: -Dkube.compiler=make",
                    e);
        }
    }

    private static boolean isGenerated(String path) {
        return GENERATED.matcher(path).matches();
    }

    private static boolean isLitter(Workspace workspace, String path) {
        return path.startsWith(workspace.root())
                && LITTER.matcher(path.substring(workspace.root().length())).matches();
    }

    private static void refuseChanges(List<String> changed) {
        if (!changed.isEmpty()) {
            throw KubeException.build(
                    "Planning the build changed the tree: " + Shown.names(changed),
                    "a script of the tree writes sources before it compiles, or somebody edited them meanwhile",
                    "run again; if it happens again, build without recording: -Dkube.compiler=make");
        }
    }

    private static void removeQuietly(Workspace workspace, String directory) throws InterruptedException {
        // After an interruption the workspace is about to be closed; what is left is small and lies below _output.
        if (!Thread.currentThread().isInterrupted()) {
            workspace.run(Command.in(workspace.root(), Map.of(), "rm", "-rf", directory), line -> {});
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
