package io.kubebuild.step;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.Rights;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.WantedImage;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.tree.CrossImage;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.DescriptionProbe;
import io.kubebuild.workspace.Invoker;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.container.BuildUser;
import io.kubebuild.workspace.container.ContainerEnd;
import io.kubebuild.workspace.container.ContainerWorkspace;
import io.kubebuild.workspace.container.DataContainer;
import io.kubebuild.workspace.container.LeastRights;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** A Docker engine: cross image, build image, data container and build container, as upstream has them. */
final class EnginePremises implements Premises {

    /** Goes with the container; what has to stay (Go's build cache) has a variable of its own. */
    private static final String HOME = "/tmp";

    private static final String SCRIPT = "kube-describe.sh";
    private static final String ANSWER = "/kube-description";

    /** What the container is for that reads them. */
    private static final String READING = "the tree's scripts were read";

    private final BuildContext context;

    EnginePremises(BuildContext context) {
        this.context = context;
    }

    @Override
    public Optional<Found> find(Findings findings) throws InterruptedException {
        Optional<EngineInfo> engine = findings.collect(() -> context.engine().info());
        if (engine.isEmpty()) {
            return Optional.empty();
        }
        new EngineReport(context.listener())
                .tell(engine.get(), context.request().engine().memory(), findings);
        Optional<ImageInfo> found = findings.collect(this::crossImage);
        if (found.isEmpty()) {
            requireKnownBases(findings);
            return Optional.empty();
        }
        new Transports(context).verify(engine.get(), found.get().id(), findings);
        return found.map(cross -> new Found(
                engine.get().id(),
                engine.get().platform(),
                TreeVariables.crossImage(context).reference(),
                cross.id()));
    }

    /** Without the cross image the tree tells nothing now, but it may have told before what else is missing. */
    private void requireKnownBases(Findings findings) throws InterruptedException {
        Optional<Description> known =
                context.request().selection().packaged() ? new Describer(context).kept() : Optional.empty();
        if (known.isPresent()) {
            findings.collect(() -> new ServerImages(context).requireBases(known.get()));
        }
    }

    private ImageInfo crossImage() {
        CrossImage cross = TreeVariables.crossImage(context);
        WantedImage wanted = new WantedImage(ImageReference.of(cross.reference()), platform(), WantedImage.CROSS_IMAGE);
        ImageInfo image = Objects.requireNonNull(
                context.imageFetcher().ensure(List.of(wanted)).get(wanted));
        context.listener().on(new BuildListener.Detail("cross image " + cross.reference() + " is " + image.id()));
        return image;
    }

    @Override
    public boolean stillHas(Verified verified) {
        return verified.engineId().equals(context.engine().info().id())
                && context.engine()
                        .image(verified.crossImage())
                        .filter(image -> image.id().equals(verified.crossImageId()))
                        .isPresent();
    }

    @Override
    public boolean hasEngine() {
        return true;
    }

    @Override
    public String platform() {
        return context.engine().info().platform();
    }

    @Override
    public String imagePlatform() {
        return platform();
    }

    @Override
    public byte[] describe(DescriptionProbe probe, String crossImage) throws IOException, InterruptedException {
        Engine engine = context.engine();
        try (ThrowawayContainer throwaway = ThrowawayContainer.of(context, "describe")) {
            ContainerSpec spec = ContainerSpec.of(
                            throwaway.name(),
                            crossImage,
                            probe.command("/" + SCRIPT, DescriptionProbe.CONTAINER_ROOT, ANSWER))
                    .withUser("0:0")
                    .withEnvironment(probe.variables())
                    .withLabels(Labels.of(context))
                    .withRights(Rights.only("DAC_OVERRIDE")) // its files may belong to somebody else
                    .withNetworkMode(ContainerWorkspace.NO_NETWORK);
            String container = engine.create(spec);
            ProbeArchive archive = new ProbeArchive(probe, SCRIPT, DescriptionProbe.CONTAINER_ROOT.substring(1) + "/");
            engine.copyInto(container, "/", archive::write);
            engine.start(container);
            int exit = awaited(engine, throwaway);
            if (exit != 0) {
                Optional<KubeException> ended = ContainerEnd.ofCode(READING, engine, which(throwaway), exit);
                if (ended.isPresent()) {
                    throw ended.get();
                }
                throw Describer.unreadable(
                        exit, engine.logs(container, LastLines.SHOWN), "the cross image must have bash");
            }
            try (InputStream answer = engine.copyOutOf(container, ANSWER);
                    ForeignTar tar = new ForeignTar(answer, ArchiveLimits.ANSWER)) {
                if (tar.next().isEmpty()) {
                    throw new IOException("the container gave no answer");
                }
                return tar.content(Describer.MOST_BYTES);
            }
        }
    }

    private static int awaited(Engine engine, ThrowawayContainer container) throws InterruptedException {
        try {
            return engine.await(container.name());
        } catch (EngineException e) {
            Optional<KubeException> ended = ContainerEnd.ofRefusal(READING, engine, which(container), e);
            throw ended.isPresent() ? ended.get() : e;
        }
    }

    private static ContainerEnd.Which which(ThrowawayContainer container) {
        return new ContainerEnd.Which("container", container.name());
    }

    @Override
    public String image() {
        return context.engine()
                .image(context.workspaceImage())
                .map(ImageInfo::id)
                .orElseThrow(() -> KubeException.build(
                        "the build image " + context.workspaceImage() + " is gone", "", "run kube:build-image"));
    }

    @Override
    public String root() {
        return BuildContext.ROOT;
    }

    /** Who owns the tree in the workspace and runs commands there: the invoking user. */
    static BuildUser user(BuildContext context) {
        return BuildUser.on(context.engine().info(), Invoker.owner());
    }

    @Override
    public String ensureStore() throws InterruptedException {
        return new DataContainer(context.engine()).ensure(new Transports(context).wanted());
    }

    @Override
    public boolean keeps(String store) {
        return context.engine()
                .container(new Transports(context).dataContainer())
                .filter(found -> found.id().equals(store))
                .isPresent();
    }

    @Override
    public Workspace open(String store, Map<String, String> environment) {
        Transports transports = new Transports(context);
        transports.makeMountPoints();
        Map<String, String> withEachCommand =
                ContainerEnvironment.ofCommands(context.request(), ContainerProxies.ofEngine(context));
        Map<String, String> shown = new TreeMap<>(environment);
        shown.keySet().removeAll(withEachCommand.keySet());
        // The build image says that it is the tree's root. Caches, telemetry and settings of tools are no sources.
        shown.put("HOME", HOME);
        return new ContainerWorkspace(
                context.engine(),
                new ContainerWorkspace.Settings(
                        context.names().buildContainer(),
                        context.workspaceImage(),
                        store,
                        root(),
                        user(context),
                        context.hostName(),
                        context.tree().path().toString(),
                        shown,
                        withEachCommand,
                        LeastRights.on(
                                context.engine().info(),
                                user(context),
                                context.request().engine().memory()),
                        context.networked() ? Optional.empty() : Optional.of(ContainerWorkspace.NO_NETWORK),
                        context.request().engine().cgroupParent(),
                        transports.bound()),
                context.containers(),
                text -> context.listener().on(new BuildListener.Warning(text)));
    }

    @Override
    public void removeWorkspace() {
        new Cleaning(context).removeWorkspace();
    }
}
