package io.kubebuild.plan;

import io.kubebuild.workspace.HostShellWorkspace;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A tree of scripts with the traps of Kubernetes' own, and a go that compiles nothing, in a directory of a test. */
public final class StubTree {

    private final Path root;
    private final Path tools;

    private StubTree(Path root, Path tools) {
        this.root = root;
        this.tools = tools;
    }

    public static StubTree in(Path directory) throws IOException, URISyntaxException {
        Path source = Path.of(StubTree.class.getResource("stub-tree").toURI());
        Path root = directory.toRealPath().resolve("tree");
        Path tools = directory.toRealPath().resolve("tools");
        Files.createDirectories(tools);
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path relative = source.relativize(file);
                Path target = relative.startsWith("tools")
                        ? tools.resolve(relative.getFileName())
                        : root.resolve(relative.toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return new StubTree(root, tools);
    }

    public Path root() {
        return root;
    }

    public Workspace workspace() {
        return workspace(Map.of());
    }

    public Workspace workspace(Map<String, String> extra) {
        return workspace(root, extra);
    }

    /** The same tools on another tree. */
    public Workspace workspace(Path tree, Map<String, String> extra) {
        Map<String, String> environment = new java.util.TreeMap<>(Map.of(
                "PATH", tools + ":/usr/local/bin:/usr/bin:/bin",
                "HOME", tools.toString(),
                "STUB_LOG", log().toString()));
        environment.putAll(extra);
        return new HostShellWorkspace(tree.toString(), environment);
    }

    /** Calls that reached the stub go: directory, GOMAXPROCS, CGO_ENABLED, STUB_EXTRA and words, separated by bars. */
    public List<String> calls() throws IOException {
        return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
    }

    private Path log() {
        return tools.resolve("log");
    }

    public static RequestedOutput requested(String target, String platform) {
        return new RequestedOutput(
                target, io.kubebuild.tree.Platform.parse(platform).orElseThrow());
    }
}
