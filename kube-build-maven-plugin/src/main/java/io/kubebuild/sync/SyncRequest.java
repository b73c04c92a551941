package io.kubebuild.sync;

import io.kubebuild.workspace.Workspace.Owner;
import java.util.List;
import java.util.Optional;

/**
 * What a workspace shall hold.
 *
 * @param root where the files of the snapshot lie
 * @param rules the filter rules that the snapshot was taken with
 * @param current what the workspace shall hold
 * @param previous the snapshot of the last sync to this workspace, if it is known
 * @param dropGenerated delete, as upstream's sync does each time, what the workspace holds and the snapshot does not: above all the
 *     hidden generated files, so that they are generated again
 */
public record SyncRequest(
        SourceRoot root,
        FilterRules rules,
        SourceSnapshot current,
        Optional<SourceSnapshot> previous,
        boolean dropGenerated) {

    /** The snapshot that a workspace with this stamp holds, where we know it: the current one, or that of the last sync. */
    Optional<SourceSnapshot> held(String stamp, Owner owner) {
        return Optional.of(current)
                .filter(now -> stamp.equals(SourceStamp.of(now, rules, owner)))
                .or(() -> previous.filter(before -> stamp.equals(SourceStamp.of(before, rules, owner))));
    }

    /**
     * Why there is something to do, for the user.
     *
     * @param held what the workspace holds
     * @param stamp what it says of itself
     */
    String reason(Optional<SourceSnapshot> held, String stamp) {
        if (held.isEmpty()) {
            return stamp.isEmpty()
                    ? "the workspace holds no sources that the plugin put there"
                    : "the workspace holds other sources than the last sync from here left";
        }
        List<String> changed = current.changedSince(held.get());
        return switch (changed.size()) {
            case 0 -> "generated files are dropped";
            case 1 -> changed.get(0) + " changed";
            default -> changed.get(0) + " and " + (changed.size() - 1) + " more changed";
        };
    }
}
