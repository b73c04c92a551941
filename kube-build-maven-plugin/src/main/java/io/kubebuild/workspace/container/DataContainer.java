package io.kubebuild.workspace.container;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.docker.Rights;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.ExitCode;
import io.kubebuild.workspace.Workspace.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stopped container whose volumes keep the sources, the Go build cache and the outputs between builds. Same name, volumes
 * and owner as upstream's {@code kube::build::ensure_data_container}, so that both can work on one.
 */
public final class DataContainer {

    /** Label: the host that the container was made for. */
    public static final String HOST_LABEL = "io.kubebuild.host";

    /** Label: the tree, as an absolute path on that host. */
    public static final String PATH_LABEL = "io.kubebuild.path";

    private final Engine engine;

    public DataContainer(Engine engine) {
        this.engine = engine;
    }

    /**
     * What is wanted.
     *
     * @param name the container's name, as upstream's {@code kube-build-data-…}
     * @param image the build image
     * @param volumes what it keeps
     * @param owner who owns it
     * @param hostname the container's host name, also its label
     * @param treePath absolute path of the tree on this host, for the label
     */
    public record Wanted(
            String name, String image, DataVolumes volumes, Owner owner, String hostname, String treePath) {

        ContainerSpec spec() {
            List<String> command = new ArrayList<>(List.of("chown", "-R", owner.uid() + ":" + owner.gid()));
            command.addAll(volumes.owned());
            // As root whatever the image says: it must be able to give files away. No network is needed for that.
            return ContainerSpec.of(name, image, command)
                    .withUser("0:0")
                    .withRights(Rights.only("CHOWN", "DAC_OVERRIDE"))
                    .withNetworkMode(ContainerWorkspace.NO_NETWORK)
                    .withHostname(hostname)
                    .withVolumes(volumes.volumes())
                    .withHost(HostAccess.to(volumes.binds()))
                    .withLabels(labels(hostname, treePath));
        }
    }

    static Map<String, String> labels(String hostname, String treePath) {
        return Map.of(HOST_LABEL, hostname, PATH_LABEL, treePath);
    }

    /** The id of the data container: the one that stands, or a new one where there is none or its last run failed. */
    public String ensure(Wanted wanted) throws InterruptedException {
        try {
            Optional<ContainerInfo> existing = engine.container(wanted.name());
            if (existing.isPresent()) {
                String id = existing.get().id();
                int exitCode = existing.get().running()
                        ? engine.await(id)
                        : existing.get().exitCode();
                if (exitCode == 0 && hasTheTree(existing.get(), wanted)) {
                    return id;
                }
                engine.remove(id);
            }
            return make(wanted);
        } catch (EngineException e) {
            throw EngineTrouble.during("making the data container " + wanted.name(), e);
        }
    }

    /** A tree that is mounted must be this one: under a {@code kube.workspaceId} another may have had the name. */
    private static boolean hasTheTree(ContainerInfo container, Wanted wanted) {
        return wanted.volumes().binds().isEmpty()
                || wanted.treePath().equals(container.labels().get(PATH_LABEL));
    }

    private String make(Wanted wanted) throws InterruptedException {
        String id = engine.create(wanted.spec());
        boolean done = false;
        try {
            engine.start(id);
            int exitCode = engine.await(id);
            if (exitCode != 0) {
                Optional<KubeException> ended = ContainerEnd.ofCode(
                        "the volumes of the workspace were given to the build user",
                        engine,
                        new ContainerEnd.Which("data container", wanted.name()),
                        exitCode);
                if (ended.isPresent()) {
                    throw ended.get();
                }
                throw KubeException.build(
                        "the data container " + wanted.name() + " could not give its volumes to the build user "
                                + wanted.owner().uid() + ":" + wanted.owner().gid(),
                        "chown ended with code " + ExitCode.inWords(exitCode) + "\n" + engine.logs(id, 20),
                        "check the build image " + wanted.image()
                                + " (it needs chown) and the engine's disk, then run again");
            }
            done = true;
            return id;
        } finally {
            // One that never ran would look like a good one next time: its exit code is 0.
            if (!done) {
                engine.remove(id);
            }
        }
    }
}
