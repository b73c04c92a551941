package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.http.Patience;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.LastLines;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.tree.DescriptionProbe;
import io.kubebuild.tree.GoRequirement;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Invoker;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Capacity;
import io.kubebuild.workspace.host.GoSdk;
import io.kubebuild.workspace.host.GoSdks;
import io.kubebuild.workspace.host.HostDirectory;
import io.kubebuild.workspace.host.HostTools;
import io.kubebuild.workspace.host.HostView;
import io.kubebuild.workspace.host.HostWorkspace;
import io.kubebuild.workspace.host.SdkArchives;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** This machine, without an engine. */
final class HostPremises implements Premises {

    /** Why goals and images that need an engine cannot be had. */
    static final String NO_ENGINE = "the host workspace has no Docker engine";

    private static final String SCRIPT = "kube-describe.sh";
    private static final String ANSWER = "kube-description";

    private final BuildContext context;
    private final List<Problem> engineTrouble;
    private final HostTools tools = HostTools.ofThisMachine();
    private @Nullable Ground ground;

    /**
     * @param engineTrouble why there is no engine, where nobody has asked for this workspace; else empty
     */
    HostPremises(BuildContext context, List<Problem> engineTrouble) {
        this.context = context;
        this.engineTrouble = List.copyOf(engineTrouble);
    }

    /**
     * What commands run with.
     *
     * @param directory made
     * @param store id of the directory
     */
    private record Ground(HostDirectory directory, String store, GoSdk sdk, HostView view) {}

    private HostDirectory directory() {
        return new HostDirectory(HostWorkspaces.directories(context.userCache())
                .resolve(context.names().dataContainer()));
    }

    @Override
    public Optional<Found> find(Findings findings) throws InterruptedException {
        Findings own = new Findings();
        own.addAll(tools.missing());
        Optional<Ground> found = own.collect(this::ground);
        if (!own.isEmpty()) {
            // Where nobody asked for this workspace, an engine is the nearer way out.
            findings.addAll(engineTrouble);
            findings.collect(() -> {
                own.throwIfAny();
                return true;
            });
            return Optional.empty();
        }
        Ground here = found.orElseThrow();
        tell(here);
        return Optional.of(new Found(
                "this machine, " + context.hostName(),
                here.sdk().platform(),
                here.sdk().version() + " in " + here.sdk().root(),
                toolchainId(here)));
    }

    private void tell(Ground here) throws InterruptedException {
        BuildListener listener = context.listener();
        if (!engineTrouble.isEmpty()) {
            listener.on(new BuildListener.Warning("building on this machine itself, since no Docker engine answers ("
                    + engineTrouble.get(0).what() + "); -Dkube.workspace=container insists on one"));
        }
        Capacity capacity = open(here, Map.of()).capacity();
        listener.on(new BuildListener.Fact(
                "workspace",
                "on this machine, " + here.sdk().platform() + ", " + capacity.cpus() + " CPUs, in "
                        + here.directory().path()));
        listener.on(new BuildListener.Fact(
                "Go", here.sdk().version() + " in " + here.sdk().root()));
        GoRequirement requirement = GoRequirement.of(context.tree());
        requirement
                .wantedInsteadOf(here.sdk().version())
                .ifPresent(wanted -> listener.on(
                        new BuildListener.Warning("Go is " + here.sdk().version() + ", the tree's .go-version says "
                                + wanted + ": binaries differ from those that are released")));
        requirement.misread(here.sdk().version()).ifPresent(text -> listener.on(new BuildListener.Fact("Go", text)));
        if (here.view() instanceof HostView.InPlace inPlace) {
            listener.on(new BuildListener.Warning(
                    "binaries differ in their bytes from those of a container, which have the path "
                            + DescriptionProbe.CONTAINER_ROOT + " in them: " + inPlace.reason()));
        } else {
            listener.on(new BuildListener.Fact(
                    "mount namespace",
                    "the sources are at " + here.view().gopath(here.directory()) + "/" + HostWorkspace.TREE
                            + ", as in a container"));
        }
        if (tools.compiler().isEmpty()) {
            listener.on(new BuildListener.Warning(
                    "this machine has no gcc: programs that use cgo will not compile. On Debian: apt-get install gcc"
                            + " libc6-dev"));
        }
        new EngineReport(listener).warnOfLittleDisk(here.directory().path(), "workspace");
    }

    /** Changes with what decides about bytes: Go, the C compiler, where files seem to lie. */
    private String toolchainId(Ground here) throws InterruptedException {
        try {
            return Fingerprint.builder()
                    .add("go", here.sdk().version() + " " + here.sdk().sha256())
                    .add("compiler", tools.compiler().orElse("none"))
                    .add("goroot", here.view().goroot(here.sdk()))
                    .add("root", settings(here, Map.of()).root())
                    .build()
                    .id();
        } catch (IOException e) {
            throw KubeException.build(
                    "the Go SDK in " + here.sdk().root() + " cannot be read",
                    e.toString(),
                    "name another: -Dkube.goSdk=DIRECTORY",
                    e);
        }
    }

