package io.kubebuild.step;

import io.kubebuild.docker.Endpoint;
import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.mandas.MandasEngine;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.http.BackOff;
import io.kubebuild.http.tls.Trust;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.DockerConfigCredentials;
import io.kubebuild.image.ImageFetcher;
import io.kubebuild.image.Mirrors;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.output.StateDirectory;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.sync.FilterRules;
import io.kubebuild.sync.SnapshotStore;
import io.kubebuild.tree.Git;
import io.kubebuild.tree.TreeRoot;
import io.kubebuild.tree.WorkspaceNames;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.container.ShortLivedContainers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one build share: the tree, its names, the engine and the workspace, each made when first asked for and
 * closed at the end.
 */
final class BuildContext implements AutoCloseable {

    /** Where the scripts of every tree from v1.2 on expect it in a container. */
    static final String ROOT = "/go/src/k8s.io/kubernetes";

    private final BuildRequest request;
    private final BuildListener listener;
    private final TreeRoot tree;
    private final OutputDirectory output;
    private final Git git;
    private final WorkspaceNames names;
    private final StateDirectory state;
    private final SnapshotStore snapshots;
    private final String requestKey;
    private StepName last = StepName.VERIFY_PREREQS;
    private boolean usesReleaseCompile;
    private final TreeLook look = new TreeLook(this);
    private final String hostName;
    private final EngineSource engines;
    private @Nullable Engine engine;
    private @Nullable ShortLivedContainers containers;
    private @Nullable Premises premises;
    private @Nullable Workspace workspace;
    private boolean workspaceNetworked;
    private final UserDirectories directories;
    private boolean networkGiven;

    private @Nullable List<String> notSources;

    /** Where the engine comes from. */
    @FunctionalInterface
    interface EngineSource {
        Engine connect(BuildRequest request, Path home);
    }

    private BuildContext(BuildRequest request, BuildListener listener, EngineSource engines) {
        this.request = request;
        this.engines = engines;
        this.listener = listener;
        this.directories = UserDirectories.of(request);
        this.tree = TreeRoot.locate(request.tree());
        this.requestKey = RequestRecords.key(request);
        this.output = OutputDirectory.locate(tree, request.outputDirectory());
        this.git = new Git(tree.path(), request.environment());
        this.hostName = HostName.of(request.environment());
        this.names = WorkspaceNames.of(tree, namingEnvironment(request), hostName, git.branch(), request.workspaceId());
        this.state = new StateDirectory(output.path().resolve(OutputDirectory.STATE), listener);
        this.snapshots = new SnapshotStore(state.file(ofWorkspace(GeneratedElsewhere.SOURCES)), listener);
    }

    /** Trees from about v1.33 on have the tag of the cross image in their names, as it is chosen. */
    private static Map<String, String> namingEnvironment(BuildRequest request) {
        Map<String, String> environment = new HashMap<>(request.environment());
        request.scripts().tools().crossVersion().ifPresent(tag -> environment.put("KUBE_CROSS_VERSION", tag));
        return environment;
    }

    /** Looks at the tree; throws where it is none. */
    static BuildContext open(BuildRequest request, BuildListener listener, EngineSource engines) {
        return new BuildContext(request, listener, engines);
    }

    /** The engine that the request or this machine names. */
    static Engine connect(BuildRequest request, Path home) {
        Endpoint endpoint = new EndpointResolver(request.environment(), home, Files::exists)
                .resolve(request.engine().host(), request.engine().certificates());
        return MandasEngine.connect(endpoint);
    }

    BuildRequest request() {
        return request;
    }

    BuildListener listener() {
        return listener;
    }

    /** Whether the user wants a step done although it stands. */
    boolean forces(StepName step) {
        return request.force().step(step);
    }

    /** Tells why a step is done. */
    void because(StepName step, String reason) {
        listener.on(new BuildListener.StepReason(step.goal(), reason));
    }

    TreeRoot tree() {
        return tree;
    }

    Git git() {
        return git;
    }

    /** The output directory, absolute. */
    Path output() {
        return output.path();
    }

    OutputDirectory outputDirectory() {
        return output;
    }

    WorkspaceNames names() {
        return names;
    }

    StateDirectory state() {
        return state;
    }

    /**
     * Name of a record about what is in the workspace. Each branch has a workspace of its own, which outlives a switch to another one,
     * and so do these records.
     */
    String ofWorkspace(String record) {
        boolean bound = request.transport().kind() == BuildRequest.TransportSettings.Kind.BIND;
        return (bound ? names.boundDataContainer() : names.dataContainer()) + "/" + record;
    }

    /** Name of a record about this request: others may be built of the same tree, goal by goal in turns. */
    String ofRequest(String record) {
        return RequestRecords.DIRECTORY + "/" + requestKey + "/" + record;
    }

    /**
     * The names that the tree has for its owner. They have the branch in them, which git does not tell another user, such as root.
     * Empty where this user's names are the same.
     */
    Optional<WorkspaceNames> namesOfOwner() {
        return git.branchOfOwner()
                .map(branch -> WorkspaceNames.of(
                        tree, namingEnvironment(request), hostName, Optional.of(branch), request.workspaceId()))
                .filter(owners -> !owners.equals(names));
    }

