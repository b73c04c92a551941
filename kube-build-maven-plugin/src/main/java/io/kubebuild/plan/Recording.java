package io.kubebuild.plan;

import java.util.List;

/**
 * What the tree's scripts would have had go do.
 *
 * @param request what they were asked for
 * @param root the tree's root in the workspace
 * @param toolchain the Go they found
 * @param commands in no particular order: scripts may build platforms side by side
 */
public record Recording(RecordRequest request, String root, Toolchain toolchain, List<GoCommand> commands) {
    public Recording {
        commands = List.copyOf(commands);
    }
}
