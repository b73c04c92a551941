package io.kubebuild.reach;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.sync.SourceSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReachTest {

    private static final Map<String, Boolean> OUTPUTS =
            new TreeMap<>(Map.of("/bin/one", false, "/bin/two", false, "/bin/e2e.test", true));

    private final Edited tree;

    ReachTest(@TempDir Path directory) throws IOException {
        this.tree = new Edited(directory.toRealPath());
    }

    @BeforeEach
    void makeTree() throws IOException {
        tree.with("cmd/one/main.go", "package main\n")
                .with("cmd/two/main.go", "package main\n")
                .with("pkg/both/both.go", "package both\n")
                .with("pkg/both/below/below.go", "package below\n")
                .with("pkg/bundle/bundle.go", "package bundle\n//go:embed files/*\nvar files embed.FS\n")
                .with("pkg/bundle/files/a/words.txt", "words\n")
                .with("test/e2e/e2e.go", "package e2e\n")
                .with("staging/src/k8s.io/api/a.go", "package api\n")
                .withLink("vendor/k8s.io/api", "../../staging/src/k8s.io/api");
    }

    private static OutputSources sources() {
        return OutputSources.of(Map.of(
                "/bin/one", List.of("cmd/one", "pkg/both", "pkg/bundle"),
                "/bin/two", List.of("cmd/two", "pkg/both", "staging/src/k8s.io/api"),
                "/bin/e2e.test", List.of("test/e2e", "pkg/both/below")));
    }

    private Set<String> reachedBy(String path, String text) throws IOException {
        SourceSnapshot before = tree.snapshot();
        tree.with(path, text);
        Reach reach = new Reach(tree.since(before));
        return reach.everything().isPresent()
                ? Set.of("everything")
                : reach.outputs(OUTPUTS, sources()).keySet();
    }

    @Test
    void goFilesReachWhatIsMadeOfTheirDirectory() throws IOException {
        assertThat(reachedBy("cmd/one/main.go", "package main // edited\n")).containsExactly("/bin/one");
        assertThat(reachedBy("cmd/one/new.go", "package main\n")).containsExactly("/bin/one");
        assertThat(reachedBy("pkg/both/both.go", "package both // edited\n")).containsExactly("/bin/one", "/bin/two");
        assertThat(reachedBy("pkg/both/below/below.go", "package below // edited\n"))
                .containsExactly("/bin/e2e.test");
        assertThat(reachedBy("staging/src/k8s.io/api/a.go", "package api // edited\n"))
                .containsExactly("/bin/two");
    }

    @Test
    void testFilesReachCompiledTestsAlone() throws IOException {
        assertThat(reachedBy("test/e2e/e2e_test.go", "package e2e\n")).containsExactly("/bin/e2e.test");
        assertThat(reachedBy("cmd/one/main_test.go", "package main\n")).isEmpty();
    }

    @Test
    void whatAPackageEmbedsReachesIt() throws IOException {
        assertThat(reachedBy("pkg/bundle/files/a/words.txt", "other words\n")).containsExactly("/bin/one");
        assertThat(reachedBy("pkg/bundle/files/more", "words\n")).containsExactly("/bin/one");
        assertThat(reachedBy("pkg/both/words.txt", "words\n")).isEmpty();
        assertThat(reachedBy("cmd/two/default.pgo", "profile\n")).containsExactly("/bin/two");
        assertThat(reachedBy("docs/README.md", "words\n")).isEmpty();
    }

    @Test
    void everythingIsReachedByWhatMayMeanAnything() throws IOException {
        for (String path : List.of(
                "go.mod",
                "go.sum",
                "go.work",
                "vendor/modules.txt",
                "staging/src/k8s.io/api/go.mod",
                "pkg/both/both.s",
                "include/x.h",
                "third_party/x.c",
                "pkg/fresh/fresh.go")) {
            assertThat(reachedBy(path, "x\n")).as(path).containsExactly("everything");
        }
    }

    @Test
    void everythingIsReachedByOtherLinksAndByLostPackages() throws IOException {
        SourceSnapshot before = tree.snapshot();
        tree.without("vendor/k8s.io/api").withLink("vendor/k8s.io/api", "../../staging/src/k8s.io/other");
        assertThat(new Reach(tree.since(before)).everything()).contains("vendor/k8s.io/api changed");

        before = tree.snapshot();
        tree.without("pkg/both/below/below.go");
        assertThat(new Reach(tree.since(before)).everything()).contains("pkg/both/below has no Go files any more");
    }

    @Test
    void aRemovedFileReachesWhatWasMadeOfIt() throws IOException {
        tree.with("cmd/one/more.go", "package main\n");
        SourceSnapshot before = tree.snapshot();
        tree.without("cmd/one/more.go");

        assertThat(new Reach(tree.since(before)).outputs(OUTPUTS, sources()))
                .isEqualTo(Map.of("/bin/one", "cmd/one/more.go changed"));
    }

    @Test
    void anOutputOfWhichNothingIsKnownIsAlwaysReached() throws IOException {
        SourceSnapshot before = tree.snapshot();
        OutputSources fewer = OutputSources.of(Map.of("/bin/one", List.of("cmd/one")));

        assertThat(new Reach(tree.since(before)).outputs(OUTPUTS, fewer)).containsOnlyKeys("/bin/two", "/bin/e2e.test");
    }

    @Test
    void whatIsNewerReplacesWhatWasKnown() {
        OutputSources merged = sources().with(Map.of("/bin/one", List.of("cmd/one")), List.of("/bin/two"));

        assertThat(merged.of("/bin/one")).contains(Set.of("cmd/one"));
        assertThat(merged.of("/bin/two")).contains(Set.of("cmd/two", "pkg/both", "staging/src/k8s.io/api"));
        assertThat(merged.of("/bin/e2e.test")).isEmpty();
    }

    @Test
    void importPathsMeanDirectories() throws IOException {
        SourceDirectories directories = tree.directories();

        assertThat(directories.ofImport("k8s.io/kubernetes/cmd/one")).containsExactly("cmd/one");
        assertThat(directories.ofImport("k8s.io/api")).containsExactly("staging/src/k8s.io/api");
        assertThat(directories.ofImport("k8s.io/kubernetes/vendor/k8s.io/api"))
                .containsExactly("staging/src/k8s.io/api");
        assertThat(directories.ofImport("k8s.io/kubernetes/test/e2e.test")).containsExactly("test/e2e");
        assertThat(directories.ofImport("fmt")).isEmpty();
    }
}
