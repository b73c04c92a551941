package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceNamesTest {

    private final TestTree tree;

    WorkspaceNamesTest(@TempDir Path directory) throws IOException {
        this.tree = TestTree.rsync(Files.createDirectory(directory.resolve("a tree")));
    }

    private WorkspaceNames names(Map<String, String> environment, Optional<String> workspaceId) {
        return WorkspaceNames.of(tree.located(), environment, "host", Optional.of("release-1.20"), workspaceId);
    }

    @Test
    void equalsWhatTheTreesOwnScriptComputes() throws Exception {
        tree.committed();
        Map<String, String> environment = new HashMap<>(tree.environment());
        environment.put("HOSTNAME", "agent-7");
        String script = "source build/common.sh; kube::build::verify_prereqs;"
                + " echo \"$KUBE_BUILD_IMAGE_REPO:build-$KUBE_ROOT_HASH-$KUBE_BUILD_IMAGE_VERSION\"";

        String theirs = Bash.run(tree.root, environment, script).strip();

        Optional<String> branch = tree.git().branch();
        WorkspaceNames names = WorkspaceNames.of(tree.located(), environment, "unused", branch, Optional.empty());
        assertThat(names.image()).isEqualTo(theirs);
    }

    @Test
    void namesContainersAfterTheHashAndBothVersions() {
        WorkspaceNames names = names(Map.of(), Optional.empty());

        assertThat(names.suffix()).isEqualTo("5-v1.15.5-1");
        assertThat(names.buildContainer()).isEqualTo("kube-build-" + names.hash() + "-5-v1.15.5-1");
        assertThat(names.dataContainer()).isEqualTo("kube-build-data-" + names.hash() + "-5-v1.15.5-1");
        assertThat(names.rsyncContainer()).isEqualTo("kube-rsync-" + names.hash() + "-5-v1.15.5-1");
        assertThat(names.imageTagBase()).isEqualTo("build-" + names.hash());
    }

    @Test
    void hashesTheRootAloneAsV12Does() throws IOException {
        hash("$KUBE_ROOT");

        assertThat(names(Map.of("HOSTNAME", "one"), Optional.empty()).hash())
                .isEqualTo(names(Map.of("HOSTNAME", "two"), Optional.empty()).hash());
    }

    @Test
    void leavesTheBranchOutAsV13ToV17Do() throws IOException {
        hash("${HOSTNAME:-}:${KUBE_ROOT}");
        TreeRoot located = tree.located();

        assertThat(WorkspaceNames.of(located, Map.of(), "host", Optional.of("a"), Optional.empty()))
                .isEqualTo(WorkspaceNames.of(located, Map.of(), "host", Optional.empty(), Optional.empty()));
        assertThat(names(Map.of("HOSTNAME", "one"), Optional.empty()).hash())
                .isNotEqualTo(names(Map.of("HOSTNAME", "two"), Optional.empty()).hash());
    }

    @Test
    void takesTheWorkspaceIdInsteadOfHostPathAndBranch() {
        assertThat(names(Map.of("HOSTNAME", "one"), Optional.of("ci")))
                .isEqualTo(names(Map.of("HOSTNAME", "two"), Optional.of("ci")))
                .isNotEqualTo(names(Map.of(), Optional.empty()));
    }

    @Test
    void hasNoSuffixWhereTheTreeHasNone() throws IOException {
        tree.write("build/common.sh", "KUBE_ROOT_HASH=$(kube::build::short_hash \"$KUBE_ROOT\")\n");

        assertThat(names(Map.of(), Optional.empty()).image()).matches("kube-build:build-[0-9a-f]{10}");
    }

    @Test
    void keepsSourcesInADataContainerOfItsOwnWhereUpstreamHasThemInTheImage() throws IOException {
        tree.delete("build/build-image/rsyncd.sh");
        tree.write("build/common.sh", "KUBE_ROOT_HASH=$(kube::build::short_hash \"$KUBE_ROOT\")\n");

        WorkspaceNames names = names(Map.of(), Optional.empty());

        assertThat(names.image()).isEqualTo("kube-build:build-" + names.hash());
        assertThat(names.buildContainer()).isEqualTo("kube-build-" + names.hash());
        assertThat(names.dataContainer())
                .isEqualTo("kube-build-data-" + names.hash() + "-synced")
                .startsWith(names.dataContainerBase());
    }

    @Test
    void takesTheFixedSuffixOfTreesWithoutABuildImage() throws IOException {
        tree.delete("build/build-image/rsyncd.sh").delete("build/build-image/Dockerfile");
        tree.write("build/common.sh", """
                KUBE_ROOT_HASH=$(kube::build::short_hash "${HOSTNAME:-}:${KUBE_ROOT}:${KUBE_GIT_BRANCH}")
                KUBE_BUILD_CONTAINER_NAME="${KUBE_BUILD_CONTAINER_NAME_BASE}-6"
                """);

        assertThat(names(Map.of(), Optional.empty()).buildContainer()).matches("kube-build-[0-9a-f]{10}-6");
    }

    private void hash(String argument) throws IOException {
        tree.write("build/common.sh", "  KUBE_ROOT_HASH=$(kube::build::short_hash \"" + argument + "\")\n");
    }
}
