package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every transport must get right besides that leaves a copy of the sources in the workspace. */
abstract class CarryingContract extends TransportContract {

    @Test
    void swapsThemInAFullSyncToo() throws Exception {
        sync();
        inWorkspace(
                "rm -rf .kube-build-snapshot~ cmd link README.md empty && mkdir -p link/deep README.md && ln -s /etc empty && echo f > cmd");
        last = Optional.empty();
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.FULL);
    }

    @Test
    void deletesWhatIsGoneWithTheGeneratedFilesInIt() throws Exception {
        sync();
        inWorkspace("echo g > cmd/deep/er/zz_generated.y.go");
        Files.delete(tree.resolve("README.md"));
        Files.delete(tree.resolve("cmd/deep/er/file"));
        Files.delete(tree.resolve("cmd/deep/er"));
        Files.delete(tree.resolve("cmd/deep"));
        SyncResult result = sync();
        assertThat(result.kind()).isEqualTo(SyncResult.Kind.DELTA);
        assertThat(result.deletions()).isEqualTo(5);
        assertThat(workspaceHas("cmd/deep")).isFalse();
    }

    @Test
    void keepsWhatTheWorkspaceGeneratedUntilItIsToBeDropped() throws Exception {
        sync();
        inWorkspace(
                "echo g > pkg/zz_generated.y.go && mkdir -p _output/dockerized && echo o > _output/dockerized/zz_generated.z");
        write("README.md", "other");
        sync();
        assertThat(workspaceHas("pkg/zz_generated.y.go")).isTrue();
        SyncResult result = sync(true);
        assertThat(result.deletions()).isEqualTo(1);
        assertThat(result.reason()).isEqualTo("generated files are dropped");
        assertThat(workspaceHas("pkg/zz_generated.y.go")).isFalse();
        assertThat(workspaceHas("_output/dockerized/zz_generated.z")).isTrue();
    }

    @Test
    void sendsEverythingWhereSomebodyElseRemovedTheStamp() throws Exception {
        sync();
        inWorkspace("rm .kube-build-snapshot~ && echo stray > stray && echo broken > README.md");
        SyncResult result = sync();
        assertThat(result.kind()).isEqualTo(SyncResult.Kind.FULL);
        assertThat(result.deletions()).isEqualTo(1);
    }

    @Test
    void leavesNoStampWhereAFileChangesUnderItsHands() throws Exception {
        SourceSnapshot stale = snapshot();
        write("README.md", "something that is longer");
        assertThatThrownBy(() -> transport()
                        .sync(new SyncRequest(SourceRoot.of(tree), RULES, stale, Optional.empty(), false), workspace()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("README.md changed while the sources were sent");
        assertThat(workspaceHas(".kube-build-snapshot~")).isFalse();
        last = Optional.of(stale);
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.FULL);
    }

    @Test
    void sendsARepositoryFromBesideInsteadOfTheTreesOwn(@TempDir Path beside) throws Exception {
        Files.createDirectories(beside.resolve("objects/pack"));
        Files.writeString(beside.resolve("objects/pack/one"), "pack");
        Files.writeString(beside.resolve("config"), "made");
        git = Optional.of(beside);
        sync();
        inWorkspace("test \"$(cat .git/config)\" = made && test -e .git/objects/pack/one");

        write(".git/config", "nobody looks at it");
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.NOTHING);

        Files.delete(beside.resolve("objects/pack/one"));
        Files.writeString(beside.resolve("HEAD"), "commit");
        SyncResult result = sync();
        assertThat(result.reason()).isEqualTo(".git/HEAD and 1 more changed");
        assertThat(result.filesSent()).isEqualTo(1);
        assertThat(result.deletions()).isEqualTo(1);

        git = Optional.empty();
        sync();
        assertThat(workspaceHas(".git")).isFalse();
    }

    @Test
    void seesAChangeThatHidItsTimeAndSize() throws Exception {
        sync();
        FileTime before = Files.getLastModifiedTime(tree.resolve("README.md"));
        write("README.md", "READ ME");
        Files.setLastModifiedTime(tree.resolve("README.md"), before);
        assertThat(sync().filesSent()).isEqualTo(1);
    }
}
