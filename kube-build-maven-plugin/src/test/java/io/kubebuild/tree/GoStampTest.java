package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * With every Go that is there: what it would write into a program ({@code go version -m}) is the same in the repository that is made
 * for a workspace as in the tree's own.
 *
 * <p>There is what {@code kube.test.goSdk} names, whatever lies beside that as {@code go-*}, and Debian's.
 */
class GoStampTest {

    /** What {@code go build -n} says that the linker would be given; nothing is compiled. */
    private static final Pattern STAMP = Pattern.compile("^modinfo \"(.*)\"$", Pattern.MULTILINE);

    private final Path directory;
    private final TestTree tree;
    private final List<Path> gos = gos();

    GoStampTest(@TempDir Path directory) throws IOException {
        this.directory = directory.toRealPath();
        this.tree = TestTree.rsync(Files.createDirectory(this.directory.resolve("kubernetes")));
    }

    private static List<Path> gos() throws IOException {
        List<Path> found = new ArrayList<>();
        Optional<Path> named = Optional.ofNullable(System.getProperty("kube.test.goSdk"))
                .map(Path::of)
                .map(Path::toAbsolutePath);
        named.ifPresent(found::add);
        for (Path place : Stream.concat(named.map(Path::getParent).stream(), Stream.of(Path.of("/usr/lib")))
                .toList()) {
            try (var beside = Files.newDirectoryStream(place, "go-*")) {
                beside.forEach(found::add);
            }
        }
        return found.stream()
                .map(sdk -> sdk.resolve("bin/go"))
                .filter(Files::isExecutable)
                .distinct()
                .sorted()
                .toList();
    }

    @BeforeEach
    void history() throws Exception {
        assumeTrue(!gos.isEmpty(), "no Go: ./dev test brings one, -Dkube.test.goSdk names one");
        tree.write("main.go", "package main\n\nfunc main() {}\n").committed().runGit("tag", "v1.31.0");
        tree.write("README.md", "1\n").runGit("add", "-A").runGit("commit", "-q", "-m", "second");
        tree.runGit("tag", "-a", "-m", "t", "v1.31.1-rc.0");
        tree.write("README.md", "2\n").runGit("commit", "-q", "-a", "-m", "third");
    }

    @Test
    void isTheSameForACleanTree() throws Exception {
        String head = CopiedTree.ask(tree.root, List.of("rev-parse", "HEAD")).strip();

        assertThat(stamps(tree.root)).allSatisfy((go, stamp) -> assertThat(stamp)
                .contains("vcs.revision=" + head, "vcs.time=2020-09-13T12:26:40Z", "vcs.modified=false"));
    }

    @Test
    void isTheSameForChangedFiles() throws Exception {
        tree.write("README.md", "3\n");

        assertThat(stamps(tree.root))
                .allSatisfy((go, stamp) -> assertThat(stamp).contains("vcs.modified=true"));
    }

    @Test
    void isTheSameForAFileThatGitDoesNotKnow() throws Exception {
        tree.write("new", "");

        assertThat(stamps(tree.root))
                .allSatisfy((go, stamp) -> assertThat(stamp).contains("vcs.modified=true"));
    }

    @Test
    void isTheSameForStagedFiles() throws Exception {
        tree.write("new", "").runGit("add", "new");

        stamps(tree.root);
    }

    @Test
    void isTheSameForATaggedCommit() throws Exception {
        tree.runGit("tag", "-a", "-m", "t", "v1.31.1");

        Map<String, String> stamps = stamps(tree.root);

        // Since 1.24, which sorts before what comes after.
        assertThat(stamps.entrySet().stream().filter(stamp -> stamp.getKey().compareTo("go1.24") >= 0))
                .allSatisfy(stamp -> assertThat(stamp.getValue()).contains("k8s.io/kubernetes\\tv1.31.1\\t"));
    }

    @Test
    void isTheSameWithoutTags() throws Exception {
        tree.runGit("tag", "-d", "v1.31.0", "v1.31.1-rc.0");

        stamps(tree.root);
    }

