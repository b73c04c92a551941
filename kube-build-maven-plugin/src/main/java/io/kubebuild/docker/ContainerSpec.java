package io.kubebuild.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A container to be made.
 *
 * @param name its name
 * @param image reference or id
 * @param command program and arguments; replaces the image's command
 * @param entrypoint replaces the image's entry point where not empty ({@code [""]} clears it)
 * @param environment added to the image's
 * @param user {@code uid:gid}, or empty for the image's
 * @param hostname or empty for the engine's choice
 * @param directory working directory, or empty for the image's
 * @param volumes anonymous volumes, as absolute paths
 * @param volumesFrom containers whose volumes it shares
 * @param labels its labels
 * @param networkMode {@code none}, {@code host}, or empty for the engine's default
 * @param cgroupParent or empty
 * @param host what of the engine's machine it gets to see
 * @param rights what its processes may do
 */
public record ContainerSpec(
        String name,
        String image,
        List<String> command,
        List<String> entrypoint,
        Map<String, String> environment,
        Optional<String> user,
        Optional<String> hostname,
        Optional<String> directory,
        List<String> volumes,
        List<String> volumesFrom,
        Map<String, String> labels,
        Optional<String> networkMode,
        Optional<String> cgroupParent,
        HostAccess host,
        Rights rights) {
    public ContainerSpec {
        command = List.copyOf(command);
        entrypoint = List.copyOf(entrypoint);
        environment = Map.copyOf(environment);
        volumes = List.copyOf(volumes);
        volumesFrom = List.copyOf(volumesFrom);
        labels = Map.copyOf(labels);
    }

    /** A container with nothing but a name, an image and a command; the {@code with…} methods add the rest. */
    public static ContainerSpec of(String name, String image, List<String> command) {
        return new ContainerSpec(
                name,
                image,
                command,
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                HostAccess.NONE,
                Rights.USUAL);
    }

    public ContainerSpec withEntrypoint(List<String> value) {
        return changed(draft -> draft.entrypoint = value);
    }

    public ContainerSpec withEnvironment(Map<String, String> value) {
        return changed(draft -> draft.environment = value);
    }

    public ContainerSpec withUser(String value) {
        return changed(draft -> draft.user = Optional.of(value));
    }

    public ContainerSpec withHostname(String value) {
        return changed(draft -> draft.hostname = Optional.of(value));
    }

    public ContainerSpec withDirectory(String value) {
        return changed(draft -> draft.directory = Optional.of(value));
    }

    public ContainerSpec withVolumes(List<String> value) {
        return changed(draft -> draft.volumes = value);
    }

    public ContainerSpec withVolumesFrom(List<String> value) {
        return changed(draft -> draft.volumesFrom = value);
    }

    public ContainerSpec withLabels(Map<String, String> value) {
        return changed(draft -> draft.labels = value);
    }

    public ContainerSpec withNetworkMode(String value) {
        return changed(draft -> draft.networkMode = Optional.of(value));
    }

    public ContainerSpec withHost(HostAccess value) {
        return changed(draft -> draft.host = value);
    }

    public ContainerSpec withRights(Rights value) {
        return changed(draft -> draft.rights = value);
    }

    public ContainerSpec withCgroupParent(String value) {
        return changed(draft -> draft.cgroupParent = Optional.of(value));
    }

    private ContainerSpec changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.spec();
    }

    /** A copy that is being changed. */
    private static final class Draft {
        private final ContainerSpec from;
        private List<String> entrypoint;
        private Map<String, String> environment;
        private Optional<String> user;
        private Optional<String> hostname;
        private Optional<String> directory;
        private List<String> volumes;
        private List<String> volumesFrom;
        private Map<String, String> labels;
        private Optional<String> networkMode;
        private Optional<String> cgroupParent;
        private HostAccess host;
        private Rights rights;

        Draft(ContainerSpec from) {
            this.from = from;
            entrypoint = from.entrypoint;
            environment = from.environment;
            user = from.user;
            hostname = from.hostname;
            directory = from.directory;
            volumes = from.volumes;
            volumesFrom = from.volumesFrom;
            labels = from.labels;
            networkMode = from.networkMode;
            cgroupParent = from.cgroupParent;
            host = from.host;
            rights = from.rights;
        }

        ContainerSpec spec() {
            return new ContainerSpec(
                    from.name,
                    from.image,
                    from.command,
                    entrypoint,
                    environment,
                    user,
                    hostname,
                    directory,
                    volumes,
                    volumesFrom,
                    labels,
                    networkMode,
                    cgroupParent,
                    host,
                    rights);
        }
    }
}
