package io.kubebuild.sync;

import io.kubebuild.workspace.Workspace;

/** A way for sources to come into a workspace. */
public interface Transport {

    /** Begins, in the background, what a sync does before it needs the snapshot; nothing needs it. */
    default void begin(Workspace workspace) {}

    /** Makes the workspace hold the snapshot. */
    SyncResult sync(SyncRequest request, Workspace workspace) throws InterruptedException;

    /** Whether the workspace holds exactly this snapshot, as this transport brings it; nothing is changed. */
    boolean holds(SourceSnapshot snapshot, FilterRules rules, Workspace workspace) throws InterruptedException;

    /** Makes the next sync a full one, because somebody wants it. */
    default void forget(Workspace workspace) throws InterruptedException {
        SourceStamp.forget(workspace);
    }
}
