package io.kubebuild.sync;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a workspace shall hold.
 *
 * @param tree the tree that the snapshot is of
 * @param rules the filter rules that the snapshot was taken with
 * @param current what the workspace shall hold
 * @param previous the snapshot of the last sync to this workspace, if it is known
 * @param dropGenerated delete, as upstream's sync does each time, what the workspace holds and the snapshot does not: above all the
 *     hidden generated files, so that they are generated again
 */
public record SyncRequest(
        Path tree,
        FilterRules rules,
        SourceSnapshot current,
        Optional<SourceSnapshot> previous,
        boolean dropGenerated) {}
