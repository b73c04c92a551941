package io.kubebuild.workspace.container;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.HostAccess;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container in which an rsync daemon serves the source root ({@code kube::build::start_rsyncd_container}, build/common.sh, and
 * the build image's {@code rsyncd.sh}). Its port is open on the engine's loopback address only, and only as long as this object is.
 */
public final class RsyncContainer implements AutoCloseable {

    /** KUBE_CONTAINER_RSYNC_PORT of build/common.sh, which rsyncd.sh has as a number. */
    private static final int PORT = 8730;

    private static final int LAST_LINES = 10;

    private final Engine engine;
    private final String name;
    private final ShortLivedContainers containers;

    private RsyncContainer(Engine engine, String name, ShortLivedContainers containers) {
        this.engine = engine;
        this.name = name;
        this.containers = containers;
    }

    /**
     * What it is like.
     *
     * @param name as upstream's {@code kube-rsync-<hash>-<version>}; a container of that name is removed first
     * @param image the build image, which has the daemon's script and its password
     * @param dataContainer id of the data container
     * @param user who writes the files
     * @param hostname its host name
     * @param treePath absolute path of the tree on this host, for its label
     * @param allowedHosts addresses that may connect besides the containers' own network
     * @param port on the engine's loopback address; 0 for one that the engine chooses
     */
    public record Settings(
            String name,
            String image,
            String dataContainer,
            BuildUser user,
            String hostname,
            String treePath,
            List<String> allowedHosts,
            int port) {
        public Settings {
            allowedHosts = List.copyOf(allowedHosts);
        }

        ContainerSpec spec() {
            ContainerSpec spec = ContainerSpec.of(name, image, List.of("/rsyncd.sh"))
                    .withEnvironment(Map.of("ALLOW_HOST", String.join(" ", allowedHosts)))
                    .withHostname(hostname)
                    .withVolumesFrom(List.of(dataContainer))
                    .withLabels(DataContainer.labels(hostname, treePath))
                    .withHost(HostAccess.through(new HostAccess.Port(PORT, port)));
            return user.user().map(spec::withUser).orElse(spec);
        }
    }

    /** Starts it; whether the daemon answers yet is for the caller to find out. */
    public static RsyncContainer start(Engine engine, Settings settings, ShortLivedContainers containers) {
        String name = settings.name();
        containers.expect("the rsync container", name);
        RsyncContainer container = new RsyncContainer(engine, name, containers);
        boolean running = false;
        try {
            engine.remove(name);
            engine.start(engine.create(settings.spec()));
            running = true;
            return container;
        } catch (EngineException e) {
            throw EngineTrouble.during("starting the rsync container " + name, e);
        } finally {
            if (!running) {
                container.close();
            }
        }
    }

    /** The port of the engine's machine that leads to the daemon; empty where the container does not run any more. */
    public Optional<Integer> port() {
        return engine.container(name)
                .filter(ContainerInfo::running)
                .map(container -> container.ports().get(PORT));
    }

    /** What the daemon printed last. */
    public String lastWords() {
        return engine.container(name).isPresent() ? engine.logs(name, LAST_LINES) : "";
    }

    @Override
    public void close() {
        engine.remove(name);
        containers.gone(name);
    }
}
