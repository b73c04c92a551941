package io.kubebuild.workspace.container;

import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.Rights;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The rights of the build container: those that a tree's scripts use, and no others. */
public final class LeastRights {

    /** Threads count too: a compiler for each of 64 processors, with as many threads each, needs 4096. */
    private static final long MOST_PROCESSES = 32_768;

    /**
     * What the container's root keeps where commands run as root, on a rootless engine or because root runs Maven: {@code tar} and
     * {@code cp} of the scripts give files an owner and a mode and go into directories of other owners; installing a package
     * ({@code kube:run}) goes down to another user.
     */
    private static final List<String> OF_ROOT =
            List.of("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "SETGID", "SETUID");

    private LeastRights() {}

    /**
     * What a build container may do. A user that is not root has no capability to begin with, and without new privileges no way to one.
     *
     * @param memory in bytes, kept to where the engine can; empty for no limit
     */
    public static Rights on(EngineInfo engine, BuildUser user, OptionalLong memory) {
        return new Rights(
                Optional.of(user.owner().uid() == 0 ? OF_ROOT : List.of()),
                false,
                engine.limitsProcesses() ? OptionalLong.of(MOST_PROCESSES) : OptionalLong.empty(),
                engine.limitsMemory() ? memory : OptionalLong.empty());
    }
}
