package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.release.gzip.CompressedFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the tree's packaging functions lay into the stage, nothing of the host is read into artifacts or written over. */
class HostileRecordingTest {

    private Path recording;
    private Path host;
    private Path victim;

    @BeforeEach
    void layTheHost(@TempDir Path temporary) throws IOException {
        recording = temporary.resolve("recording");
        host = Files.createDirectory(temporary.resolve("host"));
        victim = Files.writeString(host.resolve("victim"), "precious");
    }

    @Test
    void aDockerfileIsNotWrittenThroughALinkInTheContext() throws IOException {
        Staging staging = read(
                file("builds/1/argv", "docker\0build\0-f\0/tmp/x.df\0-t\0x\0ctx\0"),
                file("builds/1/dockerfile", "FROM scratch\n"),
                file("builds/1/directory", "/go/src\n"),
                link("builds/1/context/.kube-build.Dockerfile", victim.toString()));
        assertThat(victim).hasContent("precious");
        assertThat(staging.builds().get(0).context().resolve(".kube-build.Dockerfile"))
                .hasContent("FROM scratch")
                .isRegularFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"argv", "dockerfile", "directory"})
    void recordsThatAreLinksAreNotRead(String name) {
        assertThatThrownBy(() -> read(
                        name.equals("argv")
                                ? link("builds/1/argv", victim.toString())
                                : file("builds/1/argv", "docker\0build\0.\0"),
                        name.equals("dockerfile")
                                ? link("builds/1/dockerfile", victim.toString())
                                : file("builds/1/dockerfile", "FROM scratch\n"),
                        name.equals("directory")
                                ? link("builds/1/directory", victim.toString())
                                : file("builds/1/directory", "/go\n"),
                        file("builds/1/context/x", "")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a\0b", "", "\n", "/größe", "../../..", "/\u001b[2J"})
    void directoriesMayBeCalledAnything(String directory) throws IOException {
        assertThatCode(() -> read(
                        file("builds/1/argv", "docker\0build\0-f\0/tmp/ü.df\0-t\0x\0ctx\0"),
                        file("builds/1/dockerfile", "FROM scratch\n"),
                        file("builds/1/directory", directory),
                        file("builds/1/context/x", "")))
                .satisfiesAnyOf(nothing -> assertThat(nothing).isNull(), refused -> assertThat(refused)
                        .isInstanceOf(KubeException.class)
                        .hasMessageContaining("NUL"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\0", "docker", "docker\0build", "docker\0build\0-f", "docker\0build\0--build-arg\0=\0-t"})
    void commandsMayBeCutShort(String argv) {
        assertThatCode(() -> read(
                        file("builds/1/argv", argv),
                        file("builds/1/dockerfile", "FROM scratch\n"),
                        file("builds/1/directory", "/go\n"),
                        file("builds/1/context/x", "")))
                .satisfiesAnyOf(nothing -> assertThat(nothing).isNull(), refused -> assertThat(refused)
                        .isInstanceOf(KubeException.class));
    }

    @Test
    void aContextThatIsALinkIsNotTaken() {
        assertThatThrownBy(() -> read(
                        file("builds/1/argv", "docker\0build\0-f\0/tmp/x.df\0-t\0x\0ctx\0"),
                        file("builds/1/dockerfile", "FROM scratch\n"),
                        file("builds/1/directory", "/go/src\n"),
                        link("builds/1/context", host.toString())))
                .isInstanceOf(KubeException.class);
        assertThat(host.resolve(".kube-build.Dockerfile")).doesNotExist();
    }

    @Test
    void aListingThatIsALinkIsNotRead() throws IOException {
        Path listing = Files.writeString(host.resolve("listing"), "release-stage\nf\000644\0001\0x\0\0");
        assertThatThrownBy(() -> read(link("listings/x.tar.gz", listing.toString())))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("is not a regular file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../host\nf\000644\0001\0victim\0\0",
                "/etc\nf\000644\0001\0passwd\0\0",
                "a/../../host\nf\000644\0001\0victim\0\0"
            })
    void listingsOfDirectoriesOutsideAreNotTaken(String listing) {
        assertThatThrownBy(() -> StageListing.parse("x.tar.gz", listing))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("leads out of the stage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../host/victim", "/etc/passwd", "a/../../x", "./x", "a//b"})
    void listingsOfFilesOutsideAreNotTaken(String path) {
        assertThatThrownBy(() -> StageListing.parse("x.tar.gz", "release-stage\nf\000644\0001\0" + path + "\0\0"))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("leads out of the stage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "directory/victim"})
    void whatIsListedAsAFileIsNotReadThroughALink(String path) throws IOException {
        Path stage = Files.createDirectories(recording);
        Files.createSymbolicLink(stage.resolve("file"), victim);
        Files.createSymbolicLink(stage.resolve("directory"), host);
        ExecutorService executor = Executors.newFixedThreadPool(1);
        try {
            TarballWriter writer = new TarballWriter(executor, 1, 5, 0, new CompressedFiles());
            Path target = stage.resolve("x.tar.gz");
            assertThatThrownBy(() -> writer.write(target, List.of(TarballEntry.file(path, 0644)), stage))
                    .isInstanceOfAny(IOException.class, KubeException.class);
            assertThat(target).doesNotExist();
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void tagFilesThatAreLinksAreNotFilledIn() throws IOException {
        Path word = Files.writeString(host.resolve("word"), "kube-md5.linux.amd64.kube-proxy");
        Staging staging = read(link("release-stage/x.docker_tag", word.toString()));
        new BinaryChecksums(binary -> victim).filledIn(staging);
        assertThat(word).hasContent("kube-md5.linux.amd64.kube-proxy");
    }

    private Staging read(Item... items) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Item item : items) {
                byte[] content = item.content().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry("stage/" + item.path(), item.type(), true);
                if (item.type() == TarConstants.LF_SYMLINK) {
                    entry.setLinkName(item.content());
                    content = new byte[0];
                }
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return StagingReader.read(
                recording,
                new TreeMap<>(StageExtractor.extract(new ByteArrayInputStream(bytes.toByteArray()), recording)));
    }

    private record Item(String path, byte type, String content) {}

    private static Item file(String path, String content) {
        return new Item(path, TarConstants.LF_NORMAL, content);
    }

    private static Item link(String path, String target) {
        return new Item(path, TarConstants.LF_SYMLINK, target);
    }
}
