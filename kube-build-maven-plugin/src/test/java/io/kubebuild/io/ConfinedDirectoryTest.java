package io.kubebuild.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfinedDirectoryTest {

    private Path temp;
    private Path root;
    private Path outside;
    private ConfinedDirectory confined;

    @BeforeEach
    void lay(@TempDir Path temporary) throws IOException {
        temp = temporary;
        root = Files.createDirectory(temp.resolve("root"));
        outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "precious");
        confined = new ConfinedDirectory(root);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/etc/passwd", "..", "../outside/secret", "a/../../b", "a//b", "a/", "./a", "a/.", "a\0b"})
    void takesNoPathThatLeadsOut(String path) {
        assertThat(ConfinedDirectory.isConfined(path)).isFalse();
        assertThatThrownBy(() -> confined.write(path, draft -> draft.text("x")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("refused to use");
        assertThat(outside.resolve("secret")).hasContent("precious");
    }

    @Test
    void takesNoNameThatNoFileSystemTakes() {
        assertThat(ConfinedDirectory.isConfined("ä".repeat(128))).isFalse();
        assertThat(ConfinedDirectory.isConfined("d/".repeat(3000) + "f")).isFalse();
        assertThat(ConfinedDirectory.isConfined("a/b.c/..d/e..")).isTrue();
    }

    @Test
    void replacesALinkInsteadOfWritingThroughIt() throws IOException {
        Files.createSymbolicLink(root.resolve("log"), outside.resolve("secret"));
        confined.write("log", draft -> draft.text("ours"));
        assertThat(root.resolve("log")).hasContent("ours").isRegularFile();
        assertThat(outside.resolve("secret")).hasContent("precious");
    }

    @Test
    void beginsANewFileInPlaceOfALink() throws IOException {
        Files.createSymbolicLink(root.resolve("log"), outside.resolve("secret"));
        try (OutputStream out = confined.begin("log")) {
            out.write('x');
        }
        assertThat(Files.isSymbolicLink(root.resolve("log"))).isFalse();
        assertThat(outside.resolve("secret")).hasContent("precious");
    }

    @Test
    void writesNothingThroughALinkedDirectory() throws IOException {
        Files.createSymbolicLink(root.resolve("state"), outside);
        assertThatThrownBy(() -> confined.write("state/record", draft -> draft.text("x")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("is a symbolic link");
        assertThatThrownBy(() -> confined.directory("state")).isInstanceOf(KubeException.class);
        assertThatThrownBy(() -> confined.begin("state/log")).isInstanceOf(KubeException.class);
        assertThatThrownBy(() -> confined.link("state/link", "anywhere")).isInstanceOf(KubeException.class);
        assertThat(outside.resolve("record")).doesNotExist();
    }

    @Test
    void readsNothingThroughLinks() throws IOException {
        Files.createSymbolicLink(root.resolve("file"), outside.resolve("secret"));
        Files.createSymbolicLink(root.resolve("directory"), outside);
        assertThatThrownBy(() -> confined.text("file")).isInstanceOf(KubeException.class);
        assertThatThrownBy(() -> confined.text("directory/secret")).isInstanceOf(KubeException.class);
        assertThat(confined.isFile("file")).isFalse();
        assertThat(confined.children("directory")).isEmpty();
    }

    @Test
    void itsOwnPlaceMayBeALink() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), root);
        new ConfinedDirectory(link).write("a/b", draft -> draft.text("x"));
        assertThat(root.resolve("a/b")).hasContent("x");
    }

    @Test
    void leavesNothingHalfWritten() throws IOException {
        Files.writeString(root.resolve("file"), "before");
        assertThatThrownBy(() -> confined.write("file", draft -> {
                    draft.text("half");
                    throw new IOException("disk full");
                }))
                .hasMessage("disk full");
        assertThat(root.resolve("file")).hasContent("before");
        try (var files = Files.list(root)) {
            assertThat(files).containsExactly(root.resolve("file"));
        }
    }

    @Test
    void findsWhatAProgramWithThisRootWouldFind() throws IOException {
        Files.createDirectories(root.resolve("real"));
        Files.writeString(root.resolve("real/key"), "inside");
        Files.createSymbolicLink(root.resolve("relative"), Path.of("real"));
        Files.createSymbolicLink(root.resolve("absolute"), Path.of("/real"));
        Files.createSymbolicLink(root.resolve("leaving"), outside);
        Files.createSymbolicLink(root.resolve("up"), Path.of("../outside"));
        Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));
        assertThat(confined.find("relative/key")).contains(root.resolve("real/key"));
        assertThat(confined.find("absolute/key")).contains(root.resolve("real/key"));
        assertThat(confined.find("real/../../real/key")).contains(root.resolve("real/key"));
        assertThat(confined.find("leaving/secret")).isEmpty();
        assertThat(confined.find("up/secret")).isEmpty();
        assertThatThrownBy(() -> confined.find("circle/x")).hasMessageContaining("circle");
    }
}
