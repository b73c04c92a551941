package io.kubebuild.it.chaos;

import io.kubebuild.it.EngineSocket;
import io.kubebuild.it.HostCommand;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An engine as its own command line shows it.
 *
 * @param address as DOCKER_HOST has it
 */
record EngineView(String address) {

    /** The one that all tests use. */
    static EngineView usual() {
        return new EngineView(EngineSocket.address());
    }

    /** Runs a docker command, which succeeds; returns the lines it printed. */
    List<String> docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker", "--host", address));
        command.addAll(List.of(words));
        return HostCommand.of(Path.of("/"), command.toArray(String[]::new))
                .succeeds()
                .lines()
                .toList();
    }

    /** Names of containers of a tree that run. */
    List<String> running(Path tree) {
        return docker("ps", "--filter", "label=io.kubebuild.path=" + tree, "--format", "{{.Names}}");
    }

    /** Names of all containers of a tree. */
    List<String> containers(Path tree) {
        return docker("ps", "--all", "--filter", "label=io.kubebuild.path=" + tree, "--format", "{{.Names}}");
    }

    /** Names of volumes that no container has. */
    List<String> danglingVolumes() {
        return docker("volume", "ls", "--quiet", "--filter", "dangling=true");
    }
}
