package io.kubebuild.it.chaos;

import io.kubebuild.it.MavenBuild;
import io.kubebuild.it.ReleasedTree;
import io.kubebuild.it.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A tree with a temporary directory and a user cache of its own, so that nobody else's files are mistaken for leftovers. */
final class Stage implements AutoCloseable {

    /** The shortest release that has all six steps. */
    static final String PLATFORM = "linux/amd64";

    private final Path directory;
    private final SampleTree tree;
    private final EngineView engine;
    private final Optional<OwnEngine> ownEngine;
    private Map<String, Integer> points = Map.of();

    private Stage(Path directory, SampleTree tree, EngineView engine, Optional<OwnEngine> ownEngine) {
        this.directory = directory;
        this.tree = tree;
        this.engine = engine;
        this.ownEngine = ownEngine;
    }

    /** Makes one in an empty directory. */
    static Stage in(Path directory, EngineView engine, Optional<OwnEngine> ownEngine) throws IOException {
        for (String name : List.of("tmp", "cache")) {
            Files.createDirectories(directory.resolve(name));
        }
        return new Stage(directory, SampleTree.in(directory), engine, ownEngine);
    }

    Path directory() {
        return directory;
    }

    Path temporary() {
        return directory.resolve("tmp");
    }

    Path userCache() {
        return directory.resolve("cache");
    }

    SampleTree tree() {
        return tree;
    }

    Path output() {
        return tree.file("_output");
    }

    EngineView engine() {
        return engine;
    }

    /** The engine, where it may be killed. */
    OwnEngine ownEngine() {
        return ownEngine.orElseThrow();
    }

    /** How many lines each step tells in {@link #forced()}. */
    void knows(Map<String, Integer> lines) {
        points = Map.copyOf(lines);
    }

    /** The line of a step's log that lies so far in it. */
    int line(String step, int percent) {
        return Objects.requireNonNull(points.get(step), step) * percent / 100;
    }

    /** The release that all cases are about. */
    MavenBuild release() {
        return goal("release");
    }

    /** The same with the work of all steps done again, and every line told. */
    MavenBuild forced() {
        return release().parameter("kube.force", "true").run("-X");
    }

    MavenBuild goal(String name) {
        return goalIn(tree.directory(), name);
    }

    /** A goal in the same tree, reached by another path. */
    MavenBuild goalIn(Path way, String name) {
        return MavenBuild.in(way)
                .goal(name)
                .parameter("kube.platforms", PLATFORM)
                .parameter("kube.pull", "never")
                .environment("DOCKER_HOST", engine.address())
                .environment("TMPDIR", temporary().toString())
                .environment("XDG_CACHE_HOME", userCache().toString())
                .environment(
                        "MAVEN_OPTS",
                        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Djava.io.tmpdir=" + temporary());
    }

    /** Hashes of what was released, without what no two builds make alike. */
    Map<String, String> results() {
        return ReleasedTree.withoutTestBinaries(ReleasedTree.results(output()));
    }

    /** Removes outputs, records and all that the engine has of the tree. */
    void clear() {
        goal("clean").execute().succeeded();
    }

    @Override
    public void close() throws IOException {
        clear();
        delete(directory);
    }

    static void delete(Path start) throws IOException {
        try (Stream<Path> files = Files.walk(start)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
