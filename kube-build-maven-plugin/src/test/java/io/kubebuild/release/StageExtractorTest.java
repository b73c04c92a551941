package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.io.FileModes;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StageExtractorTest {

    private Path directory;

    @BeforeEach
    void keepDirectory(@TempDir Path temporary) {
        directory = temporary;
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "stage/../../outside", "stage/a/../../../outside", "stage/./a"})
    void refusesPathsThatLeadOut(String path) {
        assertThatThrownBy(() -> extract(file(path, "x")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("leads out");
        assertThat(directory.resolve("outside")).doesNotExist();
    }

    @Test
    void takesNamesThatAreNotAsciiInEveryLocale() throws IOException {
        extract(
                file("stage/größe/ü", "x"),
                link("stage/a", TarConstants.LF_SYMLINK, "../ö"),
                link("stage/b", TarConstants.LF_LINK, "stage/größe/ü"));

        assertThat(RawName.resolve(directory.resolve("into"), "größe/ü")).hasContent("x");
        assertThat(directory.resolve("into/b")).hasContent("x");
        assertThat(RawName.ofTarget(Files.readSymbolicLink(directory.resolve("into/a"))))
                .contains("../ö");
    }

    @Test
    void writesNothingThroughASymbolicLink() {
        assertThatThrownBy(() -> extract(link("stage/a", TarConstants.LF_SYMLINK, ".."), file("stage/a/outside", "x")))
                .isInstanceOf(KubeException.class);
        assertThat(directory.resolve("outside")).doesNotExist();
    }

    @Test
    void makesNobodySomebodyElse() throws IOException {
        Item setuid = file("stage/release-stage/tool", "x");
        setuid.entry().setMode(0106755);
        extract(setuid);
        assertThat(FileModes.get(directory.resolve("into/release-stage/tool"))).isEqualTo(0755);

        Item inAnImage = file("stage/builds/1/context/tool", "x");
        inAnImage.entry().setMode(0104755);
        assertThatThrownBy(() -> extract(inAnImage))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("setuid");
    }

    @Test
    void linksNothingFromOutside() {
        assertThatThrownBy(() -> extract(link("stage/a", TarConstants.LF_LINK, "stage/absent")))
                .isInstanceOf(KubeException.class);
        assertThatThrownBy(() -> extract(link("stage/a", TarConstants.LF_LINK, "stage/../../etc/passwd")))
                .isInstanceOf(KubeException.class);
    }

    @Test
    void remembersPlaceholdersAndTheirLinksInsteadOfWritingThem() throws IOException {
        var placeholders = extract(
                file("stage/a", "kube-placeholder tarball t.tar.gz\n"),
                link("stage/b", TarConstants.LF_LINK, "stage/a"));

        Staging.PlacedPlaceholder placed = new Staging.PlacedPlaceholder(new Placeholder.Tarball("t.tar.gz"), 0644);
        assertThat(placeholders).containsEntry("a", placed).containsEntry("b", placed);
        assertThat(directory.resolve("into")).isEmptyDirectory();
    }

    private java.util.SortedMap<String, Staging.PlacedPlaceholder> extract(Item... items) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            for (Item item : items) {
                tar.putArchiveEntry(item.entry());
                tar.write(item.content());
                tar.closeArchiveEntry();
            }
        }
        return StageExtractor.extract(new ByteArrayInputStream(bytes.toByteArray()), directory.resolve("into"));
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Item(TarArchiveEntry entry, byte[] content) {}

    private static Item file(String path, String text) {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(path, true);
        entry.setSize(content.length);
        return new Item(entry, content);
    }

    private static Item link(String path, byte type, String target) {
        TarArchiveEntry entry = new TarArchiveEntry(path, type, true);
        entry.setLinkName(target);
        return new Item(entry, new byte[0]);
    }
}
