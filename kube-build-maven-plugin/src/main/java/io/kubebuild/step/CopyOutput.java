package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.sync.CopyOut;
import io.kubebuild.sync.CopyRequest;
import io.kubebuild.sync.CopyResult;
import io.kubebuild.sync.FilterRules;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Brings binaries and generated sources back ({@code kube::build::copy_output}, build/common.sh). */
final class CopyOutput implements Step {

    /**
     * What a copy left.
     *
     * @param compiled the compile that it came from
     * @param files stats of the binaries and the generated sources on the host, by path
     */
    record Copied(CrossCompile.Compiled compiled, Map<String, String> files) {}

    @Override
    public StepName name() {
        return StepName.COPY_OUTPUT;
    }

    private static String record(BuildContext context) {
        return new Planner(context).kind() + "-copied";
    }

    /** Where a binary lies on the host. */
    static Path binary(BuildContext context, PromisedOutput output) {
        return context.output().resolve(relative(output));
    }

    private static String relative(PromisedOutput output) {
        String file = output.placedPath().substring(output.placedPath().lastIndexOf('/') + 1);
        return "dockerized/bin/" + output.platform() + "/" + file;
    }

    static List<Path> binaries(BuildContext context) {
        return CrossCompile.compiled(context).outputs().stream()
                .map(output -> binary(context, output))
                .sorted()
                .toList();
    }

    /** Everything that a copy leaves behind. */
    private static List<Path> left(BuildContext context) throws IOException {
        List<Path> files = new ArrayList<>(binaries(context));
        if (Files.isWritable(context.tree().path())) {
            files.addAll(GeneratedOnHost.in(context));
        }
        return files;
    }

    @Override
    public boolean stands(BuildContext context) {
        Optional<Copied> copied = context.state().read(record(context), Copied.class);
        try {
            return copied.isPresent()
                    && copied.get().compiled().equals(CrossCompile.compiled(context))
                    && copied.get().files().equals(HostFiles.of(left(context)));
        } catch (IOException e) {
            context.listener().on(new BuildListener.Detail("binaries on the host cannot be looked at: " + e));
            return false;
        }
    }

    @Override
    public Outcome run(BuildContext context) throws InterruptedException {
        CrossCompile.Compiled compiled = CrossCompile.compiled(context);
        if (!context.request().force() && stands(context)) {
            return new Outcome.UpToDate(compiled.outputs().size() + " binaries");
        }
        Steps.forget(context, record(context));
        Workspace workspace = Workspaces.open(context, compiled.synced().dataContainer());
        List<CopyRequest.Binary> wanted = compiled.outputs().stream()
                .map(output -> new CopyRequest.Binary(output.placedPath(), relative(output)))
                .toList();
        CopyResult result =
                copyOut(context).copy(new CopyRequest(context.output(), wanted, generated(context)), workspace);
        try {
            Steps.write(context, record(context), new Copied(compiled, HostFiles.of(left(context))));
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
        return result.changed().isEmpty()
                ? new Outcome.UpToDate(result.unchanged() + " files")
                : new Outcome.Done(result.changed().size() + " files copied, " + result.unchanged() + " stood");
    }

    /**
     * Takes down the binaries as they are now, after packaging has linked them into its stage, which moves the time of their last
     * status change; for whoever has seen them stand before.
     */
    static void renew(BuildContext context) throws IOException {
        Copied copied = Steps.read(context, record(context), Copied.class, StepName.COPY_OUTPUT);
        copyOut(context).renew(copied.compiled().synced().dataContainer(), binaries(context));
        Steps.write(context, record(context), new Copied(copied.compiled(), HostFiles.of(left(context))));
    }

    private static CopyOut copyOut(BuildContext context) {
        return new CopyOut(context.state().file("copy-record.json"), context.listener());
    }

    /** Generated sources come back as upstream brings them; with a tree that is read-only they stay in the workspace. */
    private static Optional<CopyRequest.Generated> generated(BuildContext context) {
        if (!Files.isWritable(context.tree().path())) {
            return Optional.empty();
        }
        return Optional.of(new CopyRequest.Generated(
                context.tree().path(),
                FilterRules.generatedOutward(context.tree().commonScript()),
                context.inward(),
                Sync.snapshot(context)));
    }
}
