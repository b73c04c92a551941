package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine.TarWriter;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.Rights;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.mandas.docker.client.DockerClient.ListContainersParam;

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

    /** Plain, like everything in a build that has nothing to do: the library takes half a second to get ready for its first call. */
    String create(ContainerSpec spec) {
        Map<String, Object> host = new TreeMap<>(Map.of("VolumesFrom", spec.volumesFrom()));
        spec.networkMode().ifPresent(mode -> host.put("NetworkMode", mode));
        spec.cgroupParent().ifPresent(parent -> host.put("CgroupParent", parent));
        host.putAll(rights(spec.rights()));
        host.putAll(HostAccessJson.ofHost(spec.host()));
        Map<String, Object> config = new TreeMap<>(Map.of(
                "Image", spec.image(),
                "Cmd", spec.command(),
                "Env", Execution.variables(spec.environment()),
                "Labels", spec.labels(),
                "Volumes", spec.volumes().stream().collect(Collectors.toMap(volume -> volume, volume -> Map.of())),
                "HostConfig", host));
        config.putAll(HostAccessJson.ofContainer(spec.host()));
        if (!spec.entrypoint().isEmpty()) {
            config.put("Entrypoint", spec.entrypoint());
        }
        spec.user().ifPresent(user -> config.put("User", user));
        spec.hostname().ifPresent(name -> config.put("Hostname", name));
        spec.directory().ifPresent(directory -> config.put("WorkingDir", directory));
        return http.json(Request.post("/containers/create")
                        .query("name", spec.name())
                        .json(config))
                .path("Id")
                .asText();
    }

    private static Map<String, Object> rights(Rights rights) {
        Map<String, Object> host = new TreeMap<>();
        rights.capabilities().ifPresent(kept -> {
            host.put("CapDrop", List.of("ALL"));
            host.put("CapAdd", kept);
        });
        if (!rights.gain()) {
            host.put("SecurityOpt", List.of("no-new-privileges"));
        }
        rights.processes().ifPresent(limit -> host.put("PidsLimit", limit));
        rights.memory().ifPresent(limit -> {
            host.put("Memory", limit);
            // Not as much swap again, which is what the engine gives if it is not told.
            host.put("MemorySwap", limit);
        });
        return host;
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
                () -> http.send(Request.delete("/containers/" + container)
                        .query("force", "1")
                        .query("v", "1")));
        // A conflict means that somebody else is removing it: its name is free once they are done.
        for (int look = 0; look < MOST_LOOKS && find(container).isPresent(); look++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    void copyInto(String container, String directory, TarWriter tar) throws IOException {
        try {
            http.send(Request.put("/containers/" + container + "/archive")
                    .query("path", directory)
                    // podman gives everything to the container's user unless it is told not to.
                    .query("copyUIDGID", "false")
                    .body(new TarEntity(tar)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    InputStream copyOutOf(String container, String path) {
        return AnswerStream.of(
                http.open(Request.get("/containers/" + container + "/archive").query("path", path)));
    }

    Optional<String> mark(String container, String path) {
        Request request = Request.head("/containers/" + container + "/archive").query("path", path);
        try (EngineHttp.Answer answer = http.open(request)) {
            String stat = answer.header("X-Docker-Container-Path-Stat");
            return stat.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new String(Base64.getDecoder().decode(stat), StandardCharsets.UTF_8));
        } catch (EngineException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
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
                Json.map(container.path("Config").path("Labels")),
                HostAccessJson.ports(container));
    }
}
