package io.kubebuild.testing;

import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.request.BinarySettings;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.BuildRequest.CacheSettings;
import io.kubebuild.request.BuildRequest.EngineSettings;
import io.kubebuild.request.BuildRequest.GoSettings;
import io.kubebuild.request.BuildRequest.ImageSettings;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.request.BuildRequest.Packaging;
import io.kubebuild.request.BuildRequest.Selection;
import io.kubebuild.request.BuildRequest.TransportSettings;
import io.kubebuild.request.BuildRequest.VersionSettings;
import io.kubebuild.request.BuildRequest.WorkspaceSettings;
import io.kubebuild.request.PackagingSettings;
import io.kubebuild.request.ScriptSettings;
import io.kubebuild.request.ToolSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Builds requests for tests; what is not said is what the goals have where nobody says anything. */
public final class Requests {

    private final Path tree;
    private Optional<Path> output = Optional.empty();
    private Optional<String> workspaceId = Optional.empty();
    private Selection selection =
            new Selection(List.of(), false, List.of(), Packaging.RELEASE, Optional.empty(), Optional.empty());
    private VersionSettings version = new VersionSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
    private GoSettings go = new GoSettings(Optional.empty(), Optional.empty(), Optional.empty(), false);
    private ScriptSettings scripts = ScriptSettings.NONE;
    private ImageSettings images =
            new ImageSettings(Optional.empty(), Optional.empty(), Optional.empty(), PullPolicy.NEVER, Map.of());
    private NetworkSettings network = new NetworkSettings(
            Optional.empty(),
            Optional.empty(),
            NoProxy.NONE,
            Map.of(),
            CredentialSource.NONE,
            Optional.empty(),
            List.of());
    private WorkspaceSettings workspace = new WorkspaceSettings(
            Optional.of(BuildRequest.WorkspaceKind.CONTAINER), Optional.empty(), Optional.empty());
    private CacheSettings cache = CacheSettings.NONE;
    private TransportSettings transport = TransportSettings.ARCHIVE;
    private Optional<String> verbose = Optional.empty();
    private boolean offline = true;
    private boolean networked;
    private OptionalLong memory = OptionalLong.empty();
    private BuildRequest.Force force = BuildRequest.Force.NOTHING;
    private List<String> projectFiles = List.of("pom.xml", ".mvn", "target");
    private final Map<String, String> environment = new HashMap<>();

    private Requests(Path tree, Path home) {
        this.tree = tree;
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("HOME", home.toString());
        environment.put("HOSTNAME", "host-of-the-test");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
        // Where tests look for an engine, builds do.
        Optional.ofNullable(System.getenv("DOCKER_HOST")).ifPresent(host -> environment.put("DOCKER_HOST", host));
    }

    /**
     * A request for a tree.
     *
     * @param home where locks, caches and settings of the user are looked for
     */
    public static Requests of(Path tree, Path home) {
        return new Requests(tree, home);
    }

    public Requests output(Path value) {
        output = Optional.of(value);
        return this;
    }

    public Requests workspaceId(String value) {
        workspaceId = Optional.of(value);
        return this;
    }

    public Requests platforms(String... values) {
        selection = new Selection(
                List.of(values),
                selection.quick(),
                selection.targets(),
                selection.packaging(),
                selection.conformance(),
                selection.hyperkube());
        return this;
    }

    public Requests targets(String... values) {
        selection = new Selection(
                selection.platforms(),
                selection.quick(),
                List.of(values),
                Packaging.NOTHING,
                selection.conformance(),
                selection.hyperkube());
        return this;
    }

    /** What kube:run asks for. */
    public Requests unpackaged() {
        selection = new Selection(
                selection.platforms(),
                selection.quick(),
                selection.targets(),
                Packaging.NOTHING,
                selection.conformance(),
                selection.hyperkube());
        return this;
    }

    /** What kube:release-images asks for. */
    public Requests imagesOnly(String... extra) {
        selection = new Selection(
                selection.platforms(),
                selection.quick(),
                List.of(extra),
                Packaging.IMAGES,
                selection.conformance(),
                selection.hyperkube());
        return this;
    }

    public Requests images(Optional<Boolean> conformance, Optional<Boolean> hyperkube) {
        selection = new Selection(
                selection.platforms(),
                selection.quick(),
                selection.targets(),
                selection.packaging(),
                conformance,
                hyperkube);
        return this;
    }

    public Requests gitVersion(String value) {
        version = new VersionSettings(
                Optional.of(value),
                version.gitTreeState(),
                version.gitCommit(),
                version.sourceDateEpoch(),
                version.outputTimestamp());
        return this;
    }

    public Requests go(GoSettings value) {
        go = value;
        return this;
    }

    public Requests baseImageRegistry(String value) {
        images = new ImageSettings(
                images.registry(), images.imageTag(), Optional.of(value), images.pull(), images.baseImageArchives());
        return this;
    }

    /** With a network, and images fetched as the policy says. */
    public Requests pull(PullPolicy value) {
        offline = false;
        images = new ImageSettings(
                images.registry(), images.imageTag(), images.baseImageRegistry(), value, images.baseImageArchives());
        return this;
    }

    public Requests scripts(BinarySettings binaries) {
        scripts = new ScriptSettings(binaries, scripts.tools(), scripts.packaging());
        return this;
    }

    public Requests scripts(ToolSettings tools) {
        scripts = new ScriptSettings(scripts.binaries(), tools, scripts.packaging());
        return this;
    }

    public Requests scripts(PackagingSettings packaging) {
        scripts = new ScriptSettings(scripts.binaries(), scripts.tools(), packaging);
        return this;
    }

    /** With kube.memory, in bytes. */
    public Requests memory(long bytes) {
        memory = OptionalLong.of(bytes);
        return this;
    }

    /** With kube.network=on. */
    public Requests networked() {
        networked = true;
        return this;
    }

    public Requests network(NetworkSettings value) {
        network = value;
        return this;
    }

    public Requests workspace(WorkspaceSettings value) {
        workspace = value;
        return this;
    }

    public Requests cache(CacheSettings value) {
        cache = value;
        return this;
    }

    public Requests transport(TransportSettings.Kind kind) {
        transport = new TransportSettings(kind, 0, 0);
        return this;
    }

    public Requests verbose(String value) {
        verbose = Optional.of(value);
        return this;
    }

    public Requests force(boolean value) {
        force = value ? BuildRequest.Force.EVERYTHING : BuildRequest.Force.NOTHING;
        return this;
    }

    public Requests variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Requests projectFiles(String... paths) {
        projectFiles = List.of(paths);
        return this;
    }

    public BuildRequest build() {
        return new BuildRequest(
                tree,
                output,
                workspaceId,
                selection,
                version,
                go,
                scripts,
                images,
                new EngineSettings(Optional.empty(), Optional.empty(), Optional.empty(), networked, memory),
                transport,
                workspace,
                network,
                cache,
                5,
                offline,
                force,
                verbose,
                environment,
                projectFiles,
                "test");
    }
}
