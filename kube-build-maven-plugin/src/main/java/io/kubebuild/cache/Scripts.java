package io.kubebuild.cache;

import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Runs this room's own small shell scripts in the root of a workspace. */
final class Scripts {

    private final Workspace workspace;

    Scripts(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Lines that it printed; throws where it fails: {@code doing} completes "while". */
    List<String> run(String doing, String name, List<String> arguments) throws InterruptedException {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", text(name), "sh"));
        argv.addAll(arguments);
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        int exit = workspace.run(new Command(argv, Map.of("LC_ALL", "C"), workspace.root(), false), lines::add);
        if (exit != 0) {
            throw KubeException.build(
                    "the workspace failed while " + doing,
                    "exit code " + exit + "\n" + String.join("\n", lines),
                    "check free disk space where the workspace keeps " + workspace.root() + "/_output");
        }
        return List.copyOf(lines);
    }

    private static String text(String name) {
        try (InputStream in = Scripts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the plugin's jar lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
