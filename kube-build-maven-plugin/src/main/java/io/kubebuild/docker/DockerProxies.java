package io.kubebuild.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The {@code proxies} of docker's config.json, which the docker command gives to builds and containers: those of the engine's address,
 * else those of {@code default}; never some of each.
 */
public final class DockerProxies {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> NAMES = Map.of(
            "httpProxy", "HTTP_PROXY",
            "httpsProxy", "HTTPS_PROXY",
            "ftpProxy", "FTP_PROXY",
            "allProxy", "ALL_PROXY",
            "noProxy", "NO_PROXY");

    private final JsonNode proxies;

    private DockerProxies(JsonNode proxies) {
        this.proxies = proxies;
    }

    /**
     * Reads the file; one that is not there, or cannot be read, has none.
     *
     * @param environment the process environment (DOCKER_CONFIG)
     * @param home the user's home directory
     */
    public static DockerProxies read(Map<String, String> environment, Path home) {
        Path file = Optional.ofNullable(environment.get("DOCKER_CONFIG"))
                .filter(directory -> !directory.isBlank())
                .map(Path::of)
                .orElse(home.resolve(".docker"))
                .resolve("config.json");
        try {
            return new DockerProxies(
                    Files.isRegularFile(file) ? JSON.readTree(file.toFile()).path("proxies") : JSON.nullNode());
        } catch (IOException e) {
            // Whoever looks for credentials in it tells.
            return new DockerProxies(JSON.nullNode());
        }
    }

    /** Whether there are any for whatever engine. */
    public boolean isEmpty() {
        return proxies.isEmpty();
    }

    /**
     * Those for containers of an engine.
     *
     * @param engine its address, as {@code unix:///var/run/docker.sock} or {@code tcp://host:2375}
     * @return values by HTTP_PROXY, HTTPS_PROXY, FTP_PROXY, ALL_PROXY and NO_PROXY, as far as there are any
     */
    public Map<String, String> of(String engine) {
        JsonNode chosen = proxies.properties().stream()
                .filter(entry -> address(entry.getKey()).equals(address(engine)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(proxies.path("default"));
        Map<String, String> variables = new TreeMap<>();
        NAMES.forEach((field, variable) -> {
            String value = chosen.path(field).asText("");
            if (!value.isBlank()) {
                variables.put(variable, value.strip());
            }
        });
        return variables;
    }

    /** Engines are called tcp, http or https for the same; a slash at the end says nothing. */
    private static String address(String engine) {
        return engine.replaceFirst("^https?://", "tcp://").replaceFirst("/$", "");
    }
}
