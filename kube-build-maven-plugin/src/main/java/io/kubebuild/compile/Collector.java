package io.kubebuild.compile;

import io.kubebuild.workspace.Workspace;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How Go's own programs collect garbage while they compile. Most of them end before their memory is worth collecting, so where
 * there is plenty of it they hardly do: that saves a fifth of the time of a compile, and is no input of any output.
 */
final class Collector {

    /** Memory for each process, and for go itself, from which on there is plenty: twice what a large link needs. */
    static final long PLENTY = 3L << 30;

    private static final int FIRST_GO_WITH_LIMIT = 19;

    private Collector() {}

    /**
     * Variables for a Go that starts so many processes; none where memory is scarce.
     *
     * @param processes at once, in all commands together
     * @param minor the 19 of {@code go1.19.8}; empty where it is not known
     */
    static Map<String, String> variables(Workspace.Capacity capacity, int processes, OptionalInt minor) {
        long share = capacity.memoryBytes() / (processes + 1);
        if (share < PLENTY) {
            return Map.of();
        }
        if (minor.orElse(0) >= FIRST_GO_WITH_LIMIT) {
            // Not at all, until a process has three quarters of its share.
            return Map.of("GOGC", "off", "GOMEMLIMIT", ((share * 3 / 4) >> 20) + "MiB");
        }
        // An older Go knows no limit, and needs a collector that begins some time.
        return Map.of("GOGC", "400");
    }
}
