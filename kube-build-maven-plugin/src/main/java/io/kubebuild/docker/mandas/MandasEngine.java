package io.kubebuild.docker.mandas;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Endpoint;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.docker.SocketAccess;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An engine by way of org.mandas:docker-client. */
public final class MandasEngine implements Engine {

    private final Endpoint endpoint;
    private final Transport transport;
    private final EngineHttp http;
    private final ApiVersion version;
    private final Library library;
    private final EngineImages images;
    private final EngineContainers containers;
    private @Nullable EngineInfo info;

    private MandasEngine(Endpoint endpoint, Transport transport, EngineHttp unversioned) {
        this.endpoint = endpoint;
        this.transport = transport;
        JsonNode answer = unversioned.json(Request.get("/version"));
        this.version = ApiVersion.agreed(
                endpoint,
                answer.path("Version").asText("unknown"),
                answer.path("ApiVersion").asText(""));
        this.http = unversioned.pinnedTo(version.toString());
        this.library = new Library(transport, version.toString());
        this.images = new EngineImages(http, library);
        this.containers = new EngineContainers(http, library);
    }

    /**
     * Connects to an engine and agrees on the version of its API.
     *
     * @throws EngineException nobody answers there
     * @throws KubeException the engine is older than API 1.40 (Docker 19.03), its certificates cannot be used, or this user may not use
     *     its socket
     */
    public static MandasEngine connect(Endpoint endpoint) {
        Transport transport = Transport.to(endpoint);
        EngineHttp http = new EngineHttp(transport);
        boolean connected = false;
        try {
            MandasEngine engine = new MandasEngine(endpoint, transport, http);
            connected = true;
            return engine;
        } catch (EngineException e) {
            Optional<Problem> denied = endpoint.isUnixSocket() && e.kind() == EngineException.Kind.UNREACHABLE
                    ? SocketAccess.OF_THIS_PROCESS.problem(endpoint)
                    : Optional.empty();
            if (denied.isPresent()) {
                throw KubeException.user(List.of(denied.get()));
            }
            throw new EngineException(e.kind(), "no Docker engine answers at " + endpoint + ": " + e.getMessage(), e);
        } finally {
            if (!connected) {
                http.close();
                transport.connections().shutdown();
            }
        }
    }

    /** Asked once: steps ask often, and what an engine is does not change while somebody is connected to it. */
    @Override
    public synchronized EngineInfo info() {
        if (info == null) {
            info = ask();
        }
        return info;
    }

    private EngineInfo ask() {
        JsonNode said = http.json(Request.get("/info"));
        return new EngineInfo(
                endpoint.address(),
                endpoint.source(),
                said.path("ID").asText(),
                said.path("ServerVersion").asText(),
                version.toString(),
                said.path("OSType").asText("linux"),
                Architecture.inGoWords(said.path("Architecture").asText()),
                said.path("NCPU").asInt(),
                said.path("MemTotal").asLong(),
                said.path("DockerRootDir").asText(),
                said.path("PidsLimit").asBoolean(true),
                said.path("MemoryLimit").asBoolean(true),
                Json.texts(said.path("SecurityOptions")));
    }

    @Override
    public Optional<ImageInfo> image(String reference) {
        return images.find(reference);
    }

    @Override
    public List<String> imageTags(String repository) {
        return images.tags(repository);
    }

    @Override
    public void pull(
            String reference,
            Optional<String> platform,
            Optional<RegistryCredentials> credentials,
            Consumer<String> progress) {
        images.pull(reference, platform, credentials, progress);
    }

    @Override
    public void tag(String reference, String newReference) {
        images.tag(reference, newReference);
    }

    @Override
    public void removeImage(String reference) {
        images.remove(reference);
    }

    @Override
    public String build(ImageBuild build, Consumer<String> output) {
        return images.build(build, output);
    }

    @Override
    public InputStream save(List<String> references) {
        return images.save(references);
    }

    @Override
    public void load(Path archive) {
        images.load(archive);
    }

    @Override
    public String create(ContainerSpec spec) {
        return containers.create(spec);
    }

    @Override
    public void start(String container) {
        containers.start(container);
    }

    @Override
    public int await(String container) throws InterruptedException {
        return containers.await(container);
    }

    @Override
    public Optional<ContainerInfo> container(String nameOrId) {
        return containers.find(nameOrId);
    }

    @Override
    public List<ContainerInfo> containers(String namePrefix) {
        return containers.list(namePrefix);
    }

    @Override
    public String logs(String container, int lastLines) {
        return containers.logs(container, lastLines);
    }

    @Override
    public void kill(String container) {
        containers.kill(container);
    }

    @Override
    public void remove(String container) {
        containers.remove(container);
    }

    @Override
    public void copyInto(String container, String directory, TarWriter tar) throws IOException {
        containers.copyInto(container, directory, tar);
    }

    @Override
    public InputStream copyOutOf(String container, String path) {
        return containers.copyOutOf(container, path);
    }

    @Override
    public Optional<String> mark(String container, String path) {
        return containers.mark(container, path);
    }

    @Override
    public int exec(String container, ExecSpec spec, Consumer<String> output) throws InterruptedException {
        return Execution.create(http, container, spec).run(output);
    }

    /** Ends what still runs over this connection, and its threads; the engine's containers go on. */
    @Override
    public void close() {
        library.close();
        http.close();
        transport.connections().shutdown();
    }
}
