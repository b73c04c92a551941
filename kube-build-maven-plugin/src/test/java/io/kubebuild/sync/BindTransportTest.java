package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BindTransportTest extends TransportContract {

    private DirectoryWorkspace workspace = new DirectoryWorkspace(tree, new Owner(0, 0));

    @BeforeEach
    void makeWorkspace() throws IOException {
        int uid = (int) Files.getAttribute(tree, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int gid = (int) Files.getAttribute(tree, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        workspace = new DirectoryWorkspace(tree, new Owner(uid, gid)).shared();
    }

    @Override
    Workspace workspace() {
        return workspace;
    }

    @Override
    Transport transport() {
        return new BindTransport(BuildListener.SILENT);
    }

    @Test
    void makesGeneratedFilesLookOldWhereTheyAreToBeDroppedAndNothingElse() throws Exception {
        sync();
        FileTime config = Files.getLastModifiedTime(tree.resolve(".git/config"));
        FileTime readMe = Files.getLastModifiedTime(tree.resolve("README.md"));

        SyncResult result = sync(true);

        assertThat(result.reason()).isEqualTo("generated files are dropped");
        assertThat(tree.resolve("pkg/zz_generated.x.go")).hasContent("hidden");
        assertThat(Files.getLastModifiedTime(tree.resolve("pkg/zz_generated.x.go"))
                        .toInstant())
                .isBefore(Instant.parse("1981-01-01T00:00:00Z"));
        assertThat(Files.getLastModifiedTime(tree.resolve(".git/config"))).isEqualTo(config);
        assertThat(Files.getLastModifiedTime(tree.resolve("README.md"))).isEqualTo(readMe);
        assertThat(Files.getLastModifiedTime(tree.resolve("_output/left/alone")).toInstant())
                .isAfter(Instant.parse("2001-01-01T00:00:00Z"));
    }

    @Test
    void leavesNothingAmongTheSources() throws Exception {
        sync();

        assertThat(tree.resolve(SourceStamp.NAME)).doesNotExist();
        assertThat(tree.resolve("_output").resolve(SourceStamp.NAME)).exists();
    }
}
