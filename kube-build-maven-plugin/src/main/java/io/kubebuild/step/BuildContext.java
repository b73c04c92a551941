package io.kubebuild.step;

import com.sun.security.auth.module.UnixSystem;
import io.kubebuild.docker.Endpoint;
import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.mandas.MandasEngine;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.BackOff;
import io.kubebuild.image.DockerConfigCredentials;
import io.kubebuild.image.ImageFetcher;
import io.kubebuild.image.Mirrors;
import io.kubebuild.problem.KubeException;
import io.kubebuild.sync.FilterRules;
import io.kubebuild.tree.Git;
import io.kubebuild.tree.TreeRoot;
import io.kubebuild.tree.WorkspaceNames;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import io.kubebuild.workspace.container.BuildUser;
import io.kubebuild.workspace.container.ContainerWorkspace;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one build share: the tree, its names, the engine and the workspace, each made when first asked for and
 * closed at the end.
 */
final class BuildContext implements AutoCloseable {

    /** Where the scripts of every tree from v1.2 to v1.34 expect it in the container. */
    static final String ROOT = "/go/src/k8s.io/kubernetes";

    private static final String DEFAULT_OUTPUT = "_output";
    private static final String STATE = "kube-build-plugin";

    private final BuildRequest request;
    private final BuildListener listener;
    private final TreeRoot tree;
    private final Path output;
    private final Git git;
    private final WorkspaceNames names;
    private final StateDirectory state;
    private final String hostName;
    private @Nullable Engine engine;
    private @Nullable Workspace workspace;

    private BuildContext(BuildRequest request, BuildListener listener) {
        this.request = request;
        this.listener = listener;
        this.tree = TreeRoot.locate(request.tree());
        this.output = output(tree, request);
        this.git = new Git(tree.path(), request.environment());
        this.hostName = hostName(request.environment());
        this.names = WorkspaceNames.of(tree, request.environment(), hostName, git.branch(), request.workspaceId());
        this.state = new StateDirectory(output.resolve(STATE), listener);
    }

    /** Looks at the tree; throws where it is none. */
    static BuildContext open(BuildRequest request, BuildListener listener) {
        return new BuildContext(request, listener);
    }

    private static Path output(TreeRoot tree, BuildRequest request) {
        Path output = tree.path()
                .resolve(request.outputDirectory().orElse(Path.of(DEFAULT_OUTPUT)))
                .normalize();
        boolean inside = output.startsWith(tree.path());
        if (inside && output.getNameCount() != tree.path().getNameCount() + 1) {
            throw KubeException.user(
                    "kube.outputDirectory is " + output + ", inside the tree but not directly below its root",
                    "what lies there would count as sources",
                    "name a directory of the root (-Dkube.outputDirectory=_output) or one outside of the tree");
        }
        return output;
    }

    private static String hostName(Map<String, String> environment) {
        String variable = environment.getOrDefault("HOSTNAME", "");
        if (!variable.isEmpty()) {
            return variable;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    BuildRequest request() {
        return request;
    }

    BuildListener listener() {
        return listener;
    }

    TreeRoot tree() {
        return tree;
    }

    Git git() {
        return git;
    }

    /** The output directory, absolute. */
    Path output() {
        return output;
    }

    WorkspaceNames names() {
        return names;
    }

    StateDirectory state() {
        return state;
    }

    String hostName() {
        return hostName;
    }

    /** Names at the root that are no sources: those of the Maven project, and an output directory with a name of its own. */
    List<String> notSources() {
        List<String> names = new ArrayList<>(request.projectFiles());
        if (output.startsWith(tree.path())) {
            names.add(String.valueOf(output.getFileName()));
        }
        return List.copyOf(names);
    }

    /** Which files go into the workspace. */
    FilterRules inward() {
        return FilterRules.inward(tree.commonScript());
    }

    /** What bash calls OSTYPE on this host; upstream hands it to the tree as KUBE_BUILDER_OS. */
    String builderOs() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return os.contains("mac") ? "darwin" : "linux-gnu";
    }

    /** The engine; throws where there is none. */
    synchronized Engine engine() {
        if (engine == null) {
            Endpoint endpoint = new EndpointResolver(request.environment(), home(), Files::exists)
                    .resolve(request.engine().host(), request.engine().certificates());
            engine = MandasEngine.connect(endpoint);
        }
        return engine;
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

    io.kubebuild.image.CredentialSource credentials() {
        return request.network().credentials().or(new DockerConfigCredentials(request.environment(), home(), listener));
    }

    /** Who owns the tree in the workspace and runs commands there: the invoking user. */
    BuildUser user() {
        UnixSystem me = new UnixSystem();
        return BuildUser.on(engine().info(), new Owner((int) me.getUid(), (int) me.getGid()));
    }

    /** The workspace; the build image and the data container stand. Its container starts with the first command. */
    synchronized Workspace workspace(String dataContainer, Map<String, String> environment) {
        if (workspace == null) {
            workspace = new ContainerWorkspace(
                    engine(),
                    new ContainerWorkspace.Settings(
                            names.buildContainer(),
                            names.image(),
                            dataContainer,
                            ROOT,
                            user(),
                            hostName,
                            tree.path().toString(),
                            environment,
                            java.util.Optional.empty()));
        }
        return workspace;
    }

    /** Where this user's builds keep what outlives a tree: locks, layers of base images. */
    Path userCache() {
        String base = request.environment().getOrDefault("XDG_CACHE_HOME", "");
        return (base.isEmpty() ? home().resolve(".cache") : Path.of(base)).resolve("kube-build");
    }

    private Path home() {
        String variable = request.environment().getOrDefault("HOME", "");
        return Path.of(variable.isEmpty() ? System.getProperty("user.home", "/") : variable);
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
