package io.kubebuild.sync;

import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * The file in a workspace that says which snapshot lies there. It is void before anything is changed and written after everything
 * is. It lies in the source root, where upstream's own sync ({@code rsync --delete}) removes it; a tree that is shared with the host
 * is kept clean of it, and it lies with the outputs.
 */
final class SourceStamp {

    /**
     * Its name. With its tilde it is one of those that Kubernetes' .gitignore names: where git is among the sources, go writes into each
     * program whether git finds anything else there than what is committed.
     */
    static final String NAME = ".kube-build-snapshot~";

    /** A stamp is a few hashes. */
    private static final int MOST_BYTES = 1 << 20;

    /** Grows when stamps of older plugins must not be believed. */
    private static final String FORMAT = "1";

    private SourceStamp() {}

    /** What it says of a snapshot. */
    static String of(SourceSnapshot snapshot, FilterRules rules, Owner owner) {
        return String.join(" ", FORMAT, snapshot.id(), rules.id(), owner.uid() + ":" + owner.gid()) + "\n";
    }

    private static String path(Workspace workspace) {
        return workspace.root() + (workspace.sharesTree() ? "/_output/" : "/") + NAME;
    }

    /** Its text, or an empty one; nothing need run in the workspace for it. */
    static String read(Workspace workspace) throws InterruptedException {
        String path = path(workspace);
        if (workspace.marks(List.of(path)).isEmpty()) {
            return "";
        }
        try (InputStream stream = workspace.get(path);
                ForeignTar tar = new ForeignTar(stream, ArchiveLimits.ANSWER)) {
            boolean file = tar.next().filter(TarArchiveEntry::isFile).isPresent();
            return file ? new String(tar.content(MOST_BYTES), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw failed(workspace, e);
        }
    }

    /** Makes the next sync a full one: before the sources there are changed, or commands run that may do so. */
    static void forget(Workspace workspace) throws InterruptedException {
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            scratch.run("removing " + NAME, "rm -f -- \"$1\"", List.of(path(workspace)));
        }
    }

    /** Writes it, once they are as it says. */
    static void write(Workspace workspace, String stamp) throws InterruptedException {
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            scratch.run(
                    "writing " + NAME,
                    "printf %s \"$2\" > \"$1.part\" && mv -f -- \"$1.part\" \"$1\"",
                    List.of(path(workspace), stamp));
        }
    }

    /** A sync that did not come to its end. */
    static KubeException failed(Workspace workspace, IOException e) {
        return KubeException.build(
                "the sources did not reach " + workspace.root() + " in the workspace",
                e.toString(),
                "check the engine and its disk, then run kube:sync again; it sends everything",
                e);
    }
}
