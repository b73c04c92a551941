package io.kubebuild.workspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Marks of files in workspaces that always run. */
public final class MarksByCommand {

    private MarksByCommand() {}

    /** As {@link Workspace#marks}. */
    public static Map<String, String> of(Workspace workspace, List<String> paths) throws InterruptedException {
        Map<String, String> marks = new TreeMap<>();
        for (String path : paths) {
            List<String> lines = new ArrayList<>();
            Command stat = Command.in(workspace.root(), Map.of(), "stat", "-c", "%s %a %y", path);
            if (workspace.run(stat, lines::add) == 0) {
                marks.put(path, String.join("\n", lines));
            }
        }
        return marks;
    }
}
