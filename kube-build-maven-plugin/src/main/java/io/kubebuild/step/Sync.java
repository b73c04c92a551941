package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.StepName;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.sync.SyncRequest;
import io.kubebuild.sync.SyncResult;
import io.kubebuild.sync.Transport;
import io.kubebuild.workspace.Workspace;
import java.util.Optional;

/**
 * Brings the sources into the workspace ({@code kube::build::ensure_data_container} and {@code
 * kube::build::sync_to_container}, build/common.sh).
 */
final class Sync implements Step {

    private static final String RECORD = "sync";
    /** The same as the record, where nothing has been generated in the workspace since. */
    private static final String BARE = "nothing-generated";

    private static final String STARTING = "starting the build container";

    /**
     * What a sync left.
     *
     * @param snapshot id of the sources
     * @param dataContainer id of the data container that has them
     * @param image id of the build image
     */
    record Synced(String snapshot, String dataContainer, String image) {}

    @Override
    public StepName name() {
        return StepName.SYNC;
    }

    static Synced synced(BuildContext context) {
        return Steps.read(context, context.ofWorkspace(RECORD), Synced.class, StepName.SYNC);
    }

    /** The snapshot that the workspace holds. */
    static SourceSnapshot snapshot(BuildContext context) {
        return context.snapshots()
                .read()
                .orElseThrow(() ->
                        KubeException.user("the record of the sources in the workspace is gone", "", "run kube:sync"));
    }

    /** Whether these very sources lie in the data container that stands. */
    @Override
    public boolean stands(BuildContext context) throws InterruptedException {
        Optional<Synced> record = context.state().read(context.ofWorkspace(RECORD), Synced.class);
        Optional<SourceSnapshot> previous = context.snapshots().read();
        return record.isPresent()
                && previous.isPresent()
                && context.premises().keeps(record.get().dataContainer())
                && record.get().image().equals(context.premises().image())
                && context.look().now(previous).id().equals(record.get().snapshot())
                // Upstream's scripts may have brought other sources there since.
                && new Transports(context)
                        .chosen()
                        .holds(
                                previous.get(),
                                context.inward(),
                                Workspaces.open(context, record.get().dataContainer()));
    }

    @Override
    public Outcome run(BuildContext context) throws InterruptedException {
        String image = context.premises().image();
        Transport transport = new Transports(context).chosen();
        String container = context.premises().ensureStore();
        Workspace workspace = Workspaces.open(context, container);
        if (context.forces(StepName.SYNC)) {
            transport.forget(workspace);
        }
        transport.begin(workspace);
        Optional<SourceSnapshot> previous = context.forces(StepName.SYNC)
                ? Optional.empty()
                : context.snapshots().read();
        if (previous.isEmpty()) {
            // What lies there will have to be listed.
            Ahead.start(STARTING, workspace::prepare);
        }
        SourceSnapshot current = context.look().now(previous);
        boolean changed = previous.isPresent() && !previous.get().id().equals(current.id());
        if (changed && context.goesBeyond(StepName.SYNC)) {
            Ahead.start(STARTING, workspace::prepare);
        }
        Synced synced = new Synced(current.id(), container, image);
        Optional<Generated.Made> generated = Generated.outliving(context, synced, previous, current);
        boolean bare = isBare(context, previous);
        Steps.forget(context, context.ofWorkspace(RECORD));
        forgetBare(context);
        Generated.forget(context);
        Optional<Workspaces.VersionFile> version = Workspaces.forgetVersionFile(context);
        SyncResult result = transport.sync(
                new SyncRequest(
                        SentGit.rootOf(context, current),
                        context.inward(),
                        current,
                        previous,
                        generated.isEmpty() && !bare),
                workspace);
        if (result.kind() != SyncResult.Kind.FULL && result.deletions() == 0) {
            Workspaces.keepVersionFile(context, version);
        }
        if (result.kind() != SyncResult.Kind.NOTHING) {
            // Where these sources stay, a compile brings the version, if that is another one.
            Workspaces.putVersionFile(context, workspace);
        }
        context.snapshots().write(current);
        if (generated.isPresent() && result.kind() != SyncResult.Kind.FULL) {
            Generated.keep(context, generated.get());
        }
        if (generated.isEmpty()) {
            Steps.write(context, context.ofWorkspace(BARE), synced);
        }
        Steps.write(context, context.ofWorkspace(RECORD), synced);
        return outcome(context, result, previous, current);
    }

    /** Before commands that may generate. Returns whether nothing had been generated until now. */
    static boolean forgetBare(BuildContext context) {
        boolean bare = context.state()
                .read(context.ofWorkspace(BARE), Synced.class)
                .equals(context.state().read(context.ofWorkspace(RECORD), Synced.class));
        Steps.forget(context, context.ofWorkspace(BARE));
        return bare;
    }

    /** After they turned out to have generated nothing. */
    static void keepBare(BuildContext context) {
        Steps.write(context, context.ofWorkspace(BARE), synced(context));
    }

    /** Whether the last sync left no generated source and nothing has run in the workspace since: there is none to look for. */
    private static boolean isBare(BuildContext context, Optional<SourceSnapshot> previous) {
        Optional<Synced> last = context.state().read(context.ofWorkspace(RECORD), Synced.class);
        return last.isPresent()
                && last.equals(context.state().read(context.ofWorkspace(BARE), Synced.class))
                && previous.map(SourceSnapshot::id).equals(last.map(Synced::snapshot))
                && !context.forces(StepName.SYNC);
    }

    private static Outcome outcome(
            BuildContext context, SyncResult result, Optional<SourceSnapshot> previous, SourceSnapshot current) {
        previous.map(current::changedSince)
                .filter(changed -> !changed.isEmpty() && result.kind() == SyncResult.Kind.DELTA)
                .ifPresent(changed -> context.listener().on(new BuildListener.Listing("Changed sources", changed)));
        if (result.kind() == SyncResult.Kind.NOTHING) {
            return new Outcome.UpToDate(current.entries().size() + " source files");
        }
        context.because(StepName.SYNC, context.forces(StepName.SYNC) ? Steps.FORCED : result.reason());
        if (new Transports(context).bound()) {
            return new Outcome.Done("nothing to send, the workspace has the tree itself");
        }
        return new Outcome.Done(result.filesSent() + " files sent (" + result.bytesSent() / 1_000_000 + " MB), "
                + result.deletions() + " deleted");
    }
}
