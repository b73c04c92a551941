package io.kubebuild.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The contexts that {@code docker context} keeps below its configuration directory: {@code contexts/meta/<sha256 of the
 * name>/meta.json} and, for TLS, {@code contexts/tls/<sha256 of the name>/docker}.
 */
final class DockerContexts {

    private final Path directory;
    private final ObjectMapper json = new ObjectMapper();

    /** @param directory DOCKER_CONFIG, by default ~/.docker */
    DockerContexts(Path directory) {
        this.directory = directory;
    }

    Path configFile() {
        return directory.resolve("config.json");
    }

    /** Name of the context in use, if one was ever chosen. */
    Optional<String> current() {
        if (!Files.isRegularFile(configFile())) {
            return Optional.empty();
        }
        String name = parse(configFile()).path("currentContext").asText("");
        return Optional.of(name).filter(text -> !text.isBlank());
    }

    /**
     * Reads a context.
     *
     * @param namedBy what named it, for messages
     */
    Context read(String name, String namedBy) {
        String id = Fingerprint.sha256(name);
        Path meta = directory.resolve("contexts/meta").resolve(id).resolve("meta.json");
        if (!Files.isRegularFile(meta)) {
            throw KubeException.user(
                    "the docker context '" + name + "', named by " + namedBy + ", does not exist",
                    "there is no " + meta,
                    "choose one of: docker context ls");
        }
        JsonNode docker = parse(meta).path("Endpoints").path("docker");
        String host = docker.path("Host").asText("");
        if (host.isBlank()) {
            throw KubeException.user(
                    "the docker context '" + name + "' names no engine",
                    meta + " has no Endpoints.docker.Host",
                    "choose another context: docker context use NAME");
        }
        Path tls = directory.resolve("contexts/tls").resolve(id).resolve("docker");
        Optional<Path> certificates = Files.isDirectory(tls) ? Optional.of(tls) : Optional.empty();
        boolean overNetwork = host.startsWith("tcp:") || host.startsWith("http");
        if (overNetwork && docker.path("SkipTLSVerify").asBoolean() && certificates.isEmpty()) {
            throw KubeException.user(
                    "the docker context '" + name + "' asks for TLS with whoever answers",
                    meta + " has SkipTLSVerify and no certificates; engines are never spoken to in plain HTTP then, nor"
                            + " without a look at who they are",
                    "give the context the authority of the engine's certificate: docker context update " + name
                            + " --docker host=" + host + ",ca=ca.pem,cert=cert.pem,key=key.pem");
        }
        return new Context(host, certificates);
    }

    private JsonNode parse(Path file) {
        try {
            return json.readTree(file.toFile());
        } catch (IOException e) {
            throw KubeException.user(
                    "docker's " + file + " cannot be read",
                    String.valueOf(e.getMessage()),
                    "repair it, or name the engine with -Dkube.docker.host or DOCKER_HOST");
        }
    }

    /**
     * A context.
     *
     * @param host the engine's address, as docker wrote it
     * @param certificates directory of its TLS material, if it has any
     */
    record Context(String host, Optional<Path> certificates) {}
}
