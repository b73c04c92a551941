package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.problem.KubeException;
import io.kubebuild.sync.BuiltBinaries;
import io.kubebuild.sync.CopyRequest;
import io.kubebuild.sync.CopyResult;
import io.kubebuild.sync.SourceGuard;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs a command of the user's in the build container, on the current sources ({@code build/run.sh}, {@code
 * kube::build::run_build_command}).
 */
final class UserCommand {

    private static final String NAME = "run";

    private final BuildContext context;

    /** The sync stands. */
    UserCommand(BuildContext context) {
        this.context = context;
    }

    /**
     * Runs it in the tree's root, by bash.
     *
     * @param copiesOut whether what it built comes back afterwards, as {@code kube::build::copy_output} brings it; after a failure
     *     nothing does
     * @throws KubeException where it ends with another code than 0
     */
    void run(String command, boolean copiesOut) throws InterruptedException {
        Sync.Synced synced = Sync.synced(context);
        Workspace workspace = Workspaces.open(context, synced.dataContainer());
        long start = System.nanoTime();
        context.listener().on(new BuildListener.StepStarted(NAME));
        generate(workspace, synced);
        int code = guarded(
                context,
                workspace,
                () -> workspace.run(
                        bash("-c", command), line -> context.listener().on(new BuildListener.Printed(line))));
        if (code != 0) {
            throw KubeException.build(
                    "the command ended with exit code " + ExitCode.inWords(code) + ": " + command,
                    "",
                    ExitCode.fix(code, "see above what it printed") + "; nothing was copied out");
        }
        String copied = copiesOut ? copyOut(workspace) : "nothing copied out";
        context.listener()
                .on(new BuildListener.StepEnded(
                        NAME, new Outcome.Done("exit code 0, " + copied), Duration.ofNanos(System.nanoTime() - start)));
    }

    /** Where that fails, the command is perhaps how the user finds out why. */
    private void generate(Workspace workspace, Sync.Synced synced) throws InterruptedException {
        try {
            Generated.ensureForCommands(context, workspace, synced);
        } catch (KubeException e) {
            context.listener()
                    .on(new BuildListener.Warning("the command runs without them: "
                            + e.problems().get(0).what()));
        }
    }

    /**
     * Gives a person a shell there ({@code build/shell.sh}). How the shell ends does not matter.
     *
     * @param terminal which is there
     */
    void shell(Terminal terminal, boolean copiesOut) throws InterruptedException {
        Workspace workspace = Workspaces.open(context, Sync.synced(context).dataContainer());
        context.listener().on(new BuildListener.Fact("shell", "in the build container; exit ends it"));
        int code = guarded(context, workspace, () -> terminal.run(workspace.atTerminal(bash())));
        context.listener().on(new BuildListener.Fact("shell", "ended with exit code " + code));
        if (copiesOut) {
            context.listener().on(new BuildListener.Fact("shell", copyOut(workspace)));
        }
    }

    private Command bash(String... arguments) {
        List<String> argv = new ArrayList<>(List.of("bash"));
        argv.addAll(List.of(arguments));
        return new Command(argv, Map.of(), context.root(), false);
    }

    /** What may change anything in the workspace; returns an exit code. */
    @FunctionalInterface
    interface Foreign {
        int run() throws InterruptedException;
    }

    /** Runs it, and sees to it that the next build does not believe what is no longer so. */
    static int guarded(BuildContext context, Workspace workspace, Foreign foreign) throws InterruptedException {
        SourceGuard guard = SourceGuard.before(workspace);
        boolean bare = Sync.forgetBare(context);
        Workspaces.putVersionFile(context, workspace);
        Workspaces.forgetVersionFile(context);
        int code = foreign.run();
        if (!guard.untouched()) {
            Generated.forget(context);
        } else if (bare) {
            Sync.keepBare(context);
        }
        Planner.forgetHomeless(context, workspace);
        return code;
    }

    private String copyOut(Workspace workspace) throws InterruptedException {
        try {
            List<CopyRequest.Binary> binaries = BuiltBinaries.in(workspace);
            CopyResult result = CopyOutput.copyOut(context)
                    .copy(new CopyRequest(context.output(), binaries, CopyOutput.generated(context)), workspace);
            return result.changed().size() + " files copied out, " + result.unchanged() + " stood";
        } catch (IOException e) {
            throw KubeException.build(
                    "the workspace could not be looked at", e.toString(), "check the engine, then run again", e);
        }
    }
}
