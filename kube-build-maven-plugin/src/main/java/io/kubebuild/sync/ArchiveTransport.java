package io.kubebuild.sync;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings sources into a workspace as one tar stream.
 *
 * <p>A stamp file in the workspace's source root says which snapshot lies there. It is void before anything is changed and
 * written after everything is; upstream's own sync ({@code rsync --delete}) removes it too. Where it is not the one expected,
 * the workspace's contents are listed, compared and everything is sent.
 */
public final class ArchiveTransport {

    /**
     * Name of the stamp in the source root. With its tilde it is one of those that Kubernetes' .gitignore names: where git is among
     * the sources, go writes into each program whether git finds anything else there than what is committed.
     */
    static final String STAMP = ".kube-build-snapshot~";

    /** Grows when stamps of older plugins must not be believed. */
    private static final String FORMAT = "1";

    private final BuildListener listener;

    public ArchiveTransport(BuildListener listener) {
        this.listener = listener;
    }

    /** Makes the workspace hold the snapshot. */
    public SyncResult sync(SyncRequest request, Workspace workspace) throws InterruptedException {
        Owner owner = workspace.owner();
        String wanted = stamp(request.current(), request.rules(), owner);
        String found = readStamp(workspace);
        boolean same = found.equals(wanted);
        if (same && !request.dropGenerated()) {
            return new SyncResult(SyncResult.Kind.NOTHING, "the workspace holds these sources", 0, 0, 0);
        }
        // The stamp names a snapshot that we know: the current one (and only generated files must go) or the last.
        Optional<SourceSnapshot> held = same
                ? Optional.of(request.current())
                : request.previous().filter(previous -> found.equals(stamp(previous, request.rules(), owner)));
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            Difference difference = difference(request, held, workspace, scratch);
            delete(difference, scratch);
            return send(request, difference, wanted, workspace, held, found);
        } catch (IOException e) {
            throw failed(workspace, e);
        }
    }

    private static KubeException failed(Workspace workspace, IOException e) {
        return KubeException.build(
                "the sources did not reach " + workspace.root() + " in the workspace",
                e.toString(),
                "check the engine and its disk, then run kube:sync again; it sends everything",
                e);
    }

    /** Whether the workspace holds exactly this snapshot, by its stamp; nothing is changed. */
    public boolean holds(SourceSnapshot snapshot, FilterRules rules, Workspace workspace) throws InterruptedException {
        return readStamp(workspace).equals(stamp(snapshot, rules, workspace.owner()));
    }

    /** Makes the next sync a full one: before commands run that may change the sources in the workspace. */
    static void forget(Workspace workspace) throws InterruptedException {
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            scratch.run("removing " + STAMP, "rm -f -- " + STAMP, List.of());
        }
    }

    /** Takes that back, once it is known that they have not. */
    static void restore(Workspace workspace, String stamp) throws InterruptedException {
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            scratch.run(
                    "writing " + STAMP,
                    "printf %s \"$1\" > " + STAMP + ".part && mv -f -- " + STAMP + ".part " + STAMP,
                    List.of(stamp));
        }
    }

    private static String stamp(SourceSnapshot snapshot, FilterRules rules, Owner owner) {
        return String.join(" ", FORMAT, snapshot.id(), rules.id(), owner.uid() + ":" + owner.gid()) + "\n";
    }

    /** The stamp's text, or an empty one; nothing need run in the workspace for it. */
    static String readStamp(Workspace workspace) throws InterruptedException {
        String path = workspace.root() + "/" + STAMP;
        if (workspace.marks(List.of(path)).isEmpty()) {
            return "";
        }
        try (InputStream stream = workspace.get(path);
                TarArchiveInputStream tar = new TarArchiveInputStream(stream, "UTF-8")) {
            boolean file = tar.getNextEntry() != null && tar.getCurrentEntry().isFile();
            return file ? new String(tar.readAllBytes(), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw failed(workspace, e);
        }
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
            // The archive begins by making the stamp void, and nothing need run in the workspace.
            return;
        }
        scratch.putLists(Map.of(
                "files", dotted(difference.remove()),
                "directories", dotted(difference.removeDirectories())));
        scratch.run(
                "deleting what the sources do not have",
                "rm -f -- " + STAMP + " && xargs -0 -r rm -f -- < \"$1\" && xargs -0 -r rmdir -- < \"$2\"",
                List.of(scratch.path("files"), scratch.path("directories")));
    }

    private static List<String> dotted(List<String> paths) {
        return paths.stream().map(path -> "./" + path).toList();
    }

    private SyncResult send(
            SyncRequest request,
            Difference difference,
            String stamp,
            Workspace workspace,
            Optional<SourceSnapshot> held,
            String found)
            throws IOException {
        // Engines refuse links that lead out of the directory they extract to; out of "/" none does.
        boolean fromTop = difference.send().stream().anyMatch(SourceEntry::leadsOut);
        String prefix = fromTop ? workspace.root().substring(1) + "/" : "";
        SourceArchive archive = new SourceArchive(request.tree().toAbsolutePath(), prefix, workspace.owner());
        Trouble trouble = new Trouble();
        try {
            workspace.put(fromTop ? "/" : workspace.root(), out -> {
                try {
                    archive.write(difference.send(), stamp, out);
                } catch (KubeException e) {
                    trouble.first = e;
                    throw new IOException(e.getMessage(), e);
                }
            });
        } catch (IOException | RuntimeException e) {
            // What the engine says about a stream that ended early hides why it did.
            KubeException first = trouble.first;
            if (first != null) {
                first.addSuppressed(e);
                throw first;
            }
            throw e;
        }
        SyncResult result = new SyncResult(
                held.isPresent() ? SyncResult.Kind.DELTA : SyncResult.Kind.FULL,
                reason(request, held, found),
                archive.files(),
                archive.bytes(),
                difference.deletions());
        listener.on(new BuildListener.Detail("sync: " + result));
        return result;
    }

    /** What went wrong while the stream was written, on whatever thread that was. */
    private static final class Trouble {
        private volatile @Nullable KubeException first;
    }

    private static String reason(SyncRequest request, Optional<SourceSnapshot> held, String found) {
        if (held.isEmpty()) {
            return found.isEmpty()
                    ? "the workspace holds no sources that the plugin put there"
                    : "the workspace holds other sources than the last sync from here left";
        }
        List<String> changed = request.current().changedSince(held.get());
        return switch (changed.size()) {
            case 0 -> "generated files are dropped";
            case 1 -> changed.get(0) + " changed";
            default -> changed.get(0) + " and " + (changed.size() - 1) + " more changed";
        };
    }
}
