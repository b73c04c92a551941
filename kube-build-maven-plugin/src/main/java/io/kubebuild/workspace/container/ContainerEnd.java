package io.kubebuild.workspace.container;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.ExitCode;
import java.util.Optional;

/** Who ended a container in which a command still ran: its engine, the kernel, or somebody with the docker command. */
public final class ContainerEnd {

    private ContainerEnd() {}

    /**
     * A container.
     *
     * @param role what it is for a build: {@code build container}
     * @param nameOrId as the engine knows it
     */
    public record Which(String role, String nameOrId) {
        @Override
        public String toString() {
            return "the " + role + " " + nameOrId;
        }
    }

    /**
     * Looks at a container after a signal has ended its command.
     *
     * @param doing what the command was for, in the form of "running make"
     * @param which container it is
     * @param code of the command
     * @return what to throw; empty where the command ended by itself, or the container still runs and the code says all that is known
     */
    public static Optional<KubeException> ofCode(String doing, Engine engine, Which which, int code) {
        return ExitCode.isOfSignal(code) ? reason(doing, engine, which, "exit code " + code) : Optional.empty();
    }

    /** The same after the engine has refused to go on. */
    public static Optional<KubeException> ofRefusal(String doing, Engine engine, Which which, EngineException refusal) {
        return switch (refusal.kind()) {
            case CONFLICT, NOT_FOUND, UNREACHABLE -> reason(doing, engine, which, String.valueOf(refusal.getMessage()));
            case UNAUTHORIZED, NO_SPACE, OTHER -> Optional.empty();
        };
    }

    private static Optional<KubeException> reason(String doing, Engine engine, Which which, String said) {
        Optional<ContainerInfo> found;
        try {
            found = engine.container(which.nameOrId());
        } catch (EngineException gone) {
            return Optional.of(KubeException.build(
                    "the Docker engine stopped while " + doing,
                    said + "; now it says: " + gone.getMessage(),
                    "see that it runs (docker info) and why it stopped (journalctl -u docker), then run the build again: it goes"
                            + " on where it was",
                    gone));
        }
        if (found.isEmpty()) {
            return Optional.of(KubeException.build(
                    "somebody removed " + which + " while " + doing,
                    said,
                    "run the build again; another one with the same -Dkube.workspaceId, or docker rm, does that"));
        }
        if (found.get().running()) {
            return Optional.empty();
        }
        if (found.get().oomKilled()) {
            return Optional.of(
                    KubeException.build(
                            "memory ran out while " + doing,
                            said + "; the engine says of " + which + ": OOMKilled",
                            "give the engine more memory, raise -Dkube.memory if it is set, or use fewer CPUs; then run the build again"));
        }
        return Optional.of(KubeException.build(
                which + " was stopped while " + doing,
                said + "; its own exit code is " + ExitCode.inWords(found.get().exitCode()),
                "see that the engine was not stopped or restarted (docker info, journalctl -u docker), and that nobody ran docker"
                        + " stop; then run the build again: it goes on where it was"));
    }
}
