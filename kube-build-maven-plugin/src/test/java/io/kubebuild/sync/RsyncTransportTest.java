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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Through a real daemon of this machine; the test set-up brings rsync in, a bare build may lack it. */
@EnabledIf("rsyncIsHere")
class RsyncTransportTest extends CarryingContract {

    @TempDir
    Path root = Path.of("");

    @TempDir
    Path daemon = Path.of("");

    private DirectoryWorkspace workspace = new DirectoryWorkspace(Path.of("/"), new Owner(0, 0));
    private int compress;

    static boolean rsyncIsHere() {
        return RsyncClient.isOn(System.getenv().getOrDefault("PATH", ""));
    }

    @BeforeEach
    void makeWorkspace() throws IOException {
        int uid = (int) Files.getAttribute(root, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int gid = (int) Files.getAttribute(root, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        // Only root can give files to somebody else.
        Owner owner = uid == 0 ? new Owner(1234, 2345) : new Owner(uid, gid);
        if (uid == 0) {
            Files.setAttribute(root, "unix:uid", owner.uid());
            Files.setAttribute(root, "unix:gid", owner.gid());
        }
        workspace = new DirectoryWorkspace(root, owner);
        writeConfiguration(uid == 0 ? "uid = 1234\ngid = 2345\n" : "");
    }

    private void writeConfiguration(String user) throws IOException {
        Files.writeString(daemon.resolve("password"), "secret");
        Files.writeString(daemon.resolve("secrets"), "k8s:secret\n");
        for (String file : new String[] {"password", "secrets"}) {
            Files.setPosixFilePermissions(daemon.resolve(file), PosixFilePermissions.fromString("rw-------"));
        }
        // As the trees' rsyncd.sh writes it.
        Files.writeString(
                daemon.resolve("conf"), """
                use chroot = no
                log file = %s
                reverse lookup = no
                munge symlinks = no
                [k8s]
                numeric ids = true
                %sauth users = k8s
                secrets file = %s
                read only = false
                path = %s
                filter = - /.make/ - /_tmp/
                """.formatted(daemon.resolve("log"), user, daemon.resolve("secrets"), root));
    }

    @Override
    Workspace workspace() {
        return workspace;
    }

    @Override
    Transport transport() {
        return new RsyncTransport(
                new RsyncClient(compress, System.getenv()),
                where -> LocalRsyncd.start(daemon, daemon.resolve("password")),
                BuildListener.SILENT);
    }

    @Test
    void compressesWhereItIsAskedTo() throws Exception {
        compress = 9;
        write("large", "0123456789".repeat(100_000));

        assertThat(sync().bytesSent()).isGreaterThan(1_000_000);
    }

    @Test
    void sendsOfAWorkspaceThatIsNotKnownOnlyWhatIsDifferent() throws Exception {
        sync();
        inWorkspace("rm .kube-build-snapshot~ && echo BROKEN > README.md");

        SyncResult result = sync();

        assertThat(result.kind()).isEqualTo(SyncResult.Kind.FULL);
        assertThat(result.filesSent()).isEqualTo(1);
    }

    @Test
    void saysWhatADaemonThatEndedSaidLast() {
        RsyncServer ended = new RsyncServer() {
            @Override
            public Optional<Integer> port() {
                return Optional.empty();
            }

            @Override
            public Path passwordFile() {
                return daemon.resolve("password");
            }

            @Override
            public String lastWords() {
                return "no such user";
            }

            @Override
            public void close() {}
        };
        Transport transport = new RsyncTransport(new RsyncClient(0, Map.of()), where -> ended, BuildListener.SILENT);

        assertThatThrownBy(() -> transport.sync(
                        new SyncRequest(SourceRoot.of(tree), RULES, snapshot(), Optional.empty(), false), workspace))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("the rsync daemon in the workspace does not answer")
                .hasMessageContaining("no such user")
                .hasMessageContaining("-Dkube.transport=archive");
    }
}
