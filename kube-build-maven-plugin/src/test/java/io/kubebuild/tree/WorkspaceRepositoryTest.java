package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real git: what is made says of a copy of the files what the tree's own repository says of the tree. */
class WorkspaceRepositoryTest {

    /** What go asks ({@code cmd/go/internal/vcs} and {@code modfetch/codehost}, from 1.18 to 1.24), and the tree's version script. */
    private static final List<List<String>> QUESTIONS = List.of(
            List.of("status", "--porcelain"),
            List.of("-c", "log.showsignature=false", "show", "-s", "--format=%H:%ct"),
            List.of("-c", "log.showsignature=false", "log", "-1", "--format=%H:%ct"),
            List.of("-c", "log.showsignature=false", "log", "--no-decorate", "-n1", "--format=format:%H %ct", "HEAD"),
            List.of("for-each-ref", "--format=%(refname)", "refs/tags", "--merged", "HEAD"),
            List.of("tag", "--points-at", "HEAD"),
            List.of("cat-file", "blob", "HEAD:go.mod"),
            List.of("describe", "--tags", "--match=v*", "--abbrev=14"),
            List.of("describe", "--tags"),
            List.of("rev-parse", "--short", "HEAD"),
            List.of("rev-parse", "--is-shallow-repository"),
            List.of("diff", "--stat", "HEAD"),
            List.of("ls-files", "--stage"));

    private final Path directory;
    private final TestTree tree;

    WorkspaceRepositoryTest(@TempDir Path directory) throws IOException {
        this.directory = directory.toRealPath();
        this.tree = TestTree.rsync(Files.createDirectory(this.directory.resolve("kubernetes")));
    }

    @BeforeEach
    void history() throws Exception {
        tree.committed().runGit("tag", "v1.31.0").write("README.md", "1\n");
        tree.runGit("add", "-A").runGit("commit", "-q", "-m", "second").runGit("tag", "-a", "-m", "t", "v1.31.1-rc.0");
        tree.runGit("checkout", "-q", "-b", "other").write("of-another-branch", "secret of another branch\n");
        tree.runGit("add", "-A").runGit("commit", "-q", "-m", "other").runGit("tag", "v9.9.9");
        tree.runGit("checkout", "-q", "release-1.20").write("README.md", "2\n").runGit("commit", "-q", "-a", "-m", "3");
    }

    @Test
    void saysTheSameOfACleanTree() throws Exception {
        assertThat(saysTheSame(tree.root)).startsWith("[]");
    }

    @Test
    void saysTheSameOfATaggedCommit() throws Exception {
        tree.runGit("tag", "-a", "-m", "t", "v1.31.1");

        saysTheSame(tree.root);
    }

    @Test
    void saysTheSameWithoutTags() throws Exception {
        tree.runGit("tag", "-d", "v1.31.0", "v1.31.1-rc.0", "v9.9.9");

        saysTheSame(tree.root);
    }

    @Test
    void saysTheSameOfAMerge() throws Exception {
        tree.runGit("merge", "-q", "--no-ff", "-m", "merge", "other");

        assertThat(saysTheSame(tree.root)).contains("v9.9.9");
    }

    @Test
    void saysTheSameOfChangedFiles() throws Exception {
        tree.write("go.mod", "module other\n").write("new", "").delete("README.md");

        assertThat(saysTheSame(tree.root)).contains(" D README.md").contains(" M go.mod");
    }

    @Test
    void saysTheSameOfWhatIsStaged() throws Exception {
        tree.write("new", "x").runGit("add", "new").runGit("rm", "-q", "--cached", "README.md");

        assertThat(saysTheSame(tree.root)).contains("A  new").contains("D  README.md");
    }

    @Test
    void saysTheSameOfWhatThisRepositoryIgnores() throws Exception {
        tree.write("mine", "x").write(".git/info/exclude", "/mine\n");

        assertThat(saysTheSame(tree.root)).startsWith("[]");
    }

    @Test
    void saysTheSameWhereFilesAreLeftOutOfTheWorkTree() throws Exception {
        tree.runGit("update-index", "--skip-worktree", "README.md").delete("README.md");

        assertThat(saysTheSame(tree.root)).startsWith("[]");
    }

