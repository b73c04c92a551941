package io.kubebuild.release;

import io.kubebuild.tree.Platform;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is to be staged.
 *
 * @param environment variables for the tree's functions: KUBE_GIT_VERSION_FILE, KUBE_BUILD_PLATFORMS, KUBE_FASTBUILD,
 *     KUBE_BUILD_CONFORMANCE, KUBE_DOCKER_REGISTRY …; added to the workspace's own
 * @param binaries file names that were compiled, by platform; a function that wants another one fails
 * @param buildDirectory directory of the tree with its packaging scripts: {@code build} or {@code build-tools}
 * @param scratch where the recording is made in the workspace, relative to the tree's root; it is wiped
 * @param directory where the recording comes to lie on the host; it is wiped, and belongs on the file system of the outputs
 */
public record StagingRequest(
        Map<String, String> environment,
        SortedMap<Platform, List<String>> binaries,
        String buildDirectory,
        String scratch,
        Path directory) {

    /** Where the workspace keeps the recording while it is made, unless somebody has a reason for another place. */
    public static final String SCRATCH = "_output/kube-stage";

    public StagingRequest {
        environment = Map.copyOf(environment);
        TreeMap<Platform, List<String>> copy = new TreeMap<>();
        binaries.forEach((platform, files) -> copy.put(platform, List.copyOf(files)));
        binaries = java.util.Collections.unmodifiableSortedMap(copy);
        if (scratch.isBlank()
                || scratch.startsWith("/")
                || List.of(scratch.split("/", -1)).contains("..")) {
            throw new IllegalArgumentException("scratch directory outside the tree: " + scratch);
        }
    }

    /** {@code linux/amd64/kubelet} for every binary, sorted. */
    public List<String> binaryPaths() {
        return binaries.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().sorted().map(file -> entry.getKey() + "/" + file))
                .toList();
    }

    /** How many binaries there are. */
    public int size() {
        return binaries.values().stream().mapToInt(Collection::size).sum();
    }
}
