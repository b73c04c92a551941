package io.kubebuild.step;

import io.kubebuild.docker.EngineInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.sync.ArchiveTransport;
import io.kubebuild.sync.BindTransport;
import io.kubebuild.sync.FilterRules;
import io.kubebuild.sync.RsyncClient;
import io.kubebuild.sync.RsyncTransport;
import io.kubebuild.sync.Transport;
import io.kubebuild.tree.Era;
import io.kubebuild.workspace.container.DataContainer;
import io.kubebuild.workspace.container.DataVolumes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How the sources of one build come into its workspace, by {@code kube.transport}. */
final class Transports {

    private final BuildContext context;

    Transports(BuildContext context) {
        this.context = context;
    }

    /** Whether the workspace has the tree itself. */
    boolean bound() {
        return kind() == BuildRequest.TransportSettings.Kind.BIND;
    }

    /** A workspace on this machine takes an archive: there is nothing to mount, and no container for a daemon. */
    private BuildRequest.TransportSettings.Kind kind() {
        BuildRequest.TransportSettings.Kind asked =
                context.request().transport().kind();
        return asked == BuildRequest.TransportSettings.Kind.ARCHIVE
                        || context.premises().hasEngine()
                ? asked
                : BuildRequest.TransportSettings.Kind.ARCHIVE;
    }

    /** The transport that was asked for. */
    Transport chosen() {
        return switch (kind()) {
            case ARCHIVE -> new ArchiveTransport(context.listener());
            case BIND -> new BindTransport(context.listener());
            case RSYNC ->
                new RsyncTransport(
                        new RsyncClient(
                                context.request().transport().rsyncCompress(),
                                context.request().environment()),
                        workspace -> Rsyncd.start(context, workspace),
                        context.listener());
        };
    }

    /**
     * Name of the data container. One that has the tree itself must not get upstream's name: its {@code rsync --delete} would send the
     * tree onto itself, and delete the generated sources there.
     */
    String dataContainer() {
        return bound() ? context.names().boundDataContainer() : context.names().dataContainer();
    }

    /** Scripts to v1.4 keep no sources in a data container, so the whole root is what is kept. */
    private DataVolumes volumes() {
        return context.tree().era() == Era.BAKED
                ? new DataVolumes(List.of(BuildContext.ROOT), List.of(BuildContext.ROOT))
                : DataVolumes.of(context.tree().commonScript(), BuildContext.ROOT);
    }

    /** The data container that this build works with. */
    DataContainer.Wanted wanted() {
        DataVolumes volumes = volumes();
        if (bound()) {
            makeMountPoints();
            boolean selinux = context.engine().info().hasSecurity("selinux");
            volumes = volumes.boundTo(context.tree().path(), BuildContext.ROOT, apart(), selinux);
        }
        return new DataContainer.Wanted(
                dataContainer(),
                context.workspaceImage(),
                volumes,
                EnginePremises.user(context).owner(),
                context.hostName(),
                context.tree().path().toString());
    }

    /** Directories of the root that no sync touches, outputs above all: they stay volumes where the tree is mounted. */
    private List<String> apart() {
        return FilterRules.inward(context.tree().commonScript()).shelteredDirectories();
    }

    /** Before a container starts: the engine would make them as root. */
    void makeMountPoints() {
        if (!bound()) {
            return;
        }
        try {
            for (String name : apart()) {
                new ConfinedDirectory(context.tree().path()).directory(name);
            }
        } catch (IOException e) {
            throw KubeException.build(
                    "cannot make directories in " + context.tree().path() + " for the outputs to be mounted on",
                    e.toString(),
                    "make the tree writable, or leave it alone: -Dkube.transport=archive",
                    e);
        }
    }

    /** Mount points with nothing in them: no part of the tree, although they lie in it. */
    List<Path> emptyMountPoints() {
        List<Path> empty = new ArrayList<>();
        for (String name : bound() ? apart() : List.<String>of()) {
            Path directory = context.tree().path().resolve(name);
            try (Stream<Path> files = Files.list(directory)) {
                if (files.findAny().isEmpty()) {
                    empty.add(directory);
                }
            } catch (IOException e) {
                // Whoever packs the tree will meet it, and say so.
                context.listener().on(new BuildListener.Detail("cannot look into " + directory + ": " + e));
            }
        }
        return empty;
    }

    /** What a transport needs and does not find; before anything starts. */
    void verify(EngineInfo engine, String image, Findings findings) {
        switch (kind()) {
            case ARCHIVE -> {}
            case RSYNC -> {
                if (!context.tree().era().hasRsync()) {
                    findings.add(new Problem(
                            "kube.transport=rsync is not to be had for a tree of "
                                    + context.tree().era().versions(),
                            "its build image has no rsync daemon (build/build-image/rsyncd.sh)",
                            "leave kube.transport out, or mount the tree: -Dkube.transport=bind"));
                }
                if (!RsyncClient.isOn(context.request().environment().getOrDefault("PATH", ""))) {
                    findings.add(new Problem(
                            "kube.transport=rsync needs the program rsync, which is not on the PATH",
                            "",
                            "install rsync, or send the sources without it: -Dkube.transport=archive"));
                }
            }
            case BIND -> verifyBind(engine, image, findings);
        }
    }

    private void verifyBind(EngineInfo engine, String image, Findings findings) {
        Path tree = context.tree().path();
        if (!Files.isWritable(tree)) {
            findings.add(new Problem(
                    "kube.transport=bind needs a tree that may be written to, and " + tree + " may not",
                    "sources are generated in the tree itself",
                    "make it writable, or send the sources: -Dkube.transport=archive"));
            return;
        }
        makeMountPoints();
        Optional<String> blind = new EngineSight(context).blindness(image, tree, tree.resolve(OutputDirectory.USUAL));
        if (blind.isPresent()) {
            findings.add(
                    new Problem(
                            "kube.transport=bind needs an engine that sees the files of this machine, and the one at "
                                    + engine.endpoint() + " does not see " + tree,
                            blind.get(),
                            "use an engine of this machine, or send the sources: -Dkube.transport=archive, which works with every engine"));
        }
    }
}