    @Test
    void saysTheSameOfAnIndexInTwoFiles() throws Exception {
        tree.runGit("update-index", "--split-index")
                .write("go.mod", "module b\n")
                .runGit("add", "go.mod");

        saysTheSame(tree.root);
    }

    @Test
    void saysTheSameOfARepositoryThatHasEndsOfLinesOfItsOwn() throws Exception {
        tree.runGit("config", "core.autocrlf", "true");
        tree.delete("README.md").runGit("checkout", "-q", "--", "README.md");

        assertThat(saysTheSame(tree.root)).startsWith("[]");
    }

    @Test
    void saysTheSameOfAShallowClone() throws Exception {
        for (int depth : List.of(1, 2, 3)) {
            saysTheSame(clone("depth" + depth, "--no-local", "--depth=" + depth));
        }
    }

    @Test
    void saysTheSameOfAPartialClone() throws Exception {
        tree.runGit("config", "uploadpack.allowFilter", "true");

        saysTheSame(clone("partial", "--no-local", "--filter=blob:none"));
        Path treeless = clone("treeless", "--no-local", "--filter=tree:0");
        // Go up to 1.23 looks at the commit before, too, which git then fetches.
        CopiedTree.ask(treeless, List.of("show", "-s"));
        saysTheSame(treeless);
    }

    @Test
    void saysTheSameOfAWorktree() throws Exception {
        Path worktree = directory.resolve("worktree");
        tree.runGit("worktree", "add", "-q", "--detach", worktree.toString());

        saysTheSame(worktree);
    }

    @Test
    void needsNoRepositoryThatThisOneBorrowsObjectsFrom() throws Exception {
        Path made = saysTheSameIn(clone("shared", "--shared"));

        assertThat(made.resolve("objects/info/alternates")).doesNotExist();
    }

    @Test
    void saysTheSameOfASubmodule() throws Exception {
        Path submodule = submodule();

        assertThat(saysTheSame(tree.root)).startsWith("[]");

        // Whatever the tree says, nobody looks for its repository there.
        tree.runGit("config", "--file", ".gitmodules", "submodule.other \"module\".ignore", "none")
                .runGit("commit", "-q", "-a", "-m", "ignore");
        assertThat(saysTheSame(tree.root)).startsWith("[]");

        Files.writeString(submodule.resolve("file"), "changed");
        assertThat(changesInACopy("dirty")).containsExactly("M  \"third party/module\"");
        tree.runGit("-C", submodule.toString(), "commit", "-q", "-a", "-m", "2");
        assertThat(changesInACopy("another commit")).containsExactly("M  \"third party/module\"");
        tree.runGit("add", "third party/module").runGit("commit", "-q", "-m", "update");
        assertThat(saysTheSame(tree.root)).startsWith("[]");
        tree.runGit("submodule", "--quiet", "deinit", "-f", "--all");
        assertThat(saysTheSame(tree.root)).startsWith("[]");
    }

    @Test
    void isMadeAnewForAChangedSubmodule() throws Exception {
        Path submodule = submodule();
        WorkspaceRepository repository = new WorkspaceRepository(tree.git());
        String first = repository.fingerprint();

        Files.writeString(submodule.resolve("file"), "changed");

        assertThat(repository.fingerprint()).isNotEqualTo(first);
    }

    /** Git that is older than 2.29 does not know these. */
    @Test
    void saysTheSameOfARepositoryWithLongNames() throws Exception {
        Path root = Files.createDirectory(directory.resolve("long"));
        TestTree other = TestTree.rsync(root);
        other.runGit("init", "-q", "--object-format=sha256").runGit("add", "-A").runGit("commit", "-q", "-m", "1");
        other.runGit("tag", "v1.31.0")
                .write("README.md", "2\n")
                .runGit("add", "-A")
                .runGit("commit", "-q", "-m", "2");

        saysTheSame(root);
    }

