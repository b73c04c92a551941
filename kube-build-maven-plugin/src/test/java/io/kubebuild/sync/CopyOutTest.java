package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.sync.CopyRequest.Binary;
import io.kubebuild.sync.CopyRequest.Generated;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CopyOutTest {

    private static final FilterRules INWARD = FilterRules.of(List.of("- /_output/", "H zz_generated.*"));
    private static final FilterRules OUTWARD =
            FilterRules.of(List.of("- /_output/", "+ zz_generated.*", "+ types.go", "+ */", "- /**"));

    @TempDir
    Path tree = Path.of("");

    @TempDir
    Path inside = Path.of("");

    private final List<BuildListener.Event> events = new ArrayList<>();
    private DirectoryWorkspace workspace = new DirectoryWorkspace(Path.of("/"), new Owner(0, 0));
    private SourceSnapshot sent = new SourceSnapshot(java.time.Instant.EPOCH, List.of());

    @BeforeEach
    void build() throws IOException {
        int uid = (int) Files.getAttribute(tree, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int gid = (int) Files.getAttribute(tree, "unix:gid", LinkOption.NOFOLLOW_LINKS);
        workspace = new DirectoryWorkspace(inside, new Owner(uid, gid));
        write(tree.resolve("api/types.go"), "as sent");
        write(tree.resolve("api/other.go"), "as sent");
        sent = new SourceScanner(Clock.systemUTC(), 1, events::add).take(SourceRoot.of(tree), INWARD, List.of(), null);
        write(inside.resolve("_output/bin/kubectl"), "ELF");
        Files.setAttribute(inside.resolve("_output/bin/kubectl"), "unix:mode", 0755);
        Files.setLastModifiedTime(inside.resolve("_output/bin/kubectl"), FileTime.fromMillis(1_600_000_000_000L));
        write(inside.resolve("api/types.go"), "as sent");
        write(inside.resolve("api/other.go"), "rewritten");
        write(inside.resolve("api/zz_generated.x.go"), "generated");
        Path odd = RawName.resolve(inside, "api/with\nbreak ü");
        Files.createDirectories(odd);
        Files.writeString(odd.resolve("zz_generated.x.go"), "odd");
    }

    private static void write(Path file, String content) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.writeString(file, content);
    }

    private Path kubectl() {
        return tree.resolve("_output/dockerized/bin/linux/amd64/kubectl");
    }

    private CopyResult copy() throws InterruptedException {
        return copy(new Binary(inside + "/_output/bin/kubectl", "dockerized/bin/linux/amd64/kubectl"));
    }

    private CopyResult copy(Binary... binaries) throws InterruptedException {
        CopyRequest request = new CopyRequest(
                tree.resolve("_output"), List.of(binaries), Optional.of(new Generated(tree, OUTWARD, INWARD, sent)));
        return new CopyOut(tree.resolve("_output/copy.json"), events::add).copy(request, workspace);
    }

    @Test
    void bringsBinariesAndGeneratedSourcesWithTheirModesAndTimes() throws Exception {
        CopyResult result = copy();
        assertThat(RawName.resolve(tree, "api/with\nbreak ü/zz_generated.x.go")).hasContent("odd");
        assertThat(result.changed()).hasSize(3).contains(kubectl(), tree.resolve("api/zz_generated.x.go"));
        assertThat(result.unchanged()).as("api/types.go").isEqualTo(1);
        assertThat(kubectl()).hasContent("ELF").isExecutable();
        assertThat(Files.getLastModifiedTime(kubectl()).toMillis()).isEqualTo(1_600_000_000_000L);
        assertThat(tree.resolve("api/other.go")).as("not in the rules").hasContent("as sent");
    }

    @Test
    void bringsManyBinariesOfADirectoryAsOneStreamAndNothingElseOfIt() throws Exception {
        Binary[] binaries = new Binary[9];
        for (int i = 0; i < binaries.length; i++) {
            write(inside.resolve("_output/bin/program" + i), "program " + i);
            binaries[i] = new Binary(inside + "/_output/bin/program" + i, "dockerized/bin/linux/amd64/program" + i);
        }
        Files.createSymbolicLink(inside.resolve("_output/bin/link"), Path.of("program0"));

        assertThat(copy(binaries).changed()).hasSize(2 + binaries.length);
        assertThat(workspace.read)
                .filteredOn(path -> path.contains("/_output/bin"))
                .containsExactly(inside + "/_output/bin");
        for (int i = 0; i < binaries.length; i++) {
            assertThat(kubectl().resolveSibling("program" + i)).hasContent("program " + i);
        }
        assertThat(Objects.requireNonNull(kubectl().getParent()).toFile().list())
                .hasSize(binaries.length);

        workspace.read.clear();
        write(inside.resolve("_output/bin/program3"), "another one");
        assertThat(copy(binaries).changed()).hasSize(1);
        assertThat(workspace.read).contains(inside + "/_output/bin/program3").doesNotContain(inside + "/_output/bin");
    }

    @Test
    void readsNothingOfWhatStands() throws Exception {
        copy();
        FileTime before = Files.getLastModifiedTime(tree.resolve("api/zz_generated.x.go"));
        workspace.commands.clear();
        assertThat(copy().changed()).isEmpty();
        assertThat(Files.getLastModifiedTime(tree.resolve("api/zz_generated.x.go")))
                .isEqualTo(before);
        assertThat(workspace.commands.toString()).doesNotContain("sha256sum").doesNotContain("tar ");
    }

    @Test
    void leavesAloneWhatIsTheSameThoughNobodyRemembersIt() throws Exception {
        copy();
        Files.delete(tree.resolve("_output/copy.json"));
        assertThat(copy().changed()).isEmpty();
    }

    @Test
    void doesNotWaitForARecordThatIsAPipe() throws Exception {
        Files.createDirectories(tree.resolve("_output"));
        Process made =
                new ProcessBuilder("mkfifo", tree.resolve("_output/copy.json").toString()).start();
        assertThat(made.waitFor()).isZero();
        assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertThat(copy().changed()).hasSize(3));
        assertThat(tree.resolve("_output/copy.json")).isRegularFile();
    }

    @Test
    void bringsBackWhatSomebodyDeletedOrDamagedOnTheHost() throws Exception {
        copy();
        Files.writeString(kubectl(), "BAD");
        Files.delete(tree.resolve("api/zz_generated.x.go"));
        assertThat(copy().changed()).containsExactlyInAnyOrder(kubectl(), tree.resolve("api/zz_generated.x.go"));
        assertThat(kubectl()).hasContent("ELF");
    }

    @Test
    void readsNothingOfWhatItsCallerLinked() throws Exception {
        copy();
        Files.createLink(kubectl().resolveSibling("linked"), kubectl());

        new CopyOut(tree.resolve("_output/copy.json"), events::add)
                .renew(workspace.identity(), List.of(kubectl(), tree.resolve("unknown")));
        workspace.commands.clear();

        assertThat(copy().changed()).isEmpty();
        assertThat(workspace.commands.toString()).doesNotContain("sha256sum");
    }

    @Test
    void replacesByRenameSoThatHardLinksKeepTheOldContent() throws Exception {
        copy();
        Path staged = Files.createLink(tree.resolve("_output/staged"), kubectl());
        Files.writeString(inside.resolve("_output/bin/kubectl"), "NEW");
        copy();
        assertThat(kubectl()).hasContent("NEW");
        assertThat(staged).hasContent("ELF");
    }

    @Test
    void overwritesASourceThatTheBuildGeneratedAnew() throws Exception {
        Files.writeString(inside.resolve("api/types.go"), "generated anew");
        assertThat(copy().changed()).contains(tree.resolve("api/types.go"));
        assertThat(tree.resolve("api/types.go")).hasContent("generated anew");
    }

    @Test
    void doesNotOverwriteASourceThatWasEditedMeanwhile() throws Exception {
        Files.writeString(inside.resolve("api/types.go"), "generated anew");
        Files.writeString(tree.resolve("api/types.go"), "edited");
        assertThat(copy().edited()).containsExactly("api/types.go");
        assertThat(tree.resolve("api/types.go")).hasContent("edited");
        assertThat(events).anySatisfy(event -> assertThat(event)
                .isInstanceOf(BuildListener.Warning.class)
                .asString()
                .contains("api/types.go"));
    }

    @Test
    void namesEveryBinaryThatIsMissing() {
        assertThatThrownBy(() -> copy(new Binary(inside + "/no", "bin/no"), new Binary(inside + "/nor", "bin/nor")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining(inside + "/no, " + inside + "/nor");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../x", "a/../../x", "a//b", "./a", ""})
    void refusesTargetsThatLieOutside(String target) {
        assertThatThrownBy(() -> new Binary("/bin/x", target)).isInstanceOf(KubeException.class);
    }

    @Test
    void refusesToWriteThroughALinkThatLeadsOut(@TempDir Path elsewhere) throws Exception {
        Files.createDirectories(tree.resolve("_output"));
        Files.createSymbolicLink(tree.resolve("_output/dockerized"), elsewhere);
        assertThatThrownBy(this::copy).isInstanceOf(KubeException.class).hasMessageContaining("_output/dockerized");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void writesThroughAnOutputDirectoryThatIsALink(@TempDir Path elsewhere) throws Exception {
        Files.createSymbolicLink(tree.resolve("_output"), elsewhere);
        copy();
        assertThat(elsewhere.resolve("dockerized/bin/linux/amd64/kubectl")).hasContent("ELF");
    }

    private static InputStream stream(String name, byte type, String target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
        TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
        entry.setLinkName(target);
        byte[] content = type == TarConstants.LF_NORMAL ? "x".getBytes(StandardCharsets.UTF_8) : new byte[0];
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
        tar.finish();
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Test
    void refusesEverythingInAStreamThatWasNotAskedFor() throws IOException {
        for (InputStream hostile : List.of(
                stream("/etc/passwd", TarConstants.LF_NORMAL, ""),
                stream("../kubectl", TarConstants.LF_NORMAL, ""),
                stream("other", TarConstants.LF_NORMAL, ""),
                stream("kubectl", TarConstants.LF_SYMLINK, "/etc/passwd"),
                stream("kubectl", TarConstants.LF_LINK, "/etc/passwd"),
                stream("kubectl", TarConstants.LF_CHR, ""),
                stream("kubectl", TarConstants.LF_BLK, ""),
                stream("kubectl", TarConstants.LF_FIFO, ""),
                stream("kubectl/", TarConstants.LF_DIR, ""))) {
            assertThatThrownBy(() -> OutputStreams.unpack(hostile, Set.of("kubectl"), (name, in) -> {
                        throw new AssertionError("taken: " + name);
                    }))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void noticesAStreamThatEndsEarly() throws IOException {
        InputStream whole = stream("kubectl", TarConstants.LF_NORMAL, "");
        assertThatThrownBy(() -> OutputStreams.unpack(whole, Set.of("kubectl", "kubelet"), (name, in) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("kubelet");
    }
}
