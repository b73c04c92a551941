package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
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
    void carriesNothingThatNobodyNeedsThere() throws Exception {
        String other = ask(tree.root, List.of("rev-parse", "other")).strip();
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

        Path made = make(tree.root, directory.resolve("made"));

        try (Stream<Path> files = Files.walk(made)) {
            assertThat(files.filter(Files::isRegularFile)
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
        assertThat(ask(tree.root, List.of("--git-dir=" + made, "cat-file", "--batch-all-objects", "--batch-check")))
                .doesNotContain(other)
                // Three commits and a tag; what was committed last, and what before.
                .hasLineCount(4 + objectsOf("HEAD", "HEAD^"));
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
        return (int) ask(tree.root, words).lines().distinct().count() - commits.length;
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
        List<String> changes = ask(original, QUESTIONS.get(0)).lines().toList();
        return changes + ask(original, QUESTIONS.get(4));
    }

    /** Returns what was made, in its place in a copy of the files. */
    private Path saysTheSameIn(Path original) throws Exception {
        Path copy = directory.resolve("copies").resolve(original.getFileName());
        copyFiles(original, copy);
        Path made = make(original, copy.resolve(".git"));
        for (List<String> question : QUESTIONS) {
            assertThat(ask(copy, question)).as(question.toString()).isEqualTo(ask(original, question));
        }
        return made;
    }

    private static Path make(Path original, Path made) throws IOException {
        new WorkspaceRepository(new Git(original.toRealPath(), environment())).make(made);
        return made;
    }

    /** As archives carry them: whole seconds. */
    private static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(file -> !from.relativize(file).startsWith(".git"))
                    .toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                    long seconds = Files.getLastModifiedTime(file).toMillis() / 1000;
                    Files.setLastModifiedTime(copy, FileTime.fromMillis(seconds * 1000));
                }
            }
        }
    }

    private static Map<String, String> environment() {
        return Map.of(
                "PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"), "HOME", "/", "GIT_CONFIG_NOSYSTEM", "1");
    }

    private static String ask(Path repository, List<String> words) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(words);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(repository.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment());
        Process git = builder.start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return git.waitFor() == 0 ? said : "no: " + said;
    }
}
