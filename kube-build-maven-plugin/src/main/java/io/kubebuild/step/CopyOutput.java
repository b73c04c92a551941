package io.kubebuild.step;

import io.kubebuild.event.Outcome;
import io.kubebuild.output.HostFiles;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.request.StepName;
import io.kubebuild.sync.CopyOut;
import io.kubebuild.sync.CopyRequest;
import io.kubebuild.sync.CopyResult;
import io.kubebuild.sync.FilterRules;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Brings binaries and generated sources back ({@code kube::build::copy_output}, build/common.sh). */
final class CopyOutput implements Step {

    /** End of the name of a record. */
    static final String RECORD = "-copied";

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
        return new Planner(context).slot() + RECORD;
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
        return doubt(context).isEmpty();
    }

    /** Why what was copied does not stand; empty where it does. */
    private static Optional<String> doubt(BuildContext context) {
        Optional<Copied> copied = context.state().read(record(context), Copied.class);
        if (copied.isEmpty()) {
            return Optional.of("nothing has been copied yet");
        }
        if (!copied.get().compiled().equals(CrossCompile.compiled(context))) {
            return Optional.of("programs or sources have changed since the last copy");
        }
        try {
            Map<String, String> now = HostFiles.of(copied(context, copied.get()));
            return copied.get().files().equals(now)
                    ? Optional.empty()
                    : Optional.of("a copied file was changed or deleted: "
                            + firstDifference(copied.get().files(), now));
        } catch (IOException e) {
            return Optional.of("files on the host cannot be looked at: " + e);
        }
    }

    /** The files of a copy, without a look at the whole tree where their names need none to be read back. */
    private static List<Path> copied(BuildContext context, Copied copied) throws IOException {
        boolean plain = copied.files().keySet().stream().noneMatch(key -> key.contains("%"));
        return plain ? copied.files().keySet().stream().map(Path::of).toList() : left(context);
    }

    private static String firstDifference(Map<String, String> before, Map<String, String> now) {
        return Stream.concat(before.keySet().stream(), now.keySet().stream())
                .filter(path -> !Objects.equals(before.get(path), now.get(path)))
                .min(Comparator.naturalOrder())
                .orElse("");
    }

    @Override
    public Outcome run(BuildContext context) throws InterruptedException {
        CrossCompile.Compiled compiled = CrossCompile.compiled(context);
        Optional<String> doubt = context.forces(name()) ? Optional.of(Steps.FORCED) : doubt(context);
        if (doubt.isEmpty()) {
            return new Outcome.UpToDate(compiled.outputs().size() + " binaries");
        }
        context.because(name(), doubt.get());
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

    static CopyOut copyOut(BuildContext context) {
        return new CopyOut(context.state().file(context.ofWorkspace("copy-record.json")), context.listener());
    }

    /** Generated sources come back as upstream brings them; with a tree that is read-only they stay in the workspace. */
    static Optional<CopyRequest.Generated> generated(BuildContext context) {
        // Where the tree itself is mounted they are there already.
        if (!Files.isWritable(context.tree().path()) || new Transports(context).bound()) {
            return Optional.empty();
        }
        return Optional.of(new CopyRequest.Generated(
                context.tree().path(),
                FilterRules.generatedOutward(context.tree().commonScript()),
                context.inward(),
                Sync.snapshot(context)));
    }
}
