package io.kubebuild.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.io.RawName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {

    private final Path directory;
    private final Path file;

    HostFilesTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.file = Files.writeString(directory.resolve("file"), "one");
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    }

    @Test
    void whatIsMissingIsNotInTheAnswer() throws IOException {
        assertThat(HostFiles.of(List.of(file, directory.resolve("missing")))).containsOnlyKeys(file.toString());
    }

    @Test
    void aReplacedFileIsAnotherAlthoughItLooksTheSame() throws IOException {
        var before = HostFiles.withoutStatusChange(List.of(file));
        Path copy = Files.writeString(directory.resolve("copy"), "two");
        Files.setLastModifiedTime(copy, FileTime.fromMillis(1000));
        Files.move(copy, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(HostFiles.withoutStatusChange(List.of(file))).isNotEqualTo(before);
    }

    @Test
    void aChangedModeCounts() throws IOException {
        var before = HostFiles.withoutStatusChange(List.of(file));
        String below = HostFiles.below(List.of(directory));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));

        assertThat(HostFiles.withoutStatusChange(List.of(file))).isNotEqualTo(before);
        assertThat(HostFiles.below(List.of(directory))).isNotEqualTo(below);
    }

    @Test
    void linkingAFileIntoAStageMovesItsStatusChangeAndNothingElse() throws IOException {
        var all = HostFiles.of(List.of(file));
        var without = HostFiles.withoutStatusChange(List.of(file));
        // The file system's clock ticks coarser than ours: as long as it takes for the link to be seen.
        do {
            Files.deleteIfExists(directory.resolve("link"));
            Files.createLink(directory.resolve("link"), file);
        } while (HostFiles.of(List.of(file)).equals(all));

        assertThat(HostFiles.withoutStatusChange(List.of(file))).isEqualTo(without);
    }

    @Test
    void everyNameBelowADirectoryCounts() throws IOException {
        String before = HostFiles.below(List.of(directory, directory.resolve("missing")));
        // Under LANG=C both names look alike to Java.
        Files.writeString(RawName.resolve(directory, "ü"), "");
        String one = HostFiles.below(List.of(directory));
        Files.move(RawName.resolve(directory, "ü"), RawName.resolve(directory, "ö"));

        assertThat(one).isNotEqualTo(before);
        assertThat(HostFiles.below(List.of(directory))).isNotEqualTo(one);
        Files.delete(RawName.resolve(directory, "ö"));
        assertThat(HostFiles.below(List.of(directory))).isEqualTo(before);
        Files.createDirectory(directory.resolve("empty"));
        assertThat(HostFiles.below(List.of(directory))).isNotEqualTo(before);
    }
}
