package io.kubebuild.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.security.auth.module.UnixSystem;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvokerTest {

    private final Path directory;

    InvokerTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void isWhomFilesThatItMakesBelongTo() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(Invoker.owner()).isEqualTo(new Owner((Integer) Files.getAttribute(file, "unix:uid"), (Integer)
                Files.getAttribute(file, "unix:gid")));
    }

    @Test
    void isAskedOfTheJdkWhereThereIsNoProc() {
        UnixSystem me = new UnixSystem();

        assertThat(Invoker.owner(directory.resolve("missing")))
                .isEqualTo(new Owner((int) me.getUid(), (int) me.getGid()));
    }
}
