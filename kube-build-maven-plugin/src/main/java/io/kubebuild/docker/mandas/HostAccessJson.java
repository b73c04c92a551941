package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.docker.HostAccess.Bind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a container sees of its engine's machine, in the words of the engine's API. */
final class HostAccessJson {

    private static final String TCP = "/tcp";

    private HostAccessJson() {}

    /** Fields of HostConfig. */
    static Map<String, Object> ofHost(HostAccess access) {
        Map<String, Object> host = new TreeMap<>();
        List<Map<String, String>> mounts = access.binds().stream()
                .filter(bind -> !bind.relabel())
                .map(bind -> Map.of("Type", "bind", "Source", bind.source(), "Target", bind.target()))
                .toList();
        // Only this older form knows of SELinux; z and not Z, because data container and build container share the
        // tree.
        List<String> binds = access.binds().stream()
                .filter(Bind::relabel)
                .map(bind -> bind.source() + ":" + bind.target() + ":z")
                .toList();
        if (!mounts.isEmpty()) {
            host.put("Mounts", mounts);
        }
        if (!binds.isEmpty()) {
            host.put("Binds", binds);
        }
        access.port()
                .ifPresent(port -> host.put(
                        "PortBindings",
                        Map.of(
                                port.inside() + TCP,
                                List.of(Map.of(
                                        "HostIp",
                                        "127.0.0.1",
                                        "HostPort",
                                        port.outside() == 0 ? "" : Integer.toString(port.outside()))))));
        return host;
    }

    /** Fields of the container itself. */
    static Map<String, Object> ofContainer(HostAccess access) {
        return access.port()
                .map(port -> Map.<String, Object>of("ExposedPorts", Map.of(port.inside() + TCP, Map.of())))
                .orElse(Map.of());
    }

    /** The ports that an inspected container is reached by. */
    static Map<Integer, Integer> ports(JsonNode container) {
        Map<Integer, Integer> ports = new TreeMap<>();
        container.path("NetworkSettings").path("Ports").properties().forEach(port -> {
            int outside = port.getValue().path(0).path("HostPort").asInt();
            if (port.getKey().endsWith(TCP) && outside > 0) {
                ports.put(Integer.parseInt(port.getKey().replace(TCP, "")), outside);
            }
        });
        return ports;
    }
}
