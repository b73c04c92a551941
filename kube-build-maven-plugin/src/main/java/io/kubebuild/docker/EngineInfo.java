package io.kubebuild.docker;

import java.util.List;

/**
 * An engine, as it describes itself.
 *
 * @param endpoint where it was reached ({@code unix:///var/run/docker.sock})
 * @param endpointSource what named that endpoint ("DOCKER_HOST", "default socket", …)
 * @param id the engine's own id, stable over restarts
 * @param version the engine's version ({@code 20.10.24})
 * @param apiVersion the API version in use ({@code 1.41})
 * @param os {@code linux} or {@code windows}
 * @param architecture in Go's words ({@code amd64}, {@code arm64})
 * @param cpus CPUs that containers may use
 * @param memoryBytes memory that containers may use
 * @param rootDirectory where it keeps images, on its own host
 * @param limitsProcesses whether it can limit how many processes a container has
 * @param limitsMemory whether it can limit how much memory a container uses
 * @param securityOptions {@code name=rootless}, {@code name=selinux} …
 */
public record EngineInfo(
        String endpoint,
        String endpointSource,
        String id,
        String version,
        String apiVersion,
        String os,
        String architecture,
        int cpus,
        long memoryBytes,
        String rootDirectory,
        boolean limitsProcesses,
        boolean limitsMemory,
        List<String> securityOptions) {
    public EngineInfo {
        securityOptions = List.copyOf(securityOptions);
    }

    /** Whether it names this security option ({@code rootless}, {@code selinux}). */
    public boolean hasSecurity(String option) {
        return securityOptions.stream()
                .anyMatch(text -> List.of(text.split(",", -1)).contains("name=" + option));
    }

    /** The platform that this engine's containers are ({@code linux/amd64}). */
    public String platform() {
        return os + "/" + architecture;
    }
}
