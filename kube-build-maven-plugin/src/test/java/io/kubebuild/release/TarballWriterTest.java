package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.kubebuild.release.gzip.CompressedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarballWriterTest {

    private final ExecutorService executor = Executors.newFixedThreadPool(4);

    private Path directory;

    @BeforeEach
    void keepDirectory(@TempDir Path temporary) {
        directory = temporary;
    }

    @AfterEach
    void shutDown() {
        executor.shutdown();
    }

    @Test
    void writesEveryKindOfEntryWithItsModeOwnedByRoot() throws IOException {
        Files.createDirectories(directory.resolve("kubernetes"));
        Files.writeString(directory.resolve("kubernetes/a"), "text");
        Path target = directory.resolve("t.tar.gz");

        writer(0, 2)
                .write(
                        target,
                        List.of(
                                TarballEntry.directory("kubernetes", 0755),
                                TarballEntry.file("kubernetes/a", 0600),
                                TarballEntry.hardLink("kubernetes/b", 0600, "kubernetes/a"),
                                TarballEntry.symbolicLink("kubernetes/c", 0777, "../elsewhere")),
                        directory);

        assertThat(Tarballs.describe(target))
                .containsExactly(
                        entry("kubernetes/", "d 755 0:0 root:root"),
                        entry("kubernetes/a", "f 600 0:0 root:root text"),
                        entry("kubernetes/b", "h 600 0:0 root:root kubernetes/a"),
                        entry("kubernetes/c", "l 777 0:0 root:root ../elsewhere"));
        assertThat(directory.resolve("t.tar.gz.part")).doesNotExist();
    }

    @Test
    void keepsLongAndForeignNamesAndGnuTarReadsThem() throws IOException, InterruptedException {
        String name = "kubernetes/" + "long/".repeat(30) + "ümlaut";
        String link = "x".repeat(150);
        Files.createDirectories(directory.resolve(name).getParent());
        Files.writeString(directory.resolve(name), "text");
        Path target = directory.resolve("t.tar.gz");

        writer(0, 2)
                .write(
                        target,
                        List.of(
                                TarballEntry.file(name, 0644),
                                TarballEntry.symbolicLink("kubernetes/link", 0777, link)),
                        directory);

        assertThat(Tarballs.describe(target))
                .containsExactly(
                        entry(name, "f 644 0:0 root:root text"),
                        entry("kubernetes/link", "l 777 0:0 root:root " + link));
        Process tar = new ProcessBuilder("tar", "-tzf", target.toString()).start();
        assertThat(new String(tar.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("/link\n", "long/long/");
        assertThat(tar.waitFor()).isZero();
    }

    @Test
    void keepsAFileWhoseNameIsCutOffAfterASlash() throws IOException {
        String name = "d".repeat(99) + "/file";
        Files.createDirectories(directory.resolve(name).getParent());
        Files.writeString(directory.resolve(name), "text");
        Path target = directory.resolve("t.tar.gz");

        writer(0, 1).write(target, List.of(TarballEntry.file(name, 0644)), directory);

        assertThat(Tarballs.describe(target)).containsExactly(entry(name, "f 644 0:0 root:root text"));
    }

    @Test
    void givesTheSameBytesWhateverTheFilesTimesAndTheThreadsAre() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[2_000_000]);
        List<TarballEntry> entries = List.of(TarballEntry.file("file", 0644), TarballEntry.file("file", 0600));
        Path one = directory.resolve("one");
        Path two = directory.resolve("two");

        writer(1234, 1).write(one, entries, directory);
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(99_000));
        writer(1234, 4).write(two, entries, directory);

        assertThat(two).hasSameBinaryContentAs(one);
    }

    @Test
    void leavesNothingBehindWhenAFileIsMissing() {
        Path target = directory.resolve("t.tar.gz");

        assertThatThrownBy(() -> writer(0, 1).write(target, List.of(TarballEntry.file("absent", 0644)), directory))
                .isInstanceOf(IOException.class);
        assertThat(directory).isEmptyDirectory();
    }

    private TarballWriter writer(long epoch, int threads) {
        return new TarballWriter(executor, threads, 6, epoch, new CompressedFiles());
    }
}
