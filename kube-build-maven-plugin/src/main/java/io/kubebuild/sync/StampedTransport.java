package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * What the transports that send sources have in common: the stamp tells which snapshot the workspace holds, what is different is
 * sent, and what the sources do not have is deleted. Where the stamp is not the one expected, the workspace's contents are listed,
 * compared and everything is sent. How files travel is what they differ in.
 */
abstract class StampedTransport implements Transport {

    private final BuildListener listener;
    private @Nullable FutureTask<String> early;

    StampedTransport(BuildListener listener) {
        this.listener = listener;
    }

    /**
     * What was sent.
     *
     * @param files files and links
     * @param bytes their content
     */
    record Sent(int files, long bytes) {}

    /**
     * Brings entries into the workspace, each directory before what is in it, and then the stamp, which is void until everything is
     * there. What is in the way has been deleted.
     */
    abstract Sent carry(SyncRequest request, List<SourceEntry> entries, String stamp, Workspace workspace)
            throws IOException, InterruptedException;

    /** Asking an engine for the stamp takes it a third of a second. */
    @Override
    public final void begin(Workspace workspace) {
        early = new FutureTask<>(() -> SourceStamp.read(workspace));
        Thread thread = new Thread(early, "kube-build: reading the stamp");
        thread.setDaemon(true);
        thread.start();
    }

    private String found(Workspace workspace) throws InterruptedException {
        FutureTask<String> begun = early;
        early = null;
        try {
            return begun == null ? SourceStamp.read(workspace) : begun.get();
        } catch (ExecutionException e) {
            // It is met again, in its place.
            return SourceStamp.read(workspace);
        }
    }

    @Override
    public final SyncResult sync(SyncRequest request, Workspace workspace) throws InterruptedException {
        Owner owner = workspace.owner();
        String wanted = SourceStamp.of(request.current(), request.rules(), owner);
        String found = found(workspace);
        boolean same = found.equals(wanted);
        if (same && !request.dropGenerated()) {
            return new SyncResult(SyncResult.Kind.NOTHING, "the workspace holds these sources", 0, 0, 0);
        }
        Optional<SourceSnapshot> held = request.held(found, owner);
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            Difference difference = difference(request, held, workspace, scratch);
            delete(difference, scratch);
            Sent sent = carry(request, difference.send(), wanted, workspace);
            SyncResult result = new SyncResult(
                    held.isPresent() ? SyncResult.Kind.DELTA : SyncResult.Kind.FULL,
                    request.reason(held, found),
                    sent.files(),
                    sent.bytes(),
                    difference.deletions());
            listener.on(new BuildListener.Detail("sync: " + result));
            return result;
        } catch (IOException e) {
            throw SourceStamp.failed(workspace, e);
        }
    }

    @Override
    public final boolean holds(SourceSnapshot snapshot, FilterRules rules, Workspace workspace)
            throws InterruptedException {
        return SourceStamp.read(workspace).equals(SourceStamp.of(snapshot, rules, workspace.owner()));
    }

    private static Difference difference(
            SyncRequest request, Optional<SourceSnapshot> held, Workspace workspace, WorkspaceScratch scratch)
            throws IOException, InterruptedException {
        FilterRules rules = request.rules();
        SourceSnapshot current = request.current();
        if (held.isEmpty()) {
            Listing all = Listing.ofTree(workspace, scratch, rules.shelteredDirectories());
            return Difference.full(current, all.found(), rules);
        }
        List<String> gone = Difference.goneDirectories(current, held.get());
        List<Listing.Found> found = new ArrayList<>();
        if (request.dropGenerated()) {
            found.addAll(Listing.ofTree(workspace, scratch, rules.shelteredDirectories())
                    .found());
        } else if (!gone.isEmpty()) {
            // Generated files may be in them that no snapshot knows.
            found.addAll(Listing.below(workspace, scratch, gone).found());
        }
        return Difference.delta(current, held.get(), found, rules);
    }

    private static void delete(Difference difference, WorkspaceScratch scratch)
            throws IOException, InterruptedException {
        if (difference.deletions() == 0) {
            // Sending begins by making the stamp void, and nothing need run in the workspace.
            return;
        }
        scratch.putLists(Map.of(
                "files", dotted(difference.remove()),
                "directories", dotted(difference.removeDirectories())));
        scratch.run(
                "deleting what the sources do not have",
                "rm -f -- " + SourceStamp.NAME + " && xargs -0 -r rm -f -- < \"$1\" && xargs -0 -r rmdir -- < \"$2\"",
                List.of(scratch.path("files"), scratch.path("directories")));
    }

    private static List<String> dotted(List<String> paths) {
        return paths.stream().map(path -> "./" + path).toList();
    }
}
