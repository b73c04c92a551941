package io.kubebuild.plan;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One go command to run, and what must come of it.
 *
 * @param command the command
 * @param outputs at least one
 */
public record CompileJob(GoCommand command, List<PromisedOutput> outputs) {
    public CompileJob {
        outputs = List.copyOf(outputs);
        if (outputs.isEmpty()) {
            throw new IllegalArgumentException("a job that promises nothing: " + command.argv());
        }
    }

    /** Short name for logs: {@code go install linux/amd64 (12 programs)}. */
    public String title() {
        String what = outputs.size() == 1 ? outputs.get(0).target() : outputs.size() + " programs";
        return "go " + command.verb() + " " + outputs.get(0).platform() + " (" + what + ")";
    }

    /** All targets, for messages. */
    public String targets() {
        return outputs.stream().map(PromisedOutput::target).distinct().collect(Collectors.joining(", "));
    }
}
