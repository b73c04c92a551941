package io.kubebuild.docker;

import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        HostAccess host) {
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
                HostAccess.NONE);
    }

    public ContainerSpec withEntrypoint(List<String> value) {
        return new ContainerSpec(
                name,
                image,
                command,
                value,
                environment,
                user,
                hostname,
                directory,
                volumes,
                volumesFrom,
                labels,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withEnvironment(Map<String, String> value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                value,
                user,
                hostname,
                directory,
                volumes,
                volumesFrom,
                labels,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withUser(String value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                Optional.of(value),
                hostname,
                directory,
                volumes,
                volumesFrom,
                labels,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withHostname(String value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                user,
                Optional.of(value),
                directory,
                volumes,
                volumesFrom,
                labels,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withDirectory(String value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                user,
                hostname,
                Optional.of(value),
                volumes,
                volumesFrom,
                labels,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withVolumes(List<String> value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                user,
                hostname,
                directory,
                value,
                volumesFrom,
                labels,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withVolumesFrom(List<String> value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                user,
                hostname,
                directory,
                volumes,
                value,
                labels,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withLabels(Map<String, String> value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                user,
                hostname,
                directory,
                volumes,
                volumesFrom,
                value,
                networkMode,
                cgroupParent,
                host);
    }

    public ContainerSpec withNetworkMode(String value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                user,
                hostname,
                directory,
                volumes,
                volumesFrom,
                labels,
                Optional.of(value),
                cgroupParent,
                host);
    }

    public ContainerSpec withHost(HostAccess value) {
        return new ContainerSpec(
                name,
                image,
                command,
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
                value);
    }

    public ContainerSpec withCgroupParent(String value) {
        return new ContainerSpec(
                name,
                image,
                command,
                entrypoint,
                environment,
                user,
                hostname,
                directory,
                volumes,
                volumesFrom,
                labels,
                networkMode,
                Optional.of(value),
                host);
    }
}
