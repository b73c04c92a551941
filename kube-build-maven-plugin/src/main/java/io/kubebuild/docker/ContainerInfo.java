package io.kubebuild.docker;

import java.util.Map;

/**
 * A container.
 *
 * @param id its full id
 * @param name without the leading slash
 * @param image id of the image it was made from
 * @param running whether it runs now
 * @param exitCode of its last run; 0 where it has not ended
 * @param oomKilled whether the kernel killed its first process for want of memory
 * @param labels its labels
 * @param ports TCP ports of the engine's machine by the container's own that they lead to, while it runs
 */
public record ContainerInfo(
        String id,
        String name,
        String image,
        boolean running,
        int exitCode,
        boolean oomKilled,
        Map<String, String> labels,
        Map<Integer, Integer> ports) {
    public ContainerInfo {
        ports = Map.copyOf(ports);
        labels = Map.copyOf(labels);
    }
}
