package io.kubebuild.plan;

import io.kubebuild.problem.Shown;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /**
     * The part of it that makes these outputs: an install for fewer packages, other commands as a whole; empty where it makes none
     * of them. A program's bytes are the same whatever else the command installs: go plans and compiles each by itself, and flags
     * that count for named packages alone (-gcflags, -ldflags) count for the program's as before.
     */
    Optional<CompileJob> only(Collection<PromisedOutput> wanted, Toolchain toolchain) {
        List<PromisedOutput> part = outputs.stream().filter(wanted::contains).toList();
        if (part.isEmpty()) {
            return Optional.empty();
        }
        if (part.size() == outputs.size() || !command.verb().equals("install")) {
            return Optional.of(this);
        }
        GoOutputs paths = new GoOutputs(toolchain);
        Set<String> files = part.stream().map(PromisedOutput::path).collect(Collectors.toSet());
        List<String> packages = command.packages().stream()
                .filter(name -> files.contains(paths.path(command, name)))
                .toList();
        return Optional.of(new CompileJob(command.withPackages(packages), part));
    }

    /** Short name for logs: {@code go install linux/amd64 (12 programs)}. */
    public String title() {
        String what = outputs.size() == 1 ? outputs.get(0).target() : outputs.size() + " programs";
        return "go " + command.verb() + " " + outputs.get(0).platform() + " (" + what + ")";
    }

    /** The targets, for messages. */
    public String targets() {
        return Shown.names(
                outputs.stream().map(PromisedOutput::target).distinct().toList());
    }
}