    /** The snapshot of the sources that the workspace holds. */
    SnapshotStore snapshots() {
        return snapshots;
    }

    /** Tells how far this build goes. */
    void goesTo(StepName step) {
        last = step;
    }

    /** Whether steps come after this one. */
    boolean goesBeyond(StepName step) {
        return last.compareTo(step) > 0;
    }

    /** Says whether what the last release compiled serves for what is made now. */
    void useReleaseCompile(boolean serves) {
        usesReleaseCompile = serves;
    }

    /** Whether it does. */
    boolean usesReleaseCompile() {
        return usesReleaseCompile;
    }

    /** The look at the sources on the host. */
    TreeLook look() {
        return look;
    }

    String hostName() {
        return hostName;
    }

    /** Paths that are no sources: those of Maven projects that git does not track, and an output directory with a name of its own. */
    synchronized List<String> notSources() {
        if (notSources == null) {
            List<String> paths = new ArrayList<>(request.projectFiles());
            if (git.access() instanceof Git.Usable) {
                paths.removeAll(git.tracked(paths));
            }
            if (output.inside()) {
                paths.add(output.name());
            }
            notSources = List.copyOf(paths);
        }
        return notSources;
    }

    /** Which files go into the workspace. */
    FilterRules inward() {
        FilterRules ofTree = FilterRules.inward(tree.commonScript());
        // Where the tree itself is mounted, what is no source lies in the workspace, too.
        return new Transports(this).bound() ? ofTree.leavingAlone(notSources()) : ofTree;
    }

    /** What bash calls OSTYPE on this host; upstream hands it to the tree as KUBE_BUILDER_OS. */
    String builderOs() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return os.contains("mac") ? "darwin" : "linux-gnu";
    }

    /** The engine; throws where there is none. */
    synchronized Engine engine() {
        if (engine == null) {
            engine = engines.connect(request, home());
        }
        return engine;
    }

    /** Sees to it that no container outlives the build but the data container. */
    synchronized ShortLivedContainers containers() {
        if (containers == null) {
            containers = new ShortLivedContainers(engine(), new ContainerNotes(state(), listener()));
        }
        return containers;
    }

    /** Brings images into the engine, by the request's policy. */
    ImageFetcher imageFetcher() {
        return new ImageFetcher(
                engine(),
                mirrors(),
                credentials(),
                request.images().pull(),
                request.offline(),
                BackOff.standard(),
                listener);
    }

    Mirrors mirrors() {
        return Mirrors.of(request.network().mirrors());
    }

    CredentialSource credentials() {
        return request.network().credentials().or(new DockerConfigCredentials(request.environment(), home(), listener));
    }

    /** The way to what the plugin fetches itself. */
    Access access() {
        BuildRequest.NetworkSettings network = request.network();
        return new Access(network.proxies(), Trust.of(network.authorities(), request.environment(), home()));
    }

    /** What the workspace stands on; chosen when first asked for. */
    synchronized Premises premises() {
        if (premises == null) {
            premises = PremisesChoice.of(this);
        }
        return premises;
    }

    /** Root of the tree in the workspace, where its scripts expect it. */
    String root() {
        return premises().root();
    }

    /** From now on commands in the build container have the network: they are tests, or the user's own. */
    synchronized void giveNetwork() {
        networkGiven = true;
    }

    /** Whether commands in the build container have the network; what a release compiles and packs needs none. */
    synchronized boolean networked() {
        return networkGiven
                || request.engine().network()
                || request.network()
                        .goProxy()
                        .filter(proxy -> !proxy.equals("off"))
                        .isPresent()
                || request.scripts()
                        .tools()
                        .goToolchain()
                        .filter(go -> !go.equals("local"))
                        .isPresent();
    }

    /** The workspace; the build image and the data container stand. Its container starts with the first command. */
    synchronized Workspace workspace(String dataContainer, Map<String, String> environment) {
        boolean fits =
                workspace != null && workspace.identity().equals(dataContainer) && workspaceNetworked == networked();
        if (workspace != null && !fits) {
            workspace.close();
            workspace = null;
        }
        if (workspace == null) {
            workspaceNetworked = networked();
            workspace = premises().open(dataContainer, environment);
        }
        return workspace;
    }

    /**
     * The image whose containers are the workspace: the build image, or where the tree has none (from v1.35 on) the cross image
     * itself; verify-prereqs stands.
     */
    String workspaceImage() {
        return tree.era().hasBuildImage() ? names.image() : Steps.verified(this).crossImage();
    }

    /** Where this user's builds keep what outlives a tree: locks, layers of base images. */
    Path userCache() {
        return directories.cache();
    }

    Path home() {
        return directories.home();
    }

    @Override
    public synchronized void close() {
        try {
            if (workspace != null) {
                workspace.close();
            }
        } finally {
            if (engine != null) {
                engine.close();
            }
        }
    }
}
