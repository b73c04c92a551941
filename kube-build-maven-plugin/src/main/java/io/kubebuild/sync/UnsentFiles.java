package io.kubebuild.sync;

import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a workspace's tree holds besides the sources that were sent: what the tree generated there. */
public final class UnsentFiles {

    private UnsentFiles() {}

    /**
     * Paths relative to the root, of files only. What sync leaves alone ({@code _output}) and names at the root that begin with a
     * dot, where tools keep their own, are not looked at. Empty where there is something else than files and directories: that
     * nobody can carry elsewhere and be sure of it.
     */
    public static Optional<List<String>> in(Workspace workspace, SourceSnapshot snapshot, FilterRules inward)
            throws IOException, InterruptedException {
        List<Listing.Found> found;
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            found = Listing.ofTree(workspace, scratch, inward.shelteredDirectories())
                    .found();
        }
        List<String> unsent = new ArrayList<>();
        for (Listing.Found file : found) {
            if (file.isDirectory()
                    || file.path().startsWith(".")
                    || snapshot.entries().containsKey(file.path())) {
                continue;
            }
            if (file.type() != 'f') {
                return Optional.empty();
            }
            unsent.add(file.path());
        }
        return Optional.of(List.copyOf(unsent));
    }
}
