package io.kubebuild.plan;

import java.util.Collection;
import java.util.List;

/**
 * Everything that is to be compiled, as data.
 *
 * @param toolchain the Go that it was recorded with and is run with
 * @param jobs in a fixed order; no two promise the same file
 */
public record Plan(Toolchain toolchain, List<CompileJob> jobs) {
    public Plan {
        jobs = List.copyOf(jobs);
    }

    /** Every file that the plan will leave behind. */
    public List<PromisedOutput> outputs() {
        return jobs.stream().flatMap(job -> job.outputs().stream()).toList();
    }

    /** The part of it that makes these outputs, and what cannot be made without them. */
    public Plan only(Collection<PromisedOutput> wanted) {
        return new Plan(
                toolchain,
                jobs.stream()
                        .flatMap(job -> job.only(wanted, toolchain).stream())
                        .toList());
    }
}
