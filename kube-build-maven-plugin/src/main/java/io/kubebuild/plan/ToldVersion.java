package io.kubebuild.plan;

import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Commands of the tree's own that are not recorded, where scripts up to v1.13 would refuse a Go for a number that they compare as text
 * ({@code kube::golang::verify_go_version}, hack/lib/golang.sh). They hear what they hear while they are recorded.
 */
public final class ToldVersion {

    private ToldVersion() {}

    /** The command in the root of the tree, with a go that says what its scripts can take; the same in all other trees. */
    public static Command command(Workspace workspace, Map<String, String> environment, List<String> argv) {
        List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", script(), "sh", workspace.root()));
        words.addAll(argv);
        return new Command(words, environment, workspace.root(), false);
    }

    private static String script() {
        try {
            return "root=$1\nshift\n" + text("told.sh") + text("tell.sh");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String name) throws IOException {
        return new String(RecordingTools.resource(name), StandardCharsets.UTF_8);
    }
}
