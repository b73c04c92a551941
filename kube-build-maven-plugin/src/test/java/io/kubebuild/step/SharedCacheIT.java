package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.BuildRequest.CacheSettings;
import io.kubebuild.request.BuildRequest.GoSettings;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.Requests;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.testing.SampleTree;
import io.kubebuild.workspace.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two copies of the sample tree with a workspace each, as on two machines: one builds and exports, the other imports and builds. */
@Tag("more")
@RequiresEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedCacheIT {

    private static final List<StepName> COMPILE = List.of(StepName.COPY_OUTPUT);

    private final Path directory;
    private final SampleTree here;
    private final SampleTree there;
    private final Path file;

    SharedCacheIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.here = SampleTree.copyTo(directory.resolve("here/kubernetes"));
        this.there = SampleTree.copyTo(directory.resolve("there/kubernetes"));
        this.file = directory.resolve("cache.tar.zst");
    }

    @BeforeAll
    void buildAndExport() {
        Heard heard = compile(here, new CacheSettings(Optional.empty(), Optional.of(file)));
        assertThat(heard.warnings()).isEmpty();
        assertThat(heard.facts("cache"))
                .singleElement()
                .asString()
                .containsPattern("[1-9][0-9]+ cache entries, 2 programs, [1-9][0-9]* generated sources exported");
    }

    @AfterEach
    void coldAgain() {
        pipeline(there, CacheSettings.NONE, BuildListener.SILENT).clean(true);
    }

    @AfterAll
    void nothingIsLeftBehind() {
        pipeline(here, CacheSettings.NONE, BuildListener.SILENT).clean(true);
    }

    @Test
    void anotherWorkspaceCompilesNothingAnew() throws IOException {
        Heard heard = new Heard();
        pipeline(there, CacheSettings.NONE, heard).importCache(Optional.of(file));
        List<String> imported = cacheEntries(there);
        // A second name keeps the inode from being given to another file.
        in(there, "cp -r -l _output/dockerized/go/bin _output/imported");
        List<String> programs = inodes(there);
        Heard compiled = compile(there, CacheSettings.NONE);

        assertThat(heard.warnings()).isEmpty();
        assertThat(heard.facts("cache")).singleElement().asString().contains("imported from " + file);
        assertThat(imported).hasSizeGreaterThan(50);
        assertThat(cacheEntries(there)).isEqualTo(imported);
        // Not even linked: go only renews the time of a program that is up to date.
        assertThat(inodes(there)).hasSize(2).isEqualTo(programs);
        assertThat(compiled.facts("generated sources")).isEmpty();
        assertSamePrograms();
    }

    @Test
    void whereSourcesDifferOnlyThatIsCompiled() throws IOException, InterruptedException {
        Path source = there.file("cmd/kubectl/main.go");
        String text = Files.readString(source);
        Files.writeString(source, text + "\n// edited\n");
        try {
            Heard heard = compile(there, new CacheSettings(Optional.of(file), Optional.empty()));

            assertThat(heard.facts("cache")).singleElement().asString().contains("imported from " + file);
            // The generators read nothing of what was edited.
            assertThat(heard.facts("generated sources")).isEmpty();
            List<String> ours = new ArrayList<>(cacheEntries(there));
            ours.removeAll(cacheEntries(here));
            // The version says dirty now, so that both programs and the package with the version are new.
            assertThat(ours.size()).isBetween(1, 40);
            assertThat(there.file("_output/dockerized/bin/linux/amd64/kubectl")).isExecutable();
        } finally {
            Files.writeString(source, text);
        }
    }

    @Test
    void aDamagedCacheIsToldAndTheBuildGoesOnCold() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        Path damaged = directory.resolve("damaged.tar.zst");
        Files.write(damaged, Arrays.copyOf(whole, whole.length - whole.length / 3));

        Heard heard = compile(there, new CacheSettings(Optional.of(damaged), Optional.empty()));

        assertThat(heard.warnings()).singleElement().asString().startsWith("ignoring the cache " + damaged + ": it is");
        assertThat(heard.facts("generated sources")).hasSize(1);
        assertThat(in(there, "ls -A _output")).doesNotContain("kube-build-cache-import");
        assertSamePrograms();

        // Now there is a cache, and nobody asks for another one.
        Heard again = compile(there, new CacheSettings(Optional.of(file), Optional.empty()));
        assertThat(again.facts("cache")).singleElement().asString().startsWith("not imported");
    }

    @Test
    void anExportThatStandsIsNotWrittenAgain() throws IOException {
        Path exported = pipeline(here, CacheSettings.NONE, BuildListener.SILENT).exportCache(Optional.of(file));
        Heard heard = new Heard();
        pipeline(here, CacheSettings.NONE, heard).exportCache(Optional.of(file));

        assertThat(exported).isEqualTo(file);
        assertThat(heard.facts("cache")).containsExactly(file + " is up to date");
    }

    private void assertSamePrograms() throws IOException {
        for (String program : List.of("kubectl", "kube-scheduler")) {
            String path = "_output/dockerized/bin/linux/amd64/" + program;
            assertThat(there.file(path)).hasSameBinaryContentAs(here.file(path));
        }
    }

    private Heard compile(SampleTree tree, CacheSettings cache) {
        Heard heard = new Heard();
        pipeline(tree, cache, heard).run(COMPILE, true);
        return heard;
    }

    private Pipeline pipeline(SampleTree tree, CacheSettings cache, BuildListener listener) {
        return Pipeline.of(request(tree, cache), listener);
    }

    private BuildRequest request(SampleTree tree, CacheSettings cache) {
        return Requests.of(tree.root(), directory.resolve("home"))
                .targets("cmd/kubectl", "cmd/kube-scheduler")
                // Without -buildid=, so that go can tell that a program is up to date.
                .go(new GoSettings(Optional.empty(), Optional.of("-s -w"), Optional.empty(), false))
                .cache(cache)
                .build();
    }

    private List<String> cacheEntries(SampleTree tree) {
        return in(tree, "cd _output/dockerized/go/cache && find . -type f -name '*-[ad]' | sort");
    }

    private List<String> inodes(SampleTree tree) {
        return in(tree, "find _output/dockerized/go/bin -type f -printf '%p %i\\n' | sort");
    }

    private List<String> in(SampleTree tree, String script) {
        List<String> lines = new ArrayList<>();
        try (BuildContext context =
                BuildContext.open(request(tree, CacheSettings.NONE), BuildListener.SILENT, BuildContext::connect)) {
            Workspaces.open(context, Sync.synced(context).dataContainer())
                    .run(Command.in(BuildContext.ROOT, Map.of("LC_ALL", "C"), "sh", "-c", script), lines::add);
        } catch (InterruptedException e) {
            throw KubeException.build("interrupted", "", "run again", e);
        }
        return lines;
    }
}
