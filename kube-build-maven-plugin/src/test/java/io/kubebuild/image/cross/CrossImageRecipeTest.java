package io.kubebuild.image.cross;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.cross.CrossImageRecipe.BaseOf;
import io.kubebuild.image.cross.CrossImageRecipe.RootFileSystem;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossImageRecipeTest {

    private final Path directory;

    CrossImageRecipeTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anSdkIsADirectoryWithAProgramAndItsVersion() throws IOException {
        GoSdk sdk = GoSdk.at(sdk("VERSION", "go1.22.5\ntime 2024-06-27T20:11:12Z\n"));

        assertThat(sdk.version()).isEqualTo("go1.22.5");
        assertThat(sdk.program()).isEqualTo("676f");
    }

    @Test
    void anSdkIsAnArchiveOfSuchADirectory() throws IOException {
        GoSdk sdk = GoSdk.at(archive("go/", "go1.19.8"));

        assertThat(sdk.version()).isEqualTo("go1.19.8");
        assertThat(sdk.program()).isEqualTo("676f");
        assertThat(sdk.isArchive()).isTrue();
    }

    @Test
    void whatIsNoSdkIsToldWithWhatItLacks() throws IOException {
        assertThatThrownBy(() -> GoSdk.at(directory))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube.cross.goSdk names " + directory + ", which is no Go SDK")
                .hasMessageContaining("it has no bin/go or no VERSION");
        assertThatThrownBy(() -> GoSdk.at(sdk("VERSION", "go1.1").resolveSibling("."))) // the directory above
                .hasMessageContaining("the SDK is its directory go");
        assertThatThrownBy(() -> GoSdk.at(archive("somewhere/else/", "go1.19.8")))
                .hasMessageContaining("the archive has no go/VERSION or no go/bin/go");
        assertThatThrownBy(() -> GoSdk.at(Files.writeString(directory.resolve("go.zip"), "PK is no tar archive")))
                .hasMessageContaining("which is no Go SDK");
    }

    @Test
    void anSdkSaysWhichGoItIs() throws IOException {
        assertThat(GoSdk.at(sdk("VERSION", "devel go1.25-abcdef Tue Jan 7\n")).version())
                .startsWith("devel go1.25-abcdef");
        assertThatThrownBy(() -> GoSdk.at(sdk("VERSION", "lorem ipsum")))
                .hasMessageContaining("which is no Go SDK")
                .hasMessageContaining("its VERSION is 'lorem ipsum'");
    }

    @Test
    void whatADirectoryLinksToOutsideOfItComesAlong() throws IOException {
        Path sdk = sdk("VERSION", "go1.19.8");
        Path share = Files.createDirectories(directory.resolve("share/src/fmt"));
        Files.writeString(share.resolve("print.go"), "package fmt\n");
        Files.createSymbolicLink(sdk.resolve("src"), directory.resolve("share/src"));
        Files.createSymbolicLink(sdk.resolve("bin/go2"), Path.of("go"));
        Files.createSymbolicLink(sdk.resolve("dangling"), Path.of("nowhere"));
        Path file = directory.resolve("go.tar");

        GoSdk.at(sdk).writeTo(file);

        assertThat(entries(file))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "go/", "755",
                        "go/VERSION", "644",
                        "go/bin/", "755",
                        "go/bin/go", "755",
                        "go/bin/go2", "-> go",
                        "go/src/", "755",
                        "go/src/fmt/", "755",
                        "go/src/fmt/print.go", "644"));
    }

    @Test
    void aBaseImageKeepsItsProgramsBehindThoseOfGo() throws IOException {
        CrossImageRecipe recipe =
                new CrossImageRecipe(GoSdk.at(sdk("VERSION", "go1.19.8")), new BaseOf(ImageReference.of("debian:12")));

        recipe.stage(directory.resolve("staged"));

        assertThat(Files.readString(directory.resolve("staged/Dockerfile")))
                .startsWith("FROM debian:12\nUSER 0:0\n")
                .contains("ENV GOPATH=/go GOROOT=/usr/local/go ")
                .contains("ENV PATH=/go/bin:/usr/local/go/bin:$PATH\n")
                .contains("RUN rm -rf /usr/local/go\nADD go.tar /usr/local/\n")
                .contains("absent bash git make gcc ")
                .endsWith("WORKDIR /go\nENTRYPOINT []\nCMD [\"/bin/bash\"]\n");
        assertThat(directory.resolve("staged")).isDirectoryContaining("glob:**/go.tar");
    }

    @Test
    void aRootFileSystemIsAddedToNothing() throws IOException {
        Path rootfs = Files.writeString(directory.resolve("debian.tar.xz"), "root file system");
        CrossImageRecipe recipe =
                new CrossImageRecipe(GoSdk.at(archive("./go/", "go1.19.8")), new RootFileSystem(rootfs));

        recipe.stage(directory.resolve("staged"));

        assertThat(recipe.dockerfile())
                .startsWith("FROM scratch\nADD rootfs.tar /\n")
                .contains(":/usr/bin:/sbin:/bin\n");
        assertThat(directory.resolve("staged/rootfs.tar")).hasContent("root file system");
        assertThat(directory.resolve("staged/go.tar")).hasSameBinaryContentAs(directory.resolve("go.tar.gz"));
    }

    @Test
    void anotherSdkAnotherBaseAndAnotherFileSystemAreTold() throws IOException {
        Path rootfs = Files.writeString(directory.resolve("rootfs.tar"), "one");
        GoSdk sdk = GoSdk.at(archive("go/", "go1.19.8"));
        CrossImageRecipe recipe = new CrossImageRecipe(sdk, new RootFileSystem(rootfs));
        String first = recipe.fingerprint("").id();

        assertThat(recipe.fingerprint("").id()).isEqualTo(first);
        assertThat(recipe.fingerprint("sha256:base").id()).isNotEqualTo(first);
        Files.writeString(rootfs, "another one");
        assertThat(recipe.fingerprint("").id()).isNotEqualTo(first);
    }

    private Path sdk(String file, String text) throws IOException {
        Path sdk = Files.createDirectories(directory.resolve("go"));
        Files.createDirectories(sdk.resolve("bin"));
        Files.writeString(sdk.resolve("bin/go"), "go").toFile().setExecutable(true);
        Files.writeString(sdk.resolve(file), text);
        return sdk;
    }

    private Path archive(String prefix, String version) throws IOException {
        Path file = directory.resolve("go.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file));
                TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
            for (var content : new TreeMap<>(Map.of("VERSION", version, "bin/go", "go")).entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(prefix + content.getKey());
                entry.setSize(content.getValue().length());
                tar.putArchiveEntry(entry);
                tar.write(content.getValue().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    private static Map<String, String> entries(Path file) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(
                        entry.getName(),
                        entry.isSymbolicLink()
                                ? "-> " + entry.getLinkName()
                                : Integer.toOctalString(entry.getMode() & 07777));
            }
        }
        return entries;
    }
}
