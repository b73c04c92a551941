package io.kubebuild.compile;

import io.kubebuild.event.BuildListener;
import io.kubebuild.plan.ToldVersion;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The generated sources that trees from v1.4 to v1.26 make before every compile, by their own target {@code generated_files}.
 */
public final class GeneratedFiles {

    /** What hands over to the rules; v1.27 and v1.28 keep a target of that name which only fails. */
    private static final Pattern HANDS_OVER = Pattern.compile(
            "^(\\t.*\\$[({]MAKE[)}].*-f\\s*|[ ]*[-s]?include\\s+(\\S*/)?)Makefile\\.generated_files\\b",
            Pattern.MULTILINE);

    private final Path logFile;

    /** {@code logFile} takes everything that make prints. */
    public GeneratedFiles(Path logFile) {
        this.logFile = logFile;
    }

    /** Whether a tree with this Makefile ({@code Makefile}, {@code build/root/Makefile}) generates sources in its build. */
    public static boolean isGeneratedBy(String makefile) {
        return HANDS_OVER.matcher(makefile).find();
    }

    /**
     * Makes them. Whether that is needed is the caller's to know; make itself then finds out which files are stale.
     *
     * @param environment as for the compile, so that make sees what it would see in {@code make all}
     */
    public void ensure(Workspace workspace, Map<String, String> environment, BuildListener listener)
            throws InterruptedException, IOException {
        try (CompileLog log = new CompileLog(logFile, listener)) {
            CompileLog.Section section = log.section("make generated_files");
            Map<String, String> all = new TreeMap<>(environment);
            Workspace.Capacity capacity = workspace.capacity();
            all.putAll(Collector.variables(capacity, capacity.cpus(), OptionalInt.empty()));
            int exit = workspace.run(ToldVersion.command(workspace, all, List.of("make", "generated_files")), section);
            if (exit != 0) {
                throw KubeException.build(
                        "Generating sources failed (make generated_files, exit code " + ExitCode.inWords(exit) + ")",
                        section.last(),
                        ExitCode.fix(exit, "see the lines above") + "; the whole log is " + logFile);
            }
        }
    }
}
