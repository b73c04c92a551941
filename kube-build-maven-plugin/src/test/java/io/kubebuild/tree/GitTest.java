package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitTest {

    private final Path directory;
    private final TestTree tree;

    GitTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.tree = TestTree.rsync(Files.createDirectory(directory.resolve("kubernetes")));
    }

    @Test
    void ignoresTheRepositoryThatACallerIsIn() throws Exception {
        tree.committed();
        Map<String, String> hook = new HashMap<>(tree.environment());
        hook.put("GIT_DIR", directory.resolve("elsewhere/.git").toString());
        hook.put("GIT_INDEX_FILE", "elsewhere");

        assertThat(new Git(tree.root, hook).access()).isEqualTo(new Git.Usable());
        assertThat(new Git(tree.root, hook).changed()).isEmpty();
    }

    @Test
    void leavesTheIndexAlone() throws Exception {
        tree.committed();
        Path index = tree.root.resolve(".git/index");
        // A file whose time differs from the index makes a status that may write refresh it.
        Files.setLastModifiedTime(tree.root.resolve("go.mod"), FileTime.fromMillis(1_500_000_000_000L));
        byte[] before = Files.readAllBytes(index);

        assertThat(tree.git().changed()).isEmpty();
        assertThat(Files.readAllBytes(index)).isEqualTo(before);
    }

    @Test
    void knowsTheBranchUnlessTheHeadIsDetached() throws Exception {
        tree.committed();
        assertThat(tree.git().branch()).contains("release-1.20");

        tree.runGit("checkout", "-q", "--detach");
        assertThat(tree.git().branch()).isEmpty();
    }

    @Test
    void knowsBranchesAndTagsOfACommit() throws Exception {
        tree.committed();
        tree.runGit("branch", "-q", "other");
        String head = tree.git().head().orElseThrow();

        assertThat(tree.git().archivedNames(head))
                .contains("HEAD -> release-1.20")
                .contains("other");
        assertThat(tree.git().archivedNames("0".repeat(40))).isEmpty();
    }

    @Test
    void knowsHowLongAShortIdIsInThisRepository() throws Exception {
        tree.committed();
        String head = tree.git().head().orElseThrow();
        tree.runGit("config", "core.abbrev", "9");
        assertThat(tree.git().archivedNames(head)).startsWith(head.substring(0, 9) + " ");

        tree.runGit("config", "core.abbrev", "10");
        assertThat(tree.git().archivedNames(head)).startsWith(head.substring(0, 10) + " ");
    }

    @Test
    void saysThatARepositoryHasNoCommitYet() throws Exception {
        tree.runGit("init", "-q");

        assertThat(tree.git().access()).isEqualTo(new Git.Refused("the repository has no commit yet"));
    }

    @Test
    void listsIgnoredFiles() throws Exception {
        tree.committed().write("_output/bin/kubectl", "");

        assertThat(tree.git().ignored()).containsExactly("_output/");
    }

    @Test
    void knowsWhichOfSomePathsItTracks() throws Exception {
        tree.write("pom.xml", "<project/>");
        tree.write("ci/[a]/x", "");
        tree.committed().write("mvnw", "").write(".mvn/wrapper", "");

        assertThat(tree.git().tracked(List.of("pom.xml", "mvnw", ".mvn", "ci", "ci/[a]", "ci/a", "po*", "c")))
                .containsExactlyInAnyOrder("pom.xml", "ci", "ci/[a]");
    }

    @Test
    void keepsOddNamesWhole() throws Exception {
        tree.committed().write("tab\tand \"quote\" and ü", "");

        assertThat(tree.git().changed()).containsExactly("tab\tand \"quote\" and ü");
    }
}
