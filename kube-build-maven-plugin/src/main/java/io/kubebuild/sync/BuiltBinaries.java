package io.kubebuild.sync;

import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The binaries that lie in a workspace, whoever built them: what the pattern {@code /_output/dockerized/bin/**} of {@code
 * kube::build::copy_output} (build/common.sh) brings back. */
public final class BuiltBinaries {

    private static final String DIRECTORY = "dockerized/bin";

    private BuiltBinaries() {}

    /** Each with the place that it has on the host; none where nothing was built. */
    public static List<CopyRequest.Binary> in(Workspace workspace) throws IOException, InterruptedException {
        String prefix = workspace.root() + "/_output/";
        List<CopyRequest.Binary> binaries = new ArrayList<>();
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            for (Listing.Found found : Listing.belowIfThere(workspace, scratch, "_output/" + DIRECTORY)
                    .found()) {
                if (found.type() == 'f') {
                    String place = found.path().substring("_output/".length());
                    binaries.add(new CopyRequest.Binary(prefix + place, place));
                }
            }
        }
        return List.copyOf(binaries);
    }
}
