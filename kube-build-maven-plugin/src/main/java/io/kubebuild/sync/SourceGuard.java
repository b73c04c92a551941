package io.kubebuild.sync;

import io.kubebuild.workspace.OwnScripts;
import io.kubebuild.workspace.Workspace;
import java.util.List;

/**
 * Finds out whether somebody's commands have changed the sources in a workspace. While they run nothing is taken for granted: if they
 * are cut short, the next sync looks at everything.
 */
public final class SourceGuard {

    private final Workspace workspace;
    private final String stamp;
    private final String state;

    private SourceGuard(Workspace workspace, String stamp, String state) {
        this.workspace = workspace;
        this.stamp = stamp;
        this.state = state;
    }

    /** Before the commands run. */
    public static SourceGuard before(Workspace workspace) throws InterruptedException {
        String stamp = SourceStamp.read(workspace);
        SourceGuard guard = new SourceGuard(workspace, stamp, state(workspace));
        SourceStamp.forget(workspace);
        return guard;
    }

    /**
     * After they ran: whether sources and what was generated of them are as they were. If so, the next sync believes that; otherwise it
     * sends everything and deletes what it does not know.
     */
    public boolean untouched() throws InterruptedException {
        if (stamp.isEmpty() || !state.equals(state(workspace))) {
            return false;
        }
        SourceStamp.write(workspace, stamp);
        return true;
    }

    private static String state(Workspace workspace) throws InterruptedException {
        return String.join(
                "\n",
                new OwnScripts(workspace, SourceGuard.class).run("looking at its sources", "state.sh", List.of()));
    }
}
