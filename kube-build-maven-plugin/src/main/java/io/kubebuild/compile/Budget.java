package io.kubebuild.compile;

import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Toolchain;
import io.kubebuild.workspace.Workspace;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many go commands run side by side, and how many processes each may start.
 *
 * <p>The model: a compiler or linker of Kubernetes' larger programs takes up to 1.5 GiB (upstream's documents ask for some 4.5
 * GB where two run). A go command keeps four of them busy for most of its time, less at its end, when it links. Shares are
 * given by {@code -p}, which is how many processes go starts, and by GOMAXPROCS, which is how many threads each of these uses: few,
 * because processes that share nothing do more with the same cores. Neither is an input of any output.
 *
 * @param jobs go commands at once
 * @param processesPerJob how many processes each may start
 * @param variables of each command
 */
record Budget(int jobs, int processesPerJob, Map<String, String> variables) {

    static final long BYTES_PER_PROCESS = 3L << 29;
    private static final int PROCESSES_PER_JOB = 4;
    private static final int PROCESSES_PER_THREAD = 4;
    private static final int FIRST_GO_WITH_BUILD_CACHE = 10;

    static Budget of(Workspace.Capacity capacity, int jobCount, Toolchain toolchain) {
        long fitting = Math.max(1, capacity.memoryBytes() / BYTES_PER_PROCESS);
        int processes = (int) Math.max(1, Math.min(fitting, capacity.cpus()));
        int jobs = hasBuildCache(toolchain) ? Math.max(1, Math.min(jobCount, processes / PROCESSES_PER_JOB)) : 1;
        int perJob = Math.max(1, processes / jobs);
        Map<String, String> variables = new TreeMap<>(Collector.variables(capacity, processes, toolchain.minor()));
        variables.put("GOMAXPROCS", String.valueOf(Math.max(1, perJob / PROCESSES_PER_THREAD)));
        return new Budget(jobs, perJob, variables);
    }

    /** The command with its share. */
    GoCommand share(GoCommand command) {
        GoCommand limited = command.withVariables(variables);
        return command.flag("p").isPresent() ? limited : limited.withFlag("-p=" + processesPerJob);
    }

    /** An older Go writes packages straight into GOPATH/pkg, where two commands would meet. */
    private static boolean hasBuildCache(Toolchain toolchain) {
        // Of one that is none of Go's releases, nobody knows: alone is slower, but never wrong.
        return toolchain.minor().orElse(0) >= FIRST_GO_WITH_BUILD_CACHE;
    }
}
