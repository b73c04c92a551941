package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTransportTest extends CarryingContract {

    @TempDir
    Path root = Path.of("");

    private DirectoryWorkspace workspace = new DirectoryWorkspace(Path.of("/"), new Owner(0, 0));

    @BeforeEach
    void makeWorkspace() throws IOException {
        int uid = (int) Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int gid = (int) Files.getAttribute(root, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        // Only root can give files to somebody else. Directory services give such numbers.
        workspace =
                new DirectoryWorkspace(root, uid == 0 ? new Owner(1_500_000_123, 1_600_000_234) : new Owner(uid, gid));
    }

    @Override
    Workspace workspace() {
        return workspace;
    }

    @Override
    Transport transport() {
        return new ArchiveTransport(BuildListener.SILENT);
    }

    @Test
    void sendsEverythingAgainAfterASyncThatBrokeOff() throws Exception {
        sync();
        write("cmd/main.go", "x".repeat(100_000));
        SourceSnapshot current = new SourceScanner(Clock.systemUTC(), 1, BuildListener.SILENT)
                .take(SourceRoot.of(tree), RULES, List.of(), null);
        workspace.breakStreamsAfter(50_000);
        assertThatThrownBy(() -> new ArchiveTransport(BuildListener.SILENT)
                        .sync(new SyncRequest(SourceRoot.of(tree), RULES, current, Optional.empty(), false), workspace))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("the sources did not reach");
        workspace.close();
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.FULL);
    }

    @Test
    void needsOneCommandWhereNothingChanged() throws Exception {
        sync();
        workspace.commands.clear();
        sync();
        assertThat(workspace.commands).hasSize(1);
    }

    @Test
    void leavesNoScratchBehind() throws Exception {
        sync();
        assertThat(workspace.commands).anySatisfy(command -> assertThat(command)
                .startsWith("/bin/rm", "-rf")
                .last()
                .asString()
                .startsWith("/tmp/kube-build-"));
    }
}
