package io.kubebuild.compile;

import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.OwnScripts;
import io.kubebuild.workspace.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies programs from the GOPATH to where the tree's {@code place_bins} ({@code hack/lib/golang.sh}) puts them: only what was
 * promised, and only where the bytes differ.
 */
final class Placement {

    private final Workspace workspace;

    Placement(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Places all and says how many differed from what was there. */
    int place(Platform host, List<PromisedOutput> outputs) throws InterruptedException {
        List<String> arguments = new ArrayList<>();
        // THIS_PLATFORM_BIN: programs that the tree's own scripts run.
        arguments.add(workspace.root() + "/_output/bin");
        arguments.add(hostDirectory(host, outputs).orElse(""));
        for (PromisedOutput output : outputs) {
            arguments.add(output.path());
            arguments.add(output.placedPath());
        }
        return (int) new OwnScripts(workspace, Placement.class)
                .run("placing binaries", "place.sh", arguments).stream()
                        .filter("placed"::equals)
                        .count();
    }

    private static Optional<String> hostDirectory(Platform host, List<PromisedOutput> outputs) {
        return outputs.stream()
                .filter(output -> output.platform().equals(host))
                .map(output ->
                        output.placedPath().substring(0, output.placedPath().lastIndexOf('/')))
                .findFirst();
    }
}
