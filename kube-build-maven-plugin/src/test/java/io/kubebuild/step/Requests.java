package io.kubebuild.step;

import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.step.BuildRequest.CacheSettings;
import io.kubebuild.step.BuildRequest.EngineSettings;
import io.kubebuild.step.BuildRequest.GoSettings;
import io.kubebuild.step.BuildRequest.ImageSettings;
import io.kubebuild.step.BuildRequest.NetworkSettings;
import io.kubebuild.step.BuildRequest.Selection;
import io.kubebuild.step.BuildRequest.TransportSettings;
import io.kubebuild.step.BuildRequest.VersionSettings;
import io.kubebuild.step.BuildRequest.WorkspaceSettings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Builds requests for tests; what is not said is what the goals have where nobody says anything. */
final class Requests {

    private final Path tree;
    private Optional<Path> output = Optional.empty();
    private Optional<String> workspaceId = Optional.empty();
    private Selection selection = new Selection(List.of(), false, List.of(), true, Optional.empty(), Optional.empty());
    private VersionSettings version = new VersionSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());
    private GoSettings go = new GoSettings(Optional.empty(), Optional.empty(), Optional.empty(), false);
    private ScriptSettings scripts = ScriptSettings.NONE;
    private ImageSettings images =
            new ImageSettings(Optional.empty(), Optional.empty(), Optional.empty(), PullPolicy.NEVER, Map.of());
    private NetworkSettings network = new NetworkSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), CredentialSource.NONE, Optional.empty());
    private WorkspaceSettings workspace = new WorkspaceSettings(
            Optional.of(BuildRequest.WorkspaceKind.CONTAINER), Optional.empty(), Optional.empty());
    private CacheSettings cache = CacheSettings.NONE;
    private TransportSettings transport = TransportSettings.ARCHIVE;
    private Optional<String> verbose = Optional.empty();
    private boolean offline = true;
    private BuildRequest.Force force = BuildRequest.Force.NOTHING;
    private final Map<String, String> environment = new HashMap<>();

    private Requests(Path tree, Path home) {
        this.tree = tree;
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        environment.put("HOME", home.toString());
        environment.put("HOSTNAME", "host-of-the-test");
        environment.put("GIT_CONFIG_NOSYSTEM", "1");
    }

    /** @param home where locks, caches and settings of the user are looked for */
    static Requests of(Path tree, Path home) {
        return new Requests(tree, home);
    }

    Requests output(Path value) {
        output = Optional.of(value);
        return this;
    }

    Requests workspaceId(String value) {
        workspaceId = Optional.of(value);
        return this;
    }

    Requests platforms(String... values) {
        selection = new Selection(
                List.of(values),
                selection.quick(),
                selection.targets(),
                selection.packaged(),
                selection.conformance(),
                selection.hyperkube());
        return this;
    }

    Requests targets(String... values) {
        selection = new Selection(
                selection.platforms(),
                selection.quick(),
                List.of(values),
                false,
                selection.conformance(),
                selection.hyperkube());
        return this;
    }

    /** What kube:run asks for. */
    Requests unpackaged() {
        selection = new Selection(
                selection.platforms(),
                selection.quick(),
                selection.targets(),
                false,
                selection.conformance(),
                selection.hyperkube());
        return this;
    }

    Requests images(Optional<Boolean> conformance, Optional<Boolean> hyperkube) {
        selection = new Selection(
                selection.platforms(),
                selection.quick(),
                selection.targets(),
                selection.packaged(),
                conformance,
                hyperkube);
        return this;
    }

    Requests gitVersion(String value) {
        version = new VersionSettings(
                Optional.of(value),
                version.gitTreeState(),
                version.gitCommit(),
                version.sourceDateEpoch(),
                version.outputTimestamp());
        return this;
    }

    Requests go(GoSettings value) {
        go = value;
        return this;
    }

    Requests baseImageRegistry(String value) {
        images = new ImageSettings(
                images.registry(), images.imageTag(), Optional.of(value), images.pull(), images.baseImageArchives());
        return this;
    }

    /** With a network, and images fetched as the policy says. */
    Requests pull(PullPolicy value) {
        offline = false;
        images = new ImageSettings(
                images.registry(), images.imageTag(), images.baseImageRegistry(), value, images.baseImageArchives());
        return this;
    }

    Requests scripts(BinarySettings binaries) {
        scripts = new ScriptSettings(binaries, scripts.tools(), scripts.packaging());
        return this;
    }

    Requests scripts(ToolSettings tools) {
        scripts = new ScriptSettings(scripts.binaries(), tools, scripts.packaging());
        return this;
    }

    Requests scripts(PackagingSettings packaging) {
        scripts = new ScriptSettings(scripts.binaries(), scripts.tools(), packaging);
        return this;
    }

    Requests network(NetworkSettings value) {
        network = value;
        return this;
    }

    Requests workspace(WorkspaceSettings value) {
        workspace = value;
        return this;
    }

    Requests cache(CacheSettings value) {
        cache = value;
        return this;
    }

    Requests transport(TransportSettings.Kind kind) {
        transport = new TransportSettings(kind, 0, 0);
        return this;
    }

    Requests verbose(String value) {
        verbose = Optional.of(value);
        return this;
    }

    Requests force(boolean value) {
        force = value ? BuildRequest.Force.EVERYTHING : BuildRequest.Force.NOTHING;
        return this;
    }

    Requests variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    BuildRequest build() {
        return new BuildRequest(
                tree,
                output,
                workspaceId,
                selection,
                version,
                go,
                scripts,
                images,
                new EngineSettings(Optional.empty(), Optional.empty(), Optional.empty()),
                transport,
                workspace,
                network,
                cache,
                5,
                offline,
                force,
                verbose,
                environment,
                List.of("pom.xml", ".mvn", "target"),
                "test");
    }
}
