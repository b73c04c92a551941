package io.kubebuild.step;

import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The terminal of whoever runs Maven. */
final class Terminal {

    private static final String NEEDS = "kube:shell needs a terminal";

    private final Map<String, String> environment;

    /** @param environment of the process, for PATH */
    Terminal(Map<String, String> environment) {
        this.environment = environment;
    }

    /**
     * Throws where there is none, or not what it takes to use it.
     *
     * @param byDocker whether the docker command connects it
     */
    void require(boolean byDocker) throws InterruptedException {
        if (run(List.of("sh", "-c", "test -t 0 && test -t 1")) != 0) {
            throw KubeException.user(
                    NEEDS,
                    "input or output of Maven is none, as in a pipeline or behind a pipe",
                    "run it in a terminal; or run a single command: kube:run -Dcommand=\"...\"");
        }
        if (byDocker && run(List.of("sh", "-c", "command -v docker >/dev/null")) != 0) {
            throw KubeException.user(
                    NEEDS + " and the docker command, which is not on the PATH",
                    "it connects the terminal with the build container",
                    "install Docker's command line (Debian's docker-cli); or run a single command: kube:run -Dcommand=\"...\"");
        }
    }

    private int run(List<String> words) throws InterruptedException {
        return run(new Workspace.AtTerminal(words, Map.of(), false));
    }

    /** Gives the terminal to a program until it ends; returns its exit code. */
    int run(Workspace.AtTerminal command) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command.words()).inheritIO();
        builder.environment().clear();
        if (!command.clean()) {
            builder.environment().putAll(environment);
        }
        builder.environment().putAll(command.environment());
        try {
            Process process = builder.start();
            try {
                return process.waitFor();
            } finally {
                process.destroy();
            }
        } catch (IOException e) {
            throw KubeException.build(
                    command.words().get(0) + " cannot be run", String.valueOf(e.getMessage()), "check PATH", e);
        }
    }
}
