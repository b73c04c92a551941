package io.kubebuild.compile;

import io.kubebuild.event.BuildListener;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.plan.RecordRequest;
import io.kubebuild.plan.Recorder;
import io.kubebuild.plan.ToldVersion;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The escape hatch ({@code kube.compiler=make}): the tree's own make compiles and places, unrecorded. For trees whose scripts cannot
 * be recorded, and for coverage builds, which write and delete test files around each compile.
 */
public final class MakeCompiler {

    /** Compiles, then checks that every requested program lies where {@code place_bins} puts it. */
    public CompileResult run(
            Workspace workspace, RecordRequest request, CompileSettings settings, BuildListener listener)
            throws InterruptedException, IOException {
        List<PromisedOutput> outputs = promises(workspace, request);
        List<String> paths = outputs.stream().map(PromisedOutput::placedPath).toList();
        OutputInspector inspector = new OutputInspector(workspace);
        Map<String, OutputInspector.Found> before = inspector.stat(paths);
        List<String> argv = argv(request);
        String title = String.join(" ", argv.subList(0, 2));
        try (CompileLog log = new CompileLog(settings.logFile(), listener)) {
            CompileLog.Section section = log.section(title);
            Map<String, String> environment = Recorder.environment(workspace, request);
            int exit = workspace.run(ToldVersion.command(workspace, environment, argv), section);
            if (exit != 0) {
                throw section.failure(outputs.size() + " programs", exit);
            }
        }
        Map<String, OutputInspector.Found> after = inspector.verify(outputs, paths, title);
        int changed = (int) after.entrySet().stream()
                .filter(file -> {
                    OutputInspector.Found earlier = before.get(file.getKey());
                    return earlier == null
                            || !earlier.stat().equals(file.getValue().stat());
                })
                .count();
        return new CompileResult(outputs, changed, changed, Map.of());
    }

    private static List<String> argv(RecordRequest request) {
        return request.mode() instanceof RecordRequest.Mode.What what
                ? List.of("make", "all", "WHAT=" + String.join(" ", what.targets()))
                : List.of("make", "cross");
    }

    private static List<PromisedOutput> promises(Workspace workspace, RecordRequest request) {
        return request.requested().stream()
                .map(wanted -> {
                    String program = wanted.platform().program(wanted.target().program());
                    String placed = request.placedPath(workspace.root(), wanted.platform(), program);
                    return new PromisedOutput(wanted.target().name(), wanted.platform(), placed, placed);
                })
                .toList();
    }
}