    private synchronized Ground ground() throws InterruptedException {
        Ground known = ground;
        if (known == null) {
            GoSdk sdk = sdk();
            HostDirectory directory = directory();
            String store = ensured(directory);
            known = new Ground(
                    directory,
                    store,
                    sdk,
                    HostView.of(directory, sdk, tools, Invoker.owner().uid() == 0));
            ground = known;
        }
        return known;
    }

    /** The same where a look at the machine can no longer be interrupted. */
    private Ground standing() {
        try {
            return ground();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build("looking for Go was interrupted", "", "run it again", e);
        }
    }

    private String ensured(HostDirectory directory) {
        try {
            return directory.ensure(
                    HostWorkspace.TREE,
                    context.hostName(),
                    context.tree().path().toString());
        } catch (IOException e) {
            throw KubeException.user(
                    "the workspace " + directory.path() + " cannot be made",
                    e.toString(),
                    "make that directory writable and its disk not full, or name another cache: XDG_CACHE_HOME=DIRECTORY");
        }
    }

    private GoSdk sdk() throws InterruptedException {
        BuildRequest.WorkspaceSettings wanted = context.request().workspace();
        GoRequirement requirement = GoRequirement.of(context.tree());
        GoSdks sdks = new GoSdks(tools, context.request().environment().getOrDefault("PATH", ""), Path.of("/usr/lib"));
        if (wanted.archive().isPresent()) {
            SdkArchives.Wanted archive = wanted.archive().get();
            Path directory = new SdkArchives(
                            context.userCache().resolve("go-sdks"), Patience.standard(), context.listener())
                    .ensure(archive, context.request().offline(), context.access());
            return sdks.named(directory, requirement);
        }
        return wanted.goSdk().isPresent()
                ? sdks.named(context.tree().path().resolve(wanted.goSdk().get()), requirement)
                : sdks.own(requirement);
    }

    private HostWorkspace.Settings settings(Ground here, Map<String, String> environment) {
        return new HostWorkspace.Settings(
                here.directory(), here.view(), here.sdk(), tools, environment, Invoker.owner());
    }

    private HostWorkspace open(Ground here, Map<String, String> environment) {
        return new HostWorkspace(settings(here, environment));
    }

    @Override
    public boolean stillHas(Verified verified) throws InterruptedException {
        return verified.engineId().equals("this machine, " + context.hostName())
                && verified.crossImageId().equals(toolchainId(ground()));
    }

    @Override
    public boolean hasEngine() {
        return false;
    }

    @Override
    public String platform() {
        return standing().sdk().platform();
    }

    @Override
    public String imagePlatform() {
        return "linux/" + platform().substring(platform().indexOf('/') + 1);
    }

    /** In a directory of its own, which has none of the sources. */
    @Override
    public byte[] describe(DescriptionProbe probe, String toolchainId) throws IOException, InterruptedException {
        Ground here = ground();
        HostDirectory throwaway =
                new HostDirectory(here.directory().path().resolveSibling(".describe-" + UUID.randomUUID()));
        ensured(throwaway);
        Ground there = new Ground(throwaway, "", here.sdk(), here.view());
        try (HostWorkspace workspace = open(there, probe.variables())) {
            String answer = workspace.temporary() + "/" + ANSWER;
            workspace.put(workspace.temporary(), new ProbeArchive(probe, SCRIPT, "tree/")::write);
            LastLines last = LastLines.ofAny();
            // Where a tree of old versions looks for itself in a GOPATH.
            String script = "mkdir -p \"$2\" && cp -R -P -p \"$1/tree/.\" \"$2\" && cd / && exec bash \"$1/" + SCRIPT
                    + "\" \"$2\" \"$3\"";
            Command command = Command.in(
                    workspace.root(),
                    Map.of(),
                    "/bin/sh",
                    "-c",
                    script,
                    "sh",
                    workspace.temporary(),
                    workspace.root(),
                    answer);
            int exit = workspace.run(command, last);
            if (exit != 0) {
                throw Describer.unreadable(exit, last.text(), "this machine must have bash");
            }
            try (InputStream stream = workspace.get(answer);
                    ForeignTar tar = new ForeignTar(stream, ArchiveLimits.ANSWER)) {
                if (tar.next().isEmpty()) {
                    throw new IOException("the scripts gave no answer");
                }
                return tar.content(Describer.MOST_BYTES);
            }
        } finally {
            throwaway.delete();
        }
    }

    /** There is no image; what programs compile with is what matters of it. */
    @Override
    public String image() {
        return Steps.verified(context).crossImageId();
    }

    @Override
    public String root() {
        return settings(standing(), Map.of()).root();
    }

    @Override
    public String ensureStore() throws InterruptedException {
        return ensured(ground().directory());
    }

    @Override
    public boolean keeps(String store) {
        return directory().id().filter(store::equals).isPresent();
    }

    @Override
    public Workspace open(String store, Map<String, String> environment) {
        return open(standing(), environment);
    }

    /** Of all versions that this tree had. */
    @Override
    public void removeWorkspace() {
        HostWorkspaces.removeOf(context);
    }
}
