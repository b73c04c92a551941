package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeRootTest {

    private final Path directory;

    TreeRootTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void recognisesEachEraByItsMarks() throws IOException {
        TestTree tree = TestTree.rsync(directory);
        assertThat(tree.located().era()).isEqualTo(Era.RSYNC);

        tree.delete("build/build-image/rsyncd.sh");
        assertThat(tree.located().era()).isEqualTo(Era.BAKED);

        tree.delete("build/build-image/Dockerfile");
        assertThat(tree.located().era()).isEqualTo(Era.DIRECT);

        Files.move(tree.root.resolve("build"), tree.root.resolve("build-tools"));
        assertThat(tree.located().era()).isEqualTo(Era.RSYNC_BUILD_TOOLS);
        assertThat(tree.located().buildDirectory()).isEqualTo("build-tools");
    }

    @Test
    void acceptsAnOldTreeWithGodepsInsteadOfAModule() throws IOException {
        TestTree tree = TestTree.rsync(directory)
                .delete("go.mod")
                .write("Godeps/Godeps.json", "{\n\t\"ImportPath\": \"k8s.io/kubernetes\",\n}");

        assertThat(tree.located().path()).isEqualTo(tree.root);
    }

    @Test
    void givesThePhysicalPathOfALink() throws IOException {
        Files.createDirectory(directory.resolve("real"));
        TestTree tree = TestTree.rsync(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), tree.root);

        assertThat(TreeRoot.locate(link).path()).isEqualTo(tree.root);
    }

    @Test
    void namesEverythingThatIsMissing() throws IOException {
        TestTree tree = TestTree.rsync(directory).delete("go.mod").delete("build/common.sh");

        assertThatThrownBy(tree::located)
                .isInstanceOf(KubeException.class)
                .hasMessage("no Kubernetes tree at " + tree.root
                        + "\n  why: missing: go.mod with module k8s.io/kubernetes (or Godeps/Godeps.json in old trees);"
                        + " build/common.sh"
                        + "\n  fix: -Dkube.root=<directory of a Kubernetes checkout>, or run Maven in one");
    }

    @Test
    void refusesAnotherGoModule() throws IOException {
        TestTree tree = TestTree.rsync(directory).write("go.mod", "module k8s.io/kubernetes-sigs\n");

        assertThatThrownBy(tree::located).hasMessageContaining("go.mod with module k8s.io/kubernetes");
    }

    @Test
    void pointsToAParentThatIsATree() throws IOException {
        TestTree tree = TestTree.rsync(directory);

        assertThatThrownBy(() -> TreeRoot.locate(tree.root.resolve("hack/lib")))
                .hasMessageContaining("-Dkube.root=" + tree.root);
    }

    @Test
    void saysThatThereIsNoSuchDirectory() {
        assertThatThrownBy(() -> TreeRoot.locate(directory.resolve("absent")))
                .hasMessageContaining("absent")
                .hasMessageContaining("there is no such directory");
    }
}
