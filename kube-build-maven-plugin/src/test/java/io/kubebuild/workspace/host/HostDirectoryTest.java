package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostDirectoryTest {

    private final Path below;

    HostDirectoryTest(@TempDir Path below) {
        this.below = below;
    }

    private HostDirectory make(String name, String host, Path tree) throws Exception {
        HostDirectory directory = new HostDirectory(below.resolve(name));
        directory.ensure(HostWorkspace.TREE, host, tree.toString());
        return directory;
    }

    @Test
    void isAnOrphanWhereItsTreeIsGoneFromThisHost() throws Exception {
        HostDirectory orphan = make("orphan", "here", below.resolve("gone"));
        make("kept", "here", below);
        make("elsewhere", "there", below.resolve("gone"));
        Files.createDirectories(below.resolve("somebody else's"));

        assertThat(HostDirectory.orphans(below, "here")).containsExactly(orphan);
        assertThat(HostDirectory.orphans(below.resolve("nowhere"), "here")).isEmpty();
    }

    @Test
    void isDeletedWithWhatGoWriteProtectsAndWithoutWhatLinksLeadTo() throws Exception {
        HostDirectory directory = make("one", "here", below);
        Path kept = Files.writeString(below.resolve("kept"), "x");
        Path module = Files.createDirectories(directory.path().resolve("go/pkg/mod/a@v1"));
        Files.writeString(module.resolve("file"), "x");
        Files.createSymbolicLink(directory.path().resolve("tmp/link"), below);
        Files.setPosixFilePermissions(module, java.nio.file.attribute.PosixFilePermissions.fromString("r-xr-xr-x"));

        assertThat(directory.delete()).isTrue();
        assertThat(directory.path()).doesNotExist();
        assertThat(kept).exists();
        assertThat(directory.delete()).isFalse();
    }
}
