package io.kubebuild.workspace.container;

import io.kubebuild.workspace.Workspace.Capacity;
import java.util.List;

/**
 * What a container may use of its engine's machine: control groups above it, which the engine does not tell of, may leave it less, as on
 * a build agent that is itself a container.
 */
final class Limits {

    /** Prints a line for each limit that the kernel shows, of version 1 and 2 of its control groups. */
    static final String SCRIPT = """
            for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
              [ ! -r "$file" ] || echo "memory $(cat "$file")"
            done
            sed -n 's/^hierarchical_memory_limit /memory /p' /sys/fs/cgroup/memory/memory.stat 2>/dev/null
            [ ! -r /sys/fs/cgroup/cpu.max ] || echo "quota $(cat /sys/fs/cgroup/cpu.max)"
            cpu=/sys/fs/cgroup/cpu
            [ ! -r $cpu/cpu.cfs_quota_us ] || echo "quota $(cat $cpu/cpu.cfs_quota_us) $(cat $cpu/cpu.cfs_period_us)"
            echo "cpus $(nproc)"
            """;

    private Limits() {}

    /** The engine's capacity within the limits that the script printed; what cannot be read limits nothing. */
    static Capacity within(Capacity engine, List<String> lines) {
        int cpus = engine.cpus();
        long memory = engine.memoryBytes();
        for (String line : lines) {
            String[] words = line.strip().split(" ", -1);
            long first = words.length > 1 ? number(words[1]) : 0;
            if (first <= 0) {
                continue;
            }
            switch (words[0]) {
                case "memory" -> memory = Math.min(memory, first);
                case "cpus" -> cpus = (int) Math.min(cpus, first);
                case "quota" -> cpus = (int) Math.min(cpus, shares(first, words.length > 2 ? number(words[2]) : 0));
                default -> {}
            }
        }
        return new Capacity(cpus, memory);
    }

    /** Whole processors; a part of one counts as one. */
    private static long shares(long quota, long period) {
        return period <= 0 ? Integer.MAX_VALUE : Math.max(1, (quota + period - 1) / period);
    }

    /** 0 for what is no number, such as {@code max}, and for those that are too large for any machine. */
    private static long number(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
