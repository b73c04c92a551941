package io.kubebuild.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.SampleTree;
import io.kubebuild.tree.TreeRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {

    private final Path directory;
    private final TreeRoot tree;

    OutputDirectoryTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory.toRealPath();
        this.tree = TreeRoot.locate(
                SampleTree.copyTo(this.directory.resolve("tree")).root());
    }

    private OutputDirectory locate(String name) {
        return OutputDirectory.locate(tree, Optional.of(Path.of(name)));
    }

    @Test
    void isUpstreamsUnlessNamed() {
        OutputDirectory usual = OutputDirectory.locate(tree, Optional.empty());

        assertThat(usual).isEqualTo(new OutputDirectory(tree.resolve("_output"), true));
        assertThat(locate("out")).isEqualTo(new OutputDirectory(tree.resolve("out"), true));
        assertThat(locate("../elsewhere")).isEqualTo(new OutputDirectory(directory.resolve("elsewhere"), false));
    }

    @Test
    void isTheSameThroughALinkToTheTree() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), tree.path());

        assertThat(locate(link.resolve("_output").toString()).inside()).isTrue();
    }

    @Test
    void neverHoldsTheTreeNorIsAPartOfIt() {
        for (String name : new String[] {".", "..", "/", "cmd", ".git", "go.mod", "docs/out"}) {
            assertThatThrownBy(() -> locate(name))
                    .as(name)
                    .isInstanceOf(KubeException.class)
                    .hasMessageStartingWith("kube.outputDirectory is ")
                    .hasMessageContaining("-Dkube.outputDirectory=_output");
        }
    }

    @Test
    void aDirectoryOfAnEarlierBuildIsFine() throws IOException {
        Files.createDirectories(tree.resolve("out/dockerized"));
        Files.createDirectories(tree.resolve("out/images"));

        assertThat(locate("out").inside()).isTrue();
    }

    @Test
    void cleaningDoesNotFollowLinks() throws IOException {
        Path kept = Files.createDirectories(directory.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path output = Files.createDirectories(tree.resolve("_output"));
        Files.createSymbolicLink(output.resolve("link"), kept);
        Files.createSymbolicLink(output.resolve("file-link"), kept.resolve("file"));
        Path closed = Files.createDirectories(output.resolve("closed"));
        Files.writeString(closed.resolve("file"), "x");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-xr-xr-x"));

        locate("_output").clean("kube-build");

        assertThat(output).doesNotExist();
        assertThat(kept.resolve("file")).hasContent("x");
    }

    @Test
    void anOutputDirectoryThatIsALinkGoesAndWhatItLeadsToStays() throws IOException {
        Path disk = Files.createDirectories(directory.resolve("disk/dockerized"));
        Files.createSymbolicLink(tree.resolve("_output"), disk.getParent());

        locate("_output").clean("kube-build");

        assertThat(tree.resolve("_output")).doesNotExist();
        assertThat(disk).exists();
    }

    @Test
    void outsideOfTheTreeOnlyWhatBuildsMadeIsDeleted() throws IOException {
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.createDirectories(home.resolve("images/kube-build:build-1"));
        Files.writeString(home.resolve("images/photo"), "x");
        Files.createDirectories(home.resolve("bin"));
        for (String made :
                new String[] {"dockerized/bin", "release-tars", OutputDirectory.STATE, ".release-tars.old"}) {
            Files.createDirectories(home.resolve(made));
        }

        locate(home.toString()).clean("kube-build");

        assertThat(home).isDirectoryContaining("glob:**/images").isDirectoryContaining("glob:**/bin");
        assertThat(home.toFile().list()).containsExactlyInAnyOrder("images", "bin");
        assertThat(home.resolve("images").toFile().list()).containsExactly("photo");
    }

    @Test
    void outsideOfTheTreeADirectoryGoesWhereNothingIsLeft() throws IOException {
        Path outputs = Files.createDirectories(directory.resolve("outputs"));
        Files.createDirectories(outputs.resolve("images/kube-build:build-1"));
        Files.createDirectories(outputs.resolve("release-stage/server"));

        locate(outputs.toString()).clean("kube-build");
        locate(outputs.toString()).clean("kube-build");

        assertThat(outputs).doesNotExist();
    }
}
