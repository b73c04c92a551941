package io.kubebuild.workspace;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Runs a room's own small shell scripts in the root of a workspace. */
public final class OwnScripts {

    private final Workspace workspace;
    private final Class<?> room;

    /** Scripts that lie beside a class. */
    public OwnScripts(Workspace workspace, Class<?> room) {
        this.workspace = workspace;
        this.room = room;
    }

    /** Lines that it printed; throws where it fails: {@code doing} completes "while". */
    public List<String> run(String doing, String name, List<String> arguments) throws InterruptedException {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", text(name), "sh"));
        argv.addAll(arguments);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        int exit = workspace.run(new Command(argv, Map.of("LC_ALL", "C"), workspace.root(), false), lines::add);
        if (exit != 0) {
            throw KubeException.build(
                    "the workspace failed while " + doing,
                    "exit code " + ExitCode.inWords(exit) + "\n" + LastLines.of(List.copyOf(lines)),
                    ExitCode.fix(
                            exit, "check free disk space where the workspace keeps " + workspace.root() + "/_output"));
        }
        return List.copyOf(lines);
    }

    private String text(String name) {
        try (InputStream in = room.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the plugin's jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