    @Test
    void isTheSameForATagOfAnotherBranch() throws Exception {
        tree.runGit("checkout", "-q", "-b", "other").runGit("commit", "-q", "--allow-empty", "-m", "other");
        tree.runGit("tag", "v1.31.7").runGit("checkout", "-q", "release-1.20");

        stamps(tree.root);
    }

    @Test
    void isTheSameForShallowAndPartialClones() throws Exception {
        tree.runGit("config", "uploadpack.allowFilter", "true");

        for (String option : List.of("--depth=1", "--depth=2", "--depth=3", "--filter=blob:none")) {
            stamps(clone(option));
        }
    }

    @Test
    void isTheSameForASubmodule() throws Exception {
        Path other = Files.createDirectory(directory.resolve("module"));
        Files.writeString(other.resolve("file"), "first");
        tree.runGit("init", "-q", other.toString())
                .runGit("-C", other.toString(), "add", "-A")
                .runGit("-C", other.toString(), "commit", "-q", "-m", "1")
                .runGit("submodule", "--quiet", "add", other.toString(), "third_party/module")
                .runGit("commit", "-q", "-m", "with a submodule");
        assertThat(stamps(tree.root))
                .allSatisfy((go, stamp) -> assertThat(stamp).contains("vcs.modified=false"));

        Files.writeString(tree.root.resolve("third_party/module/file"), "changed");
        assertThat(stamps(tree.root))
                .allSatisfy((go, stamp) -> assertThat(stamp).contains("vcs.modified=true"));
    }

    /** Up to 1.26 go sees a repository only where {@code .git} is a directory, which a workspace's always is. */
    @Test
    void isForAWorktreeWhatItIsForAClone() throws Exception {
        tree.runGit("config", "core.abbrev", "12");
        Path worktree = directory.resolve("worktree");
        tree.runGit("worktree", "add", "-q", "--detach", worktree.toString());
        Path copy = directory.resolve("copies/worktree");
        CopiedTree.of(worktree, copy);

        for (Path go : gos) {
            assertThat(stamp(go, copy)).contains("vcs.modified=false").isEqualTo(stamp(go, clone("--no-local")));
        }
    }

    @Test
    void isTheSameForObjectsWithLongNames() throws Exception {
        Path root = Files.createDirectory(directory.resolve("long"));
        TestTree other = TestTree.rsync(root).write("main.go", "package main\n\nfunc main() {}\n");
        other.runGit("init", "-q", "--object-format=sha256").runGit("add", "-A").runGit("commit", "-q", "-m", "1");
        other.runGit("tag", "v1.31.0").runGit("commit", "-q", "--allow-empty", "-m", "2");

        stamps(root);
    }

    private Path clone(String option) throws Exception {
        Path clone = directory.resolve("clone" + option);
        if (!Files.exists(clone)) {
            tree.runGit("clone", "-q", "--no-local", option, "file://" + tree.root, clone.toString());
        }
        return clone;
    }

    /** Compares, and returns what they write, by version of go. */
    private Map<String, String> stamps(Path original) throws Exception {
        Path copy = Files.createTempDirectory(directory, "copy");
        CopiedTree.of(original, copy);
        Map<String, String> stamps = new TreeMap<>();
        for (Path go : gos) {
            String version = CopiedTree.run(directory, List.of(go.toString(), "env", "GOVERSION"), variables())
                    .strip();
            String stamp = stamp(go, copy);
            assertThat(stamp).as(version).contains("vcs=git").isEqualTo(stamp(go, original));
            stamps.put(version, stamp);
        }
        return stamps;
    }

    private String stamp(Path go, Path root) throws Exception {
        String said = CopiedTree.run(
                root, List.of(go.toString(), "build", "-n", "-buildvcs=true", "-o", "/dev/null", "."), variables());
        Matcher stamp = STAMP.matcher(said);
        assertThat(stamp.find()).as(said).isTrue();
        return stamp.group(1);
    }

    private Map<String, String> variables() {
        Path state = directory.resolve("go");
        return Map.of(
                "GOCACHE", state.resolve("cache").toString(),
                "GOPATH", state.resolve("path").toString(),
                "GOENV", "off",
                "GOFLAGS", "-mod=mod",
                "GOPROXY", "off",
                "GOTOOLCHAIN", "local",
                "CGO_ENABLED", "0");
    }
}
