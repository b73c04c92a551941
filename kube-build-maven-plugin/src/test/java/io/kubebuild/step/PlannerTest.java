package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.request.BinarySettings;
import io.kubebuild.request.BuildRequest.GoSettings;
import io.kubebuild.request.ToolSettings;
import io.kubebuild.sync.SourceRoot;
import io.kubebuild.sync.SourceScanner;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.testing.Requests;
import io.kubebuild.tree.GitVersion;
import io.kubebuild.tree.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {

    private static final Verified VERIFIED = new Verified(
            "request",
            new GitVersion("abc", "clean", "v1.20.2", "1", "20"),
            "abc",
            12,
            FakeBench.CROSS,
            "sha256:1",
            "engine",
            List.of("linux/amd64"),
            List.of(),
            false);

    private final FakeBench bench;

    PlannerTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
    }

    @Test
    void scriptsCountAndOtherSourcesDoNot() throws IOException {
        String before = fingerprint(bench.request(), VERIFIED, "w");

        write("cmd/kubectl/kubectl.go", "// other\n");
        write("staging/hack/more.sh", "# other\n");
        write("hackathon/notes", "other\n");
        assertThat(fingerprint(bench.request(), VERIFIED, "w")).isEqualTo(before);

        write("hack/lib/more.sh", "# more\n");
        String script = fingerprint(bench.request(), VERIFIED, "w");
        assertThat(script).isNotEqualTo(before);
        Files.setPosixFilePermissions(
                bench.tree().file("hack/lib/more.sh"), PosixFilePermissions.fromString("rwx------"));
        assertThat(fingerprint(bench.request(), VERIFIED, "w")).isNotEqualTo(script);
        Files.delete(bench.tree().file("hack/lib/more.sh"));
        assertThat(fingerprint(bench.request(), VERIFIED, "w")).isEqualTo(before);

        write("go.mod", Files.readString(bench.tree().file("go.mod")) + "\n");
        assertThat(fingerprint(bench.request(), VERIFIED, "w")).isNotEqualTo(before);
    }

    @Test
    void versionDateImageVariablesAndWorkspaceCount() throws IOException {
        GoSettings flags = new GoSettings(Optional.empty(), Optional.of("-s"), Optional.empty(), false);

        assertThat(List.of(
                        fingerprint(bench.request(), VERIFIED, "w"),
                        fingerprint(bench.request(), VERIFIED, "another"),
                        fingerprint(bench.request().go(flags), VERIFIED, "w"),
                        fingerprint(bench.request(), with("v1.20.3", 12, "sha256:1"), "w"),
                        fingerprint(bench.request(), with("v1.20.2", 13, "sha256:1"), "w"),
                        fingerprint(bench.request(), with("v1.20.2", 12, "sha256:2"), "w")))
                .doesNotHaveDuplicates();
        assertThat(fingerprint(bench.request().verbose("9"), VERIFIED, "w"))
                .isEqualTo(fingerprint(bench.request(), VERIFIED, "w"));
    }

    @Test
    void whateverMakesOtherProgramsMakesAnotherPlan() throws IOException {
        TreeMap<Platform, String> none = new TreeMap<>();
        List<BinarySettings> settings = List.of(
                BinarySettings.NONE,
                new BinarySettings(true, false, false, List.of(), List.of(), none),
                new BinarySettings(false, true, false, List.of(), List.of(), none),
                new BinarySettings(false, false, true, List.of(), List.of(), none),
                new BinarySettings(false, false, false, List.of("kubectl"), List.of(), none),
                new BinarySettings(false, false, false, List.of(), List.of("kubectl"), none),
                new BinarySettings(
                        false,
                        false,
                        false,
                        List.of(),
                        List.of(),
                        new TreeMap<>(Map.of(new Platform("linux", "arm64"), "gcc"))));
        List<String> fingerprints = new ArrayList<>();
        for (BinarySettings binaries : settings) {
            fingerprints.add(fingerprint(bench.request().scripts(binaries), VERIFIED, "w"));
        }
        fingerprints.add(fingerprint(
                bench.request().scripts(new ToolSettings(Optional.of("go1.22.5"), Optional.empty(), Optional.empty())),
                VERIFIED,
                "w"));

        assertThat(fingerprints).doesNotHaveDuplicates();
    }

    @Test
    void debugCountsWhereTheVariablesAreTheSameAsWithout() throws IOException {
        GoSettings flags = new GoSettings(Optional.empty(), Optional.of(""), Optional.of("all=-N -l"), false);
        BinarySettings debug = new BinarySettings(true, false, false, List.of(), List.of(), new TreeMap<>());

        assertThat(fingerprint(bench.request().go(flags).scripts(debug), VERIFIED, "w"))
                .isNotEqualTo(fingerprint(bench.request().go(flags), VERIFIED, "w"));
    }

    private static Verified with(String version, long epoch, String crossImage) {
        return new Verified(
                VERIFIED.request(),
                new GitVersion("abc", "clean", version, "1", "20"),
                VERIFIED.cleanCommit(),
                epoch,
                VERIFIED.crossImage(),
                crossImage,
                VERIFIED.engineId(),
                VERIFIED.platforms(),
                VERIFIED.targets(),
                VERIFIED.imagesOnly());
    }

    private String fingerprint(Requests request, Verified verified, String workspace) throws IOException {
        try (BuildContext context = bench.context(request.build())) {
            context.state().write(Verified.NAME, verified);
            SourceSnapshot sources = new SourceScanner(Clock.systemUTC(), 2, BuildListener.SILENT)
                    .take(SourceRoot.of(context.tree().path()), context.inward(), context.notSources(), null);
            return new Planner(context).fingerprint(sources, workspace);
        }
    }

    private void write(String path, String text) throws IOException {
        Path file = bench.tree().file(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
