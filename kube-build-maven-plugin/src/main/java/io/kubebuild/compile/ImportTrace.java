package io.kubebuild.compile;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.plan.CompileJob;
import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.plan.Toolchain;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Has the go commands of a compile tell which packages each output is made of. That changes no output: the flag is no input of any of
 * go's actions. Where go does not tell, nothing is known, and nothing else happens.
 */
final class ImportTrace {

    private static final String FLAG = "-debug-actiongraph=";

    private static final int FIRST_GO_WITH_FLAG = 10;

    /** Flags that bring in files which are in no package's directory. */
    private static final Pattern READS_MORE = Pattern.compile("--?(overlay|modfile|pgo|toolexec)(=.*)?");

    private final Workspace workspace;
    private final BuildListener listener;
    private final boolean possible;
    private final String directory;
    private final Map<CompileJob, String> files = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> packages = new ConcurrentHashMap<>();

    private ImportTrace(Workspace workspace, BuildListener listener, boolean possible) {
        this.workspace = workspace;
        this.listener = listener;
        this.possible = possible;
        this.directory = workspace.root() + "/_output/kube-trace-"
                + UUID.randomUUID().toString().substring(0, 8);
    }

    /** Prepares; {@link #end} cleans up. */
    static ImportTrace begin(Plan plan, Workspace workspace, BuildListener listener) throws InterruptedException {
        boolean possible = !plan.jobs().isEmpty()
                && knowsFlag(plan.toolchain(), plan.jobs().get(0).command(), workspace);
        ImportTrace trace = new ImportTrace(workspace, listener, possible);
        if (possible) {
            workspace.run(Command.in(workspace.root(), Map.of(), "mkdir", "-p", trace.directory), line -> {});
        }
        return trace;
    }

    private static boolean knowsFlag(Toolchain toolchain, GoCommand command, Workspace workspace)
            throws InterruptedException {
        if (toolchain.minor().isPresent()) {
            return toolchain.minor().getAsInt() >= FIRST_GO_WITH_FLAG;
        }
        List<String> question = List.of("go", "list", FLAG + "/dev/null", "unsafe");
        return workspace.run(new Command(question, command.environment(), command.directory(), true), line -> {}) == 0;
    }

    /** The command to run instead of a job's own. */
    GoCommand asking(CompileJob job, GoCommand command) {
        Stream<String> words = Stream.concat(
                command.flags().stream(),
                Stream.of(command.variable("GOFLAGS").orElse("").split("\\s+", -1)));
        if (!possible || words.anyMatch(word -> READS_MORE.matcher(word).matches())) {
            return command;
        }
        String file = directory + "/" + UUID.randomUUID() + ".json";
        files.put(job, file);
        return command.withFlag(FLAG + file);
    }

    /** After the job's command. */
    void read(CompileJob job) {
        String file = files.get(job);
        if (file == null) {
            return;
        }
        try (InputStream stream = workspace.get(file);
                ForeignTar tar = new ForeignTar(stream, ArchiveLimits.ANSWER)) {
            if (tar.next().isEmpty()) {
                throw new IOException(file + " is not there");
            }
            ActionGraph graph = ActionGraph.read(tar);
            for (PromisedOutput output : job.outputs()) {
                Optional<Set<String>> found =
                        job.outputs().size() == 1 ? Optional.of(graph.packages()) : graph.packagesOf(output.path());
                found.ifPresent(paths -> packages.put(output.placedPath(), paths));
            }
        } catch (IOException e) {
            listener.on(
                    new BuildListener.Detail("what " + job.title() + " is made of remains unknown: " + e.getMessage()));
        }
    }

    /** Import paths by the placed paths of the outputs that they make up; without outputs of which go did not tell. */
    Map<String, Set<String>> packages() {
        return Map.copyOf(packages);
    }

    /** Removes what lies in the workspace. */
    void end() throws InterruptedException {
        // After an interruption the workspace is about to be closed; what is left is small and lies below _output.
        if (possible && !Thread.currentThread().isInterrupted()) {
            workspace.run(Command.in(workspace.root(), Map.of(), "rm", "-rf", directory), line -> {});
        }
    }
}