    @Test
    void saysTheSameWhereReferencesAreATable() throws Exception {
        Path root = Files.createDirectory(directory.resolve("table"));
        TestTree other = TestTree.rsync(root);
        assumeTrue(
                !CopiedTree.ask(root, List.of("init", "-q", "--ref-format=reftable"))
                        .startsWith("no: "),
                "git before 2.45");
        other.runGit("add", "-A").runGit("commit", "-q", "-m", "1").runGit("tag", "v1.31.0");
        other.write("README.md", "2\n").runGit("add", "-A").runGit("commit", "-q", "-m", "2");

        Path made = saysTheSameIn(root);

        assertThat(made.resolve("config")).content().doesNotContain("extensions");
    }

    @Test
    void isReadByOlderGits() throws Exception {
        tree.runGit("config", "feature.manyFiles", "true")
                .runGit("config", "advice.sparseIndexExpanded", "false")
                .runGit("sparse-checkout", "set", "--cone", "--sparse-index", "hack")
                .runGit("update-index", "--force-untracked-cache");

        Path made = saysTheSameIn(tree.root);

        byte[] index = Files.readAllBytes(made.resolve("index"));
        // Its third version, with marks for what is left out of the work tree; its sum is there, and no sparse
        // directory.
        assertThat(Arrays.copyOf(index, 8)).containsExactly('D', 'I', 'R', 'C', 0, 0, 0, 3);
        assertThat(MessageDigest.getInstance("SHA-1").digest(Arrays.copyOf(index, index.length - 20)))
                .isEqualTo(Arrays.copyOfRange(index, index.length - 20, index.length));
        assertThat(new String(index, StandardCharsets.ISO_8859_1)).doesNotContain("sdir", "UNTR", "link");
        assertThat(made.resolve("config")).content().contains("repositoryformatversion = 0");
    }

    private Path submodule() throws Exception {
        Path other = Files.createDirectory(directory.resolve("module"));
        Files.writeString(other.resolve("file"), "first");
        tree.runGit("init", "-q", other.toString())
                .runGit("-C", other.toString(), "add", "-A")
                .runGit("-C", other.toString(), "commit", "-q", "-m", "1")
                .runGit(
                        "submodule",
                        "--quiet",
                        "add",
                        "--name",
                        "other \"module\"",
                        other.toString(),
                        "third party/module")
                .runGit("commit", "-q", "-m", "with a submodule");
        return tree.root.resolve("third party/module");
    }

    private List<String> changesInACopy(String name) throws Exception {
        Path copy = directory.resolve(name);
        CopiedTree.of(tree.root, copy);
        return CopiedTree.ask(copy, QUESTIONS.get(0)).lines().toList();
    }

    @Test
    void carriesNothingThatNobodyNeedsThere() throws Exception {
        String other = CopiedTree.ask(tree.root, List.of("rev-parse", "other")).strip();
        tree.runGit("config", "http.extraHeader", "Authorization: token SECRET")
                .runGit("remote", "add", "origin", "https://user:SECRET@example.org/kubernetes.git")
                .runGit("config", "credential.helper", "store --file=SECRET")
                .runGit("config", "core.hooksPath", "SECRET")
                .runGit("config", "user.signingKey", "SECRET")
                .write(".git/hooks/pre-commit", "SECRET")
                .write(".git/description", "SECRET")
                .write(".git/FETCH_HEAD", "SECRET")
                .write("README.md", "SECRET in a stash")
                .runGit("stash")
                .runGit("notes", "add", "-m", "SECRET");

        Path made = CopiedTree.make(tree.root, directory.resolve("made"));

        try (Stream<Path> files = Files.walk(made)) {
            assertThat(files.filter(Files::isRegularFile)
                            // New gits write one more index, old ones do not miss it.
                            .filter(file -> !file.toString().endsWith(".rev"))
                            .map(file -> made.relativize(file).toString().replaceAll("pack-[0-9a-f]+", "pack")))
                    .containsExactlyInAnyOrder(
                            "HEAD",
                            "config",
                            "index",
                            "info/exclude",
                            "objects/info/commit-graph",
                            "objects/pack/pack.idx",
                            "objects/pack/pack.pack",
                            "packed-refs");
        }
        for (String file : List.of("HEAD", "config", "index", "packed-refs")) {
            assertThat(Files.readString(made.resolve(file), StandardCharsets.ISO_8859_1))
                    .doesNotContain("SECRET")
                    .doesNotContain("other")
                    .doesNotContain("v9.9.9");
        }
        assertThat(CopiedTree.ask(
                        tree.root, List.of("--git-dir=" + made, "cat-file", "--batch-all-objects", "--batch-check")))
                .doesNotContain(other)
                // Three commits and a tag; what was committed last, and what before.
                .hasLineCount(4 + objectsOf("HEAD", "HEAD^"));
    }

