package io.kubebuild.compile;

import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.problem.Shown;
import io.kubebuild.workspace.OwnScripts;
import io.kubebuild.workspace.Workspace;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at promised outputs in the workspace, all with one command. */
final class OutputInspector {

    /**
     * A file as it was found.
     *
     * @param stat changes whenever the file is written anew
     * @param head its first bytes in hex, if asked for
     */
    record Found(String stat, String head) {}

    private final OwnScripts scripts;

    OutputInspector(Workspace workspace) {
        this.scripts = new OwnScripts(workspace, OutputInspector.class);
    }

    /** Paths that exist, with their stat. */
    Map<String, Found> stat(List<String> paths) throws InterruptedException {
        return inspect(paths, 0);
    }

    /** Checks that every output exists and runs where it should; gives what was found. */
    Map<String, Found> verify(List<PromisedOutput> outputs, List<String> pathsToCheck, String made)
            throws InterruptedException {
        Map<String, Found> found = inspect(pathsToCheck, BinaryHeader.BYTES);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            PromisedOutput output = outputs.get(i);
            Found file = found.get(pathsToCheck.get(i));
            String name = output.target() + " for " + output.platform() + " (" + pathsToCheck.get(i) + ")";
            if (file == null) {
                wrong.add(name + " is not there");
                continue;
            }
            Optional<BinaryHeader> header = BinaryHeader.parse(HexFormat.of().parseHex(file.head()));
            if (header.isEmpty()) {
                wrong.add(name + " is no program");
            } else if (!header.get().runsOn(output.platform())) {
                wrong.add(name + " is " + header.get());
            }
        }
        if (!wrong.isEmpty()) {
            throw KubeException.build(
                    made + " succeeded, but left other files than the plan promises",
                    Shown.lines(wrong),
                    "check that the targets are programs (package main); with -Dkube.force the plan is recorded anew");
        }
        return found;
    }

    private Map<String, Found> inspect(List<String> paths, int bytes) throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(String.valueOf(bytes)));
        arguments.addAll(paths);
        List<String> lines = scripts.run("looking at compiled binaries", "inspect.sh", arguments);
        if (lines.size() < 2 * paths.size()) {
            throw KubeException.build(
                    "The workspace told of " + lines.size() / 2 + " of " + paths.size() + " files",
                    LastLines.of(lines),
                    "run again; the engine may have cut the output short");
        }
        Map<String, Found> found = new LinkedHashMap<>();
        for (int i = 0; i < paths.size(); i++) {
            if (lines.get(2 * i).startsWith("file ")) {
                found.put(
                        paths.get(i),
                        new Found(lines.get(2 * i), lines.get(2 * i + 1).strip()));
            }
        }
        return found;
    }
}
