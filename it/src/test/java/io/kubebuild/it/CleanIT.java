package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Cleaning by name. */
@Tag("more")
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class CleanIT {

    private final ReleasedTree other;
    private final Path directory;

    CleanIT(ReleasedTree other, @TempDir Path directory) {
        this.other = other;
        this.directory = directory;
    }

    @Test
    void cleaningByNameRemovesWhatThisTreeHasInTheEngineAndNothingOfAnother() {
        List<String> othersContainers = EngineSocket.containers(other.tree());
        List<String> othersImages = EngineSocket.images(other.tree());
        SampleTree tree = SampleTree.in(directory);
        sync(tree);
        // As mvn clean does: the next build image is another, and the data container keeps the first.
        cleanOutputs(tree);
        sync(tree);
        assertThat(EngineSocket.containers(tree)).hasSize(1);
        assertThat(EngineSocket.images(tree)).hasSize(2);

        MavenBuild.in(tree.directory())
                .goal("clean")
                .execute()
                .succeeded()
                .says("removed: container", "removed: image");

        assertThat(tree.file("_output")).doesNotExist();
        assertThat(EngineSocket.containers(tree)).isEmpty();
        assertThat(EngineSocket.images(tree)).isEmpty();
        assertThat(EngineSocket.containers(other.tree()))
                .isEqualTo(othersContainers)
                .isNotEmpty();
        assertThat(EngineSocket.images(other.tree())).isEqualTo(othersImages).isNotEmpty();
    }

    @Test
    void cleaningACleanTreeIsNoError() {
        SampleTree tree = SampleTree.in(directory);

        MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
    }

    private static void sync(SampleTree tree) {
        MavenBuild.in(tree.directory())
                .goal("verify-prereqs")
                .goal("build-image")
                .goal("sync")
                .parameter("kube.platforms", "linux/amd64")
                .execute()
                .succeeded();
    }

    private static void cleanOutputs(SampleTree tree) {
        MavenBuild.in(tree.directory())
                .goal("clean")
                .parameter("kube.clean.workspace", "false")
                .execute()
                .succeeded()
                .doesNotSay("removed: container", "removed: image");
    }
}
