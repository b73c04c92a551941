package io.kubebuild.release;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.DirectoryRemoval;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the tree's own packaging ({@code kube::release::package_tarballs}) with placeholders instead of binaries, images and
 * tarballs, and brings home what it made: a full description of a release that took a second or two.
 */
public final class StagingRecorder {

    private final BuildListener listener;

    public StagingRecorder(BuildListener listener) {
        this.listener = listener;
    }

    /**
     * Records one release.
     *
     * @throws KubeException where the tree's functions fail, or do what cannot be recorded
     */
    public Staging record(Workspace workspace, StagingRequest request) throws IOException, InterruptedException {
        String scratch = workspace.root() + "/" + request.scratch();
        List<String> argv = new ArrayList<>(
                List.of("bash", "-c", script(), "kube-stage", request.buildDirectory(), request.scratch()));
        argv.addAll(request.binaryPaths());
        boolean complete = false;
        try {
            run(workspace, new Command(argv, request.environment(), workspace.root(), false));
            Staging staging = fetch(workspace, scratch, request.directory());
            complete = true;
            return staging;
        } finally {
            if (!complete) {
                DirectoryRemoval.remove(request.directory());
            }
            workspace.run(
                    Command.in(workspace.root(), Map.of(), "rm", "-rf", scratch),
                    line -> listener.on(new BuildListener.Output("rm", line)));
        }
    }

    private static Staging fetch(Workspace workspace, String scratch, Path directory) throws IOException {
        try (InputStream tar = workspace.get(scratch)) {
            return StagingReader.read(directory, StageExtractor.extract(tar, directory));
        }
    }

    private void run(Workspace workspace, Command command) throws InterruptedException {
        LastLines last = LastLines.ofScript();
        int exit =
                workspace.run(command, last.andThen(line -> listener.on(new BuildListener.Output("packaging", line))));
        if (exit != 0) {
            throw KubeException.build(
                    "The tree's packaging functions failed with exit code " + ExitCode.inWords(exit),
                    last.text(),
                    ExitCode.fix(
                            exit,
                            "Mend what the lines above name, such as a binary that was not compiled; or package what was"
                                    + " compiled with the tree's own script: build/package-tarballs.sh"));
        }
    }

    private static String script() throws IOException {
        try (InputStream in = StagingRecorder.class.getResourceAsStream("stage.sh")) {
            if (in == null) {
                throw new IllegalStateException("stage.sh is missing from the plugin");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
