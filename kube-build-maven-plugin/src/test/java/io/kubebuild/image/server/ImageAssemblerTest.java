package io.kubebuild.image.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.image.TarFixture;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.dockerfile.Dockerfile;
import io.kubebuild.image.dockerfile.ImageRecipe;
import io.kubebuild.image.dockerfile.RecipeReader;
import io.kubebuild.io.RawTar;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.OtherJvm;
import io.kubebuild.tree.Platform;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageAssemblerTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant TIME = Instant.parse("2021-01-13T13:40:20Z");
    private static final byte[] LAYER = new TarFixture()
            .directory("./etc", 0750, 7)
            .file("./etc/passwd", "root")
            .directory("./usr", 0755, 0)
            .directory("./usr/bin", 0755, 0)
            .link("./bin", "usr/bin")
            .directory("./gone", 0755, 0)
            .bytes();
    private static final byte[] UPPER = new TarFixture().file(".wh.gone", "").bytes();

    private final Path directory;

    ImageAssemblerTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        Files.writeString(directory.resolve("server"), "program");
        Files.setPosixFilePermissions(directory.resolve("server"), PosixFilePermissions.fromString("rwxr-x---"));
        Path tree = Files.createDirectories(directory.resolve("tree/sub"));
        Files.writeString(tree.resolve("file"), "x");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
        Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(tree.resolve("file"), PosixFilePermissions.fromString("rw-r--r--"));
    }

    @Test
    void holdsWhatEveryReaderLooksFor() throws IOException {
        AssembledImage image = assemble("FROM base\nCOPY server /usr/local/bin/server", "amd64");
        Map<String, byte[]> archive = entries(Files.readAllBytes(image.archive()));

        JsonNode manifest = JSON.readTree(archive.get("manifest.json")).get(0);
        assertThat(manifest.path("RepoTags").toString())
                .isEqualTo("[\"k8s.gcr.io/server-amd64:v1\",\"reg:5000/server-amd64:v1\"]");
        assertThat(manifest.path("Config").asText()).isEqualTo(image.id().substring(7) + ".json");
        assertThat(TarFixture.digest(content(archive, manifest.path("Config").asText())))
                .isEqualTo(image.id());
        List<String> layers = new ArrayList<>();
        manifest.path("Layers").forEach(node -> layers.add(node.asText()));
        assertThat(layers).hasSize(3).allMatch(name -> name.matches("[0-9a-f]{64}/layer\\.tar"));
        for (String layer : layers) {
            assertThat(archive)
                    .containsKeys(layer, layer.replace("layer.tar", "VERSION"), layer.replace("layer.tar", "json"));
        }
        assertThat(archive.get(layers.get(0))).isEqualTo(LAYER);
        assertThat(TarFixture.digest(content(archive, layers.get(2))))
                .isEqualTo(image.layer().orElseThrow());
        String top = layers.get(2).substring(0, 64);
        assertThat(JSON.readTree(archive.get("repositories"))
                        .path("reg:5000/server-amd64")
                        .path("v1")
                        .asText())
                .isEqualTo(top);
        JsonNode config = JSON.readTree(archive.get(manifest.path("Config").asText()));
        assertThat(config.path("rootfs").path("diff_ids")).hasSize(3);
        assertThat(config.path("history")).hasSize(3);
        assertThat(config.path("created").asText()).isEqualTo("2021-01-13T13:40:20Z");
        assertThat(config.has("container_config")).isFalse();
    }

    @Test
    void makesOnlyTheDirectoriesThatTheBaseLacks() throws IOException {
        assertThat(layer("FROM base\nCOPY server /usr/local/bin/server\nCOPY server /etc/\nCOPY server /gone/x"))
                .containsExactly(
                        "server -rwxr-x--- etc/server",
                        "dir rwxr-xr-x gone/",
                        "server -rwxr-x--- gone/x",
                        "dir rwxr-xr-x usr/local/",
                        "dir rwxr-xr-x usr/local/bin/",
                        "server -rwxr-x--- usr/local/bin/server");
    }

    @Test
    void followsTheBasesLinksAndDirectories() throws IOException {
        assertThat(layer("FROM base\nCOPY server /bin/kubectl\nCOPY --chmod=755 server /etc"))
                .containsExactly("server -rwxr-xr-x etc/server", "server -rwxr-x--- usr/bin/kubectl");
    }

    @Test
    void copiesDirectoriesWithModesAndLinks() throws IOException {
        assertThat(layer("FROM base\nCOPY tree /etc/tree\nWORKDIR /work"))
                .containsExactly(
                        "dir rwxr-xr-x etc/tree/",
                        "dir rwx------ etc/tree/sub/",
                        "file -rw-r--r-- etc/tree/sub/file",
                        "link file etc/tree/sub/link",
                        "dir rwxr-xr-x work/");
    }

    @Test
    void writesTheCapabilityOfAFile() throws IOException {
        AssembledImage image =
                assemble("FROM base\nCOPY server /server\nRUN setcap cap_net_bind_service=+ep /server", "amd64");
        byte[] bytes = ourLayer(image);

        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
            TarArchiveEntry entry = tar.getNextEntry();
            assertThat(entry.getExtraPaxHeader("SCHILY.xattr.security.capability"))
                    .isEqualTo("\u0001\0\0\u0002\0\u0004" + "\0".repeat(14));
        }
    }

    @Test
    void changesTheConfigurationAsTheDockerfileSays() throws IOException {
        AssembledImage image = assemble(
                "FROM base\nENV A=2 B=3\nLABEL own=1\nUSER 65532\nWORKDIR /w\nENTRYPOINT [\"/bin/kubectl\"]", "amd64");
        JsonNode config = config(image).path("config");

        assertThat(config.path("Env").toString()).isEqualTo("[\"PATH=/bin\",\"A=2\",\"B=3\"]");
        assertThat(config.path("Labels").toString()).isEqualTo("{\"base\":\"yes\",\"own\":\"1\"}");
        assertThat(config.path("User").asText()).isEqualTo("65532");
        assertThat(config.path("WorkingDir").asText()).isEqualTo("/w");
        assertThat(config.path("Entrypoint").toString()).isEqualTo("[\"/bin/kubectl\"]");
        assertThat(config.has("Cmd")).isFalse();
    }

    @Test
    void givesTheSameBytesForTheSameInputs() throws IOException {
        byte[] first =
                Files.readAllBytes(assemble("FROM base\nCOPY tree /t", "amd64").archive());
        Files.setLastModifiedTime(
                directory.resolve("tree/sub/file"), java.nio.file.attribute.FileTime.from(Instant.EPOCH));

        assertThat(Files.readAllBytes(
                        assemble("FROM base\nCOPY tree /t", "amd64").archive()))
                .isEqualTo(first);
    }

    @Test
    void givesTheArchiveItsModeAndLeavesNoOtherFile() throws IOException {
        AssembledImage image = assemble("FROM base\nCOPY server /x", "amd64");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(image.archive())))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory.resolve("out"))) {
            assertThat(files).containsExactly(image.archive());
        }
    }

    @Test
    void refusesABaseForAnotherPlatform() {
        assertThatThrownBy(() -> assemble("FROM base\nCOPY server /x", "arm64"))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("is for linux/amd64, the image k8s.gcr.io/server-amd64:v1 for linux/arm64");
    }

    @Test
    void namesASourceThatIsNotThereAndWritesNothing() {
        assertThatThrownBy(() -> assemble("FROM base\nCOPY absent /x", "amd64"))
                .hasMessageContaining("COPY absent: the build context has no such file");
        assertThat(directory.resolve("out")).doesNotExist();
    }

    @Test
    void writesNamesOfAnyLengthAndAlphabet() throws IOException {
        String name = "ä".repeat(90);
        Files.writeString(directory.resolve(name), "x");

        assertThat(layer("FROM base\nCOPY " + name + " /etc/"))
                .singleElement()
                .asString()
                .endsWith("etc/" + name);
    }

    @Test
    void readsNothingOfTheHostThroughLinksOfTheContext(@TempDir Path host) throws IOException {
        Files.writeString(host.resolve("key"), "secret!");
        Files.createSymbolicLink(directory.resolve("d"), host);
        Files.createSymbolicLink(directory.resolve("up"), directory.relativize(host));
        for (String source : List.of("d/key", "up/key")) {
            assertThatThrownBy(() -> assemble("FROM base\nCOPY " + source + " /key", "amd64"))
                    .as(source)
                    .hasMessageContaining("has no such file");
        }
        Files.createSymbolicLink(directory.resolve("inside"), Path.of("/tree"));
        assertThat(layer("FROM base\nCOPY inside/sub/file /etc/x"))
                .singleElement()
                .asString()
                .endsWith("etc/x");
    }

    @Test
    void writesThroughNoLinkThatLiesInItsPlace(@TempDir Path host) throws IOException {
        Path victim = Files.writeString(host.resolve("victim"), "precious");
        Path out = Files.createDirectories(directory.resolve("out"));
        Files.createSymbolicLink(out.resolve("server.tar"), victim);
        Files.createSymbolicLink(out.resolve(".server.tar.new"), victim);
        assemble("FROM base\nCOPY server /", "amd64");
        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(out.resolve("server.tar"))).isFalse();
    }

    /** What is run with the locale of a build server that has none. */
    static final class InAsciiLocale {
        public static void main(String[] words) throws IOException {
            RootFileSystem files =
                    RootFileSystem.of(List.of(new BaseImage.Layer(Path.of(words[0]), "sha256:" + "0".repeat(64))));
            System.out.println(files.exists("/etc/größe/日本"));
        }
    }

    @Test
    void takesBaseNamesOfAnyAlphabetInEveryLocale() throws Exception {
        Path layer = directory.resolve("names.tar");
        Files.write(
                layer, new RawTar().pax("path", "etc/größe/日本").file("x", "x").bytes());

        assertThat(OtherJvm.runInAsciiLocale(InAsciiLocale.class, layer.toString()))
                .isEqualTo("true");
    }

    private AssembledImage assemble(String dockerfile, String architecture) throws IOException {
        Path low = directory.resolve("low.tar");
        Path high = directory.resolve("high.tar");
        Files.write(low, LAYER);
        Files.write(high, UPPER);
        BaseImage base = new BaseImage(
                "base",
                TarFixture.config("amd64", LAYER, UPPER),
                List.of(
                        new BaseImage.Layer(low, TarFixture.digest(LAYER)),
                        new BaseImage.Layer(high, TarFixture.digest(UPPER))));
        List<String> tags =
                List.of("k8s.gcr.io/server-amd64:v1", "k8s.gcr.io/server-amd64:v1", "reg:5000/server-amd64:v1");
        return new ImageAssembler()
                .assemble(new ImageAssembler.Request(
                        base,
                        recipe(dockerfile),
                        BuildContext.of(directory),
                        tags,
                        "linux/" + architecture,
                        TIME,
                        directory.resolve("out/server.tar"),
                        ImageAssembler.ownerOnly()));
    }

    private static ImageRecipe recipe(String dockerfile) {
        Platform platform = new Platform("linux", "amd64");
        RecipeReader.Reading reading = RecipeReader.read(Dockerfile.parse(dockerfile), Map.of(), platform, platform);
        if (reading instanceof RecipeReader.Understood understood) {
            return understood.recipe();
        }
        throw new AssertionError(reading.toString());
    }

    private List<String> layer(String dockerfile) throws IOException {
        List<String> lines = new ArrayList<>();
        byte[] bytes = ourLayer(assemble(dockerfile, "amd64"));
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
                assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
                String mode = PosixFilePermissions.toString(permissions(entry.getMode()));
                lines.add(
                        entry.isSymbolicLink()
                                ? "link " + entry.getLinkName() + " " + entry.getName()
                                : (entry.isDirectory() ? "dir " : entry.getSize() == 7 ? "server -" : "file -") + mode
                                        + " " + entry.getName());
            }
        }
        return lines;
    }

    private static java.util.Set<java.nio.file.attribute.PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
        }
        return PosixFilePermissions.fromString(text.toString());
    }

    private static byte[] ourLayer(AssembledImage image) throws IOException {
        for (byte[] content : entries(Files.readAllBytes(image.archive())).values()) {
            if (image.layer().filter(TarFixture.digest(content)::equals).isPresent()) {
                return content;
            }
        }
        throw new AssertionError("no layer of ours");
    }

    private static JsonNode config(AssembledImage image) throws IOException {
        return JSON.readTree(
                entries(Files.readAllBytes(image.archive())).get(image.id().substring(7) + ".json"));
    }

    private static byte[] content(Map<String, byte[]> archive, String name) {
        return Objects.requireNonNull(archive.get(name), name);
    }

    private static Map<String, byte[]> entries(byte[] archive) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (InputStream in = new ByteArrayInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), tar.readAllBytes());
            }
        }
        return entries;
    }
}
