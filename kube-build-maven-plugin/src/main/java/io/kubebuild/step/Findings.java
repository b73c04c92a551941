package io.kubebuild.step;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Problems of several checks, thrown together. */
final class Findings {

    private final List<Problem> problems = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();

    /** A check that may throw what it finds wrong. */
    @FunctionalInterface
    interface Check<T> {
        T run() throws InterruptedException;
    }

    /** The check's result; empty where it found problems. */
    <T> Optional<T> collect(Check<T> check) throws InterruptedException {
        try {
            return Optional.of(check.run());
        } catch (KubeException e) {
            problems.addAll(e.problems());
            failures.add(e);
        } catch (EngineException e) {
            problems.add(ofEngine(e));
            failures.add(e);
        }
        return Optional.empty();
    }

    private static Problem ofEngine(EngineException e) {
        String fix =
                switch (e.kind()) {
                    case UNREACHABLE ->
                        "see that it runs (docker version) and that you may use it, or name another one:"
                                + " -Dkube.docker.host=unix:///var/run/docker.sock";
                    case NO_SPACE -> "free space on its disk: docker system df shows what takes it";
                    case UNAUTHORIZED -> "add a <server> with the registry's host as its <id> to settings.xml";
                    case NOT_FOUND, CONFLICT, OTHER -> "see the engine's log, then run again";
                };
        return new Problem("the Docker engine cannot be used", String.valueOf(e.getMessage()), fix);
    }

    void add(Problem problem) {
        problems.add(problem);
    }

    void addAll(List<Problem> more) {
        problems.addAll(more);
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    /** Throws everything found as one; what one check alone has found goes on as it was thrown, with its blame and cause. */
    void throwIfAny() {
        List<Problem> all = problems.stream().distinct().toList();
        if (all.isEmpty()) {
            return;
        }
        if (failures.size() == 1
                && failures.get(0) instanceof KubeException alone
                && alone.problems().equals(all)) {
            throw alone;
        }
        KubeException together = KubeException.user(all);
        failures.forEach(together::addSuppressed);
        throw together;
    }
}
