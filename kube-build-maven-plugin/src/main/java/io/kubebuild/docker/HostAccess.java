package io.kubebuild.docker;

import java.util.List;
import java.util.Optional;

/**
 * What of its engine's machine a container gets to see.
 *
 * @param binds directories of that machine
 * @param port a port that programs of that machine reach
 */
public record HostAccess(List<Bind> binds, Optional<Port> port) {

    /** Nothing. */
    public static final HostAccess NONE = new HostAccess(List.of(), Optional.empty());

    public HostAccess {
        binds = List.copyOf(binds);
    }

    /** Directories only. */
    public static HostAccess to(List<Bind> binds) {
        return new HostAccess(binds, Optional.empty());
    }

    /** A port only. */
    public static HostAccess through(Port port) {
        return new HostAccess(List.of(), Optional.of(port));
    }

    /**
     * A directory of the engine's machine in a container. It is an error of the engine if that directory is not there.
     *
     * @param source absolute path on the engine's machine
     * @param target absolute path in the container
     * @param relabel whether SELinux is told that all containers may use it; the engine makes a source that is not there then
     */
    public record Bind(String source, String target, boolean relabel) {}

    /**
     * A TCP port of a container on the loopback address of the engine's machine.
     *
     * @param inside the container's port
     * @param outside the machine's; 0 for one that the engine chooses
     */
    public record Port(int inside, int outside) {}
}
