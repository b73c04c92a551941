package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionDetectorTest {

    private static final List<String> PROJECT = List.of("pom.xml", ".mvn", "target");
    private static final String STAMPED = "faecb196815e248d3ecfb03c680a4507229c2a56";

    private final Path directory;
    private final TestTree tree;

    VersionDetectorTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.tree = TestTree.rsync(Files.createDirectory(directory.resolve("kubernetes")));
    }

    private DetectedVersion detect(Map<String, String> variables, VersionOverrides overrides) {
        Map<String, String> environment = new HashMap<>(tree.environment());
        environment.putAll(variables);
        return new VersionDetector(tree.located(), new Git(tree.root, environment), environment)
                .detect(overrides, PROJECT);
    }

    private DetectedVersion detect() {
        return detect(Map.of(), VersionOverrides.NONE);
    }

    private static VersionOverrides version(String version) {
        return new VersionOverrides(Optional.of(version), Optional.empty(), Optional.empty());
    }

    @Test
    void takesTheTagOfACleanTree() throws Exception {
        tree.committed().runGit("tag", "v1.20.2");

        DetectedVersion found = detect();

        String head = tree.git().head().orElseThrow();
        assertThat(found.version()).isEqualTo(new GitVersion(head, "clean", "v1.20.2", "1", "20"));
        assertThat(found.realState()).isEqualTo(new DetectedVersion.Clean(head));
    }

    @Test
    void countsCommitsSinceTheTagAndIgnoresTagsOfOthers() throws Exception {
        tree.committed().runGit("tag", "v1.20.2").write("more", "1").runGit("add", "-A");
        tree.runGit("commit", "-q", "-m", "second").runGit("tag", "corp-1");

        GitVersion version = detect().version();

        assertThat(version.version())
                .isEqualTo("v1.20.2-1+" + tree.git().head().orElseThrow().substring(0, 14));
        assertThat(version.minor()).isEqualTo("20+");
    }

    @Test
    void namesTheFilesThatMakeTheTreeDirty() throws Exception {
        tree.committed().runGit("tag", "v1.20.2");
        tree.write("go.mod", "module k8s.io/kubernetes\n").write("cmd/new file.go", "package main");

        DetectedVersion found = detect();

        assertThat(found.version().version()).isEqualTo("v1.20.2-dirty");
        assertThat(found.version().treeState()).isEqualTo("dirty");
        assertThat(found.dirtyFiles()).containsExactly("cmd/", "go.mod");
    }

    @Test
    void namesBothEndsOfARename() throws Exception {
        tree.write("one", "some text that git can recognise\n").committed().runGit("tag", "v1.20.2");
        tree.runGit("mv", "one", "two");

        assertThat(detect().dirtyFiles()).containsExactly("one", "two");
    }

    @Test
    void leavesTheMavenProjectsOwnFilesAside() throws Exception {
        tree.committed().runGit("tag", "v1.20.2");
        tree.write("pom.xml", "<project/>").write(".mvn/maven.config", "").write("target/x", "");

        assertThat(detect().version().version()).isEqualTo("v1.20.2");
        assertThat(detect().realState()).isInstanceOf(DetectedVersion.Clean.class);

        tree.write("pom.xml.orig", "");
        assertThat(detect().dirtyFiles()).containsExactly("pom.xml.orig");
    }

    @Test
    void givesArchiveMarkersThePrecedenceOverTheEnvironment() throws IOException {
        tree.write("hack/lib/version.sh", TestTree.archiveScript("%", STAMPED, "tag: v1.20.2"));

        GitVersion version = detect(
                        Map.of("KUBE_GIT_COMMIT", "abc", "KUBE_GIT_TREE_STATE", "clean", "KUBE_GIT_VERSION", "v9.9.9"),
                        VersionOverrides.NONE)
                .version();

        assertThat(version).isEqualTo(new GitVersion(STAMPED, "archive", "v1.20.2", "1", "20"));
    }

    @Test
    void letsTheUsersOwnValuesWinOverArchiveMarkers() throws IOException {
        tree.write("hack/lib/version.sh", TestTree.archiveScript("%", STAMPED, "tag: v1.20.2"));

        DetectedVersion found = detect(
                Map.of(),
                new VersionOverrides(Optional.of("v1.20.2-corp.3"), Optional.of("clean"), Optional.of("abcdef1")));

        assertThat(found.version()).isEqualTo(new GitVersion("abcdef1", "clean", "v1.20.2-corp.3", "1", "20+"));
        assertThat(found.realState()).isInstanceOf(DetectedVersion.NoGit.class);
    }

    @Test
    void takesTheVersionFromTheEnvironmentForAnArchiveWithoutTag() throws IOException {
        tree.write("hack/lib/version.sh", TestTree.archiveScript("%", STAMPED, "HEAD -> master"));

        assertThat(detect(Map.of("KUBE_GIT_VERSION", "v1.21.0"), VersionOverrides.NONE)
                        .version()
                        .version())
                .isEqualTo("v1.21.0");
        assertThatThrownBy(this::detect)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("is in no git repository, and hack/lib/version.sh carries no version")
                .hasMessageContaining("-Dkube.git.version=");
    }

    @Test
    void doesNotAppendDirtyToAVersionThatTheUserGave() throws Exception {
        tree.committed().write("new", "");

        DetectedVersion found = detect(Map.of(), version("v1.20.2"));

        assertThat(found.version().version()).isEqualTo("v1.20.2");
        assertThat(found.version().treeState()).isEqualTo("dirty");
        assertThat(found.dirtyFiles()).containsExactly("new");
    }

    @Test
    void appendsDirtyToAVersionFromTheEnvironmentAsUpstreamDoes() throws Exception {
        tree.committed().write("new", "");

        assertThat(detect(Map.of("KUBE_GIT_VERSION", "v1.20.2"), VersionOverrides.NONE)
                        .version()
                        .version())
                .isEqualTo("v1.20.2-dirty");
    }

    @Test
    void keepsTheRealStateWhateverIsClaimed() throws Exception {
        tree.committed().runGit("tag", "v1.20.2").write("patched", "");

        DetectedVersion found =
                detect(Map.of(), new VersionOverrides(Optional.empty(), Optional.of("clean"), Optional.empty()));

        assertThat(found.version().version()).isEqualTo("v1.20.2");
        assertThat(found.realState()).isEqualTo(new DetectedVersion.Dirty(List.of("patched")));
    }

    @Test
    void readsAVersionFileBeforeAnythingElse() throws IOException {
        Path file = directory.resolve("defs");
        Files.writeString(file, new GitVersion("abc", "clean", "v1.2.3", "1", "2").format());

        assertThat(detect(Map.of("KUBE_GIT_VERSION_FILE", file.toString()), VersionOverrides.NONE)
                        .version()
                        .version())
                .isEqualTo("v1.2.3");
        assertThatThrownBy(() -> detect(Map.of("KUBE_GIT_VERSION_FILE", "/absent"), VersionOverrides.NONE))
                .hasMessageContaining("/absent")
                .hasMessageContaining("KUBE_GIT_VERSION_FILE");
    }

    @Test
    void refusesWhatIsNoSemanticVersionWhereTheTreeDoes() throws Exception {
        assertThatThrownBy(() -> detect(Map.of(), version("1.20"))).hasMessageContaining("1.20 is no semantic version");

        tree.write("hack/lib/version.sh", "DASHES_IN_VERSION");
        assertThat(detect(Map.of(), version("1.20")).version().version()).isEqualTo("1.20");
    }

    @Test
    void reportsEveryBadOverrideAtOnce() {
        assertThatThrownBy(() -> detect(
                        Map.of(), new VersionOverrides(Optional.of(" "), Optional.of("tidy"), Optional.of("HEAD"))))
                .hasMessageContaining("kube.git.treeState is tidy")
                .hasMessageContaining("kube.git.commit is HEAD")
                .hasMessageContaining("kube.git.version is \" \"");
    }

    @Test
    void namesTheFixForACloneWithoutTags() throws Exception {
        tree.committed();

        assertThatThrownBy(this::detect).hasMessageContaining("git fetch --tags, or -Dkube.git.version=");
    }

    @Test
    void namesTheFixForAShallowClone() throws Exception {
        tree.committed().write("more", "").runGit("add", "-A").runGit("commit", "-q", "-m", "second");
        Path clone = directory.resolve("clone");
        tree.runGit("clone", "-q", "--depth=1", "file://" + tree.root, clone.toString());

        Git git = new Git(clone.toRealPath(), tree.environment());
        VersionDetector detector = new VersionDetector(TreeRoot.locate(clone), git, Map.of());

        assertThatThrownBy(() -> detector.detect(VersionOverrides.NONE, PROJECT))
                .hasMessageContaining("the clone is shallow")
                .hasMessageContaining("git fetch --unshallow --tags");
    }

    @Test
    void namesTheFixForAMissingGitProgram() throws Exception {
        tree.committed().runGit("tag", "v1.20.2");
        Git git = new Git(tree.root, Map.of("PATH", directory.toString()));
        VersionDetector detector = new VersionDetector(tree.located(), git, Map.of());

        assertThatThrownBy(() -> detector.detect(VersionOverrides.NONE, PROJECT))
                .hasMessageContaining("no git program on the PATH")
                .hasMessageContaining("install git, or -Dkube.git.version=");
    }

    @Test
    void namesTheFixForARepositoryOfAnotherUser() throws Exception {
        Git git = new Git(tree.root, Map.of("PATH", stubGit("""
                #!/bin/sh
                echo "fatal: detected dubious ownership in repository at '/src/kubernetes'" >&2
                exit 128
                """)));
        VersionDetector detector = new VersionDetector(tree.located(), git, Map.of());

        assertThatThrownBy(() -> detector.detect(VersionOverrides.NONE, PROJECT))
                .hasMessageContaining("git config --global --add safe.directory /src/kubernetes");
    }

    @Test
    void doesNotTakeTheCommitsOfARepositoryAroundTheTree() throws Exception {
        TestTree outer = TestTree.rsync(directory).committed().runGit("tag", "v9.9.9");

        assertThat(new Git(tree.root, outer.environment()).access()).isEqualTo(new Git.Foreign(directory.toRealPath()));
        assertThatThrownBy(this::detect).hasMessageContaining("whose commits are not Kubernetes'");
    }

    private String stubGit(String text) throws IOException {
        Path programs = Files.createDirectories(directory.resolve("bin"));
        Path program = programs.resolve("git");
        Files.writeString(program, text);
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + program + " executable");
        }
        return programs.toString();
    }
}
