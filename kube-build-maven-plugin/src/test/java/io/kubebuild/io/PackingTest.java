package io.kubebuild.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PackingTest {

    @TempDir
    Path directory = Path.of("");

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = TimeUnit.SECONDS)
    void aPipeIsNoArchiveAndNotWaitedFor() throws Exception {
        Path pipe = directory.resolve("image.tar");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(Packing.of(pipe)).isEqualTo(Packing.OTHER);
    }

    @Test
    void whatIsNoFileIsNoArchive() throws Exception {
        assertThat(Packing.of(directory)).isEqualTo(Packing.OTHER);
        assertThat(Packing.of(directory.resolve("none"))).isEqualTo(Packing.OTHER);
        assertThat(Packing.of(Files.writeString(directory.resolve("text"), "PK")))
                .isEqualTo(Packing.OTHER);
    }
}
