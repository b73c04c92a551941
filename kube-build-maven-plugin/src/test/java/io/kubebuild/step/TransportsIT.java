package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.request.BuildRequest.TransportSettings.Kind;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.Requests;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.testing.SampleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One program of the sample tree, its sources brought in each way there is, on a real engine with the tree's own rsyncd.sh. */
@Tag("more")
@RequiresEngine
class TransportsIT {

    private static final String KUBECTL = "_output/dockerized/bin/linux/amd64/kubectl";
    private static final String TYPES = "pkg/sample/types.go";
    private static final String GENERATED = "pkg/sample/zz_generated.openapi.go";

    private final Path directory;
    private final SampleTree tree;

    TransportsIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.tree = SampleTree.copyTo(directory.resolve("kubernetes"));
    }

    private Requests request(Kind kind) {
        return Requests.of(tree.root(), directory.resolve("home"))
                .platforms("linux/amd64")
                .targets("cmd/kubectl")
                .transport(kind);
    }

    private Heard compile(Kind kind) {
        Heard heard = new Heard();
        Pipeline.of(request(kind).build(), heard).run(List.of(StepName.COPY_OUTPUT), true);
        return heard;
    }

    private String kubectl() throws IOException {
        return Fingerprint.sha256(Files.readString(tree.file(KUBECTL), StandardCharsets.ISO_8859_1));
    }

    private void edit(String file, String from, String to) throws IOException {
        String text = Files.readString(tree.file(file));
        assertThat(text).contains(from);
        Files.writeString(tree.file(file), text.replace(from, to));
    }

    @AfterEach
    void nothingIsLeftBehind() {
        Pipeline.of(request(Kind.ARCHIVE).build(), new Heard()).clean(true);
        try (BuildContext context =
                BuildContext.open(request(Kind.ARCHIVE).build(), new Heard(), BuildContext::connect)) {
            String hash = context.names().hash();
            assertThat(context.engine().containers("kube-"))
                    .noneMatch(container -> container.name().contains(hash));
        }
    }

    @Test
    void programsAreTheSameHoweverTheirSourcesCame() throws IOException {
        compile(Kind.ARCHIVE);
        String archived = kubectl();

        // The same workspace: rsync is asked to bring what changed, and what changed back.
        edit(TYPES, "package sample", "package sample // changed");
        assertThat(compile(Kind.RSYNC).outcomes()).containsEntry("sync", "done");
        edit(TYPES, "package sample // changed", "package sample");
        compile(Kind.RSYNC);
        assertThat(kubectl()).isEqualTo(archived);
        assertThat(compile(Kind.ARCHIVE).outcomes()).containsEntry("sync", "up to date");

        Files.delete(tree.file(KUBECTL));
        compile(Kind.BIND);
        assertThat(kubectl()).isEqualTo(archived);
        assertThat(compile(Kind.BIND).outcomes())
                .containsEntry("sync", "up to date")
                .containsEntry("cross-compile", "up to date")
                .containsEntry("copy-output", "up to date");
        assertThat(tree.file(".make")).isEmptyDirectory();
        assertThat(tree.file("_output/dockerized/go")).doesNotExist();
    }

    @Test
    void aMountedTreeIsGeneratedInAndNothingThatSomebodyDidThereIsMissed() throws IOException, InterruptedException {
        compile(Kind.BIND);
        String before = Files.readString(tree.file(GENERATED));
        assertThat(compile(Kind.BIND).outcomes()).containsEntry("cross-compile", "up to date");
        assertThat(Files.getOwner(tree.file(GENERATED))).isEqualTo(Files.getOwner(tree.file(TYPES)));

        Files.writeString(tree.file(GENERATED), "package sample\n\nvar Kinds = []string{\"mine\"}\n");
        compile(Kind.BIND);
        assertThat(tree.file(GENERATED)).hasContent(before);

        Files.delete(tree.file(GENERATED));
        edit(TYPES, "package sample", "package sample // changed");
        assertThat(compile(Kind.BIND).outcomes()).containsEntry("sync", "done");
        assertThat(tree.file(GENERATED)).hasContent(before);
    }
}
