package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine.TarWriter;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.mandas.docker.client.DockerClient.ListContainersParam;
import org.mandas.docker.client.DockerClient.RemoveContainerParam;
import org.mandas.docker.client.messages.ContainerConfig;
import org.mandas.docker.client.messages.HostConfig;

/** The containers of one engine. */
final class EngineContainers {

    /** How long a removal by somebody else is waited for: half a minute. */
    private static final int MOST_LOOKS = 300;

    private static final long PAUSE_NANOS = 100_000_000;

    private final EngineHttp http;
    private final Library library;

    EngineContainers(EngineHttp http, Library library) {
        this.http = http;
        this.library = library;
    }

    String create(ContainerSpec spec) {
        HostConfig.Builder host = HostConfig.builder().volumesFrom(spec.volumesFrom());
        spec.networkMode().ifPresent(host::networkMode);
        spec.cgroupParent().ifPresent(host::cgroupParent);
        ContainerConfig.Builder config = ContainerConfig.builder()
                .image(spec.image())
                .cmd(spec.command())
                .env(Execution.variables(spec.environment()))
                .labels(spec.labels())
                .volumes(Set.copyOf(spec.volumes()))
                .hostConfig(host.build());
        if (!spec.entrypoint().isEmpty()) {
            config.entrypoint(spec.entrypoint());
        }
        spec.user().ifPresent(config::user);
        spec.hostname().ifPresent(config::hostname);
        spec.directory().ifPresent(config::workingDir);
        return library.call(
                        "creating container " + spec.name(),
                        docker -> docker.createContainer(config.build(), spec.name()))
                .id();
    }

    void start(String container) {
        // The library's own call writes a line to the log for each.
        http.send(Request.post("/containers/" + container + "/start"));
    }

    int await(String container) throws InterruptedException {
        Request request = Request.post("/containers/" + container + "/wait");
        try (EngineHttp.Answer answer = http.open(request, Thread.currentThread(), () -> false)) {
            return answer.json().path("StatusCode").asInt();
        } catch (EngineException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting for container " + container);
            }
            throw e;
        }
    }

    Optional<ContainerInfo> find(String nameOrId) {
        return http.find(Request.get("/containers/" + nameOrId + "/json")).map(EngineContainers::info);
    }

    List<ContainerInfo> list(String namePrefix) {
        List<ContainerInfo> found = new ArrayList<>();
        library
                .call("listing containers", docker -> docker.listContainers(ListContainersParam.allContainers()))
                .stream()
                .filter(container -> container.names() != null
                        && container.names().stream().anyMatch(name -> name.startsWith("/" + namePrefix)))
                // The list knows no exit codes; what has gone since it was made is left out.
                .forEach(container -> find(container.id()).ifPresent(found::add));
        return found;
    }

    String logs(String container, int lastLines) {
        Request request = Request.get("/containers/" + container + "/logs")
                .query("stdout", "1")
                .query("stderr", "1")
                .query("tail", Integer.toString(lastLines));
        List<String> lines = new ArrayList<>();
        try (EngineHttp.Answer answer = http.open(request)) {
            new OutputFrames(lines::add).read(answer.body());
        } catch (IOException e) {
            throw Refusal.broken(request.toString(), e);
        }
        return String.join("\n", lines);
    }

    void kill(String container) {
        // Not there, or not running: both are what was wanted.
        ignoring(
                Set.of(Kind.NOT_FOUND, Kind.CONFLICT),
                () -> library.run("killing container " + container, docker -> docker.killContainer(container)));
    }

    void remove(String container) {
        ignoring(
                Set.of(Kind.NOT_FOUND, Kind.CONFLICT),
                () -> library.run(
                        "removing container " + container,
                        docker -> docker.removeContainer(
                                container, RemoveContainerParam.forceKill(), RemoveContainerParam.removeVolumes())));
        // A conflict means that somebody else is removing it: its name is free once they are done.
        for (int look = 0; look < MOST_LOOKS && find(container).isPresent(); look++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    void copyInto(String container, String directory, TarWriter tar) throws IOException {
        try {
            http.send(Request.put("/containers/" + container + "/archive")
                    .query("path", directory)
                    .body(new TarEntity(tar)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    InputStream copyOutOf(String container, String path) {
        return AnswerStream.of(
                http.open(Request.get("/containers/" + container + "/archive").query("path", path)));
    }

    private static void ignoring(Set<Kind> kinds, Runnable action) {
        try {
            action.run();
        } catch (EngineException e) {
            if (!kinds.contains(e.kind())) {
                throw e;
            }
        }
    }

    private static ContainerInfo info(JsonNode container) {
        JsonNode state = container.path("State");
        String name = container.path("Name").asText();
        return new ContainerInfo(
                container.path("Id").asText(),
                name.startsWith("/") ? name.substring(1) : name,
                container.path("Image").asText(),
                state.path("Running").asBoolean(),
                state.path("ExitCode").asInt(),
                state.path("OOMKilled").asBoolean(),
                Json.map(container.path("Config").path("Labels")));
    }
}