    /** What a script leaves that patches right after the checkout: archives carry whole seconds. */
    @RepeatedTest(3)
    void knowsAChangeOfTheSameSizeAndSecond() throws Exception {
        tree.write("patched.go", "package one\n").runGit("add", "patched.go");
        tree.runGit("commit", "-q", "-m", "patched");
        tree.write("patched.go", "package two\n");

        Path copy = directory.resolve("copies/same");
        CopiedTree.of(tree.root, copy);

        assertThat(CopiedTree.ask(copy, List.of("status", "--porcelain")))
                .isEqualTo(" M patched.go\n")
                .isEqualTo(CopiedTree.ask(tree.root, List.of("status", "--porcelain")));
    }

    @Test
    void isMadeAnewOnlyWhereItWouldBeAnotherOne() throws Exception {
        WorkspaceRepository repository = new WorkspaceRepository(tree.git());
        String first = repository.fingerprint();

        Files.setLastModifiedTime(tree.root.resolve("go.mod"), FileTime.fromMillis(1_500_000_000_000L));
        tree.runGit("status")
                .runGit("branch", "third")
                .runGit("remote", "add", "origin", "https://example.org/")
                .runGit("commit", "-q", "--allow-empty", "-m", "x")
                .runGit("reset", "-q", "--hard", "HEAD^");
        assertThat(repository.fingerprint()).isEqualTo(first);

        tree.runGit("tag", "v1.31.1");
        assertThat(repository.fingerprint()).isNotEqualTo(first);
        tree.runGit("tag", "-d", "v1.31.1").write("new", "").runGit("add", "new");
        assertThat(repository.fingerprint()).isNotEqualTo(first);
        tree.runGit("reset", "-q", "--hard").runGit("commit", "-q", "--allow-empty", "-m", "x");
        assertThat(repository.fingerprint()).isNotEqualTo(first);
    }

    private int objectsOf(String... commits) throws Exception {
        List<String> words = new ArrayList<>(List.of("rev-list", "--objects", "--no-walk", "--no-object-names"));
        words.addAll(List.of(commits));
        // Without the commits themselves.
        return (int) CopiedTree.ask(tree.root, words).lines().distinct().count() - commits.length;
    }

    private Path clone(String name, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("clone", "-q"));
        words.addAll(List.of(options));
        Path clone = directory.resolve(name);
        words.addAll(List.of("file://" + tree.root, clone.toString()));
        if (words.contains("--shared")) {
            words.set(words.size() - 2, tree.root.toString());
        }
        tree.runGit(words.toArray(String[]::new));
        return clone;
    }

    /** Returns what both say: changes as a list, and tags. */
    private String saysTheSame(Path original) throws Exception {
        saysTheSameIn(original);
        List<String> changes =
                CopiedTree.ask(original, QUESTIONS.get(0)).lines().toList();
        return changes + CopiedTree.ask(original, QUESTIONS.get(4));
    }

    /** Returns what was made, in its place in a copy of the files. */
    private Path saysTheSameIn(Path original) throws Exception {
        Path copy = Files.createTempDirectory(directory, "copy");
        Path made = CopiedTree.of(original, copy);
        for (List<String> question : QUESTIONS) {
            assertThat(CopiedTree.ask(copy, question))
                    .as(question.toString())
                    .isEqualTo(CopiedTree.ask(original, question));
        }
        return made;
    }
}
