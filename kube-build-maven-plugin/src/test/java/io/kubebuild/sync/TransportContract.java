package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.RawName;
import io.kubebuild.io.Sha256;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every transport of sources must get right, whatever the workspace is. */
abstract class TransportContract {

    static final FilterRules RULES = FilterRules.of(List.of("H /.git", "- /_output/", "- /", "H zz_generated.*"));

    @TempDir
    Path tree = Path.of("");

    Optional<SourceSnapshot> last = Optional.empty();

    /** What goes to the workspace as .git. */
    Optional<Path> git = Optional.empty();

    /** An empty workspace, the same one throughout a test. */
    abstract Workspace workspace() throws Exception;

    /** The transport, made anew for each sync as builds do. */
    abstract Transport transport() throws Exception;

    private boolean copies() throws Exception {
        return !workspace().sharesTree();
    }

    @BeforeEach
    void firstSources() throws IOException {
        write("cmd/main.go", "package main");
        write("cmd/deep/er/file", "x");
        write("README.md", "read me");
        Files.createDirectories(tree.resolve("empty"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("cmd/main.go"));
        Files.createSymbolicLink(tree.resolve("dangling"), Path.of("../nowhere"));
        write("_output/left/alone", "host only");
        write(".git/config", "[core]");
        write("pkg/zz_generated.x.go", "hidden");
    }

    void write(String path, String content) throws IOException {
        Path file = RawName.resolve(tree, path);
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        Files.writeString(file, content);
    }

    SyncResult sync(boolean dropGenerated) throws Exception {
        Transport transport = transport();
        // As the step does.
        transport.begin(workspace());
        SourceSnapshot current = snapshot();
        SyncResult result = transport.sync(
                new SyncRequest(new SourceRoot(tree, git), RULES, current, last, dropGenerated), workspace());
        last = Optional.of(current);
        assertThat(held()).isEqualTo(wanted(current));
        return result;
    }

    SourceSnapshot snapshot() {
        // A clock that is ahead: nothing counts as just modified, so that only the stat can tell.
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
        return new SourceScanner(clock, 2, BuildListener.SILENT)
                .take(new SourceRoot(tree, git), RULES, List.of("pom.xml"), last.orElse(null));
    }

    SyncResult sync() throws Exception {
        return sync(false);
    }

    private Map<String, String> wanted(SourceSnapshot snapshot) {
        Map<String, String> wanted = new TreeMap<>();
        snapshot.entries()
                .values()
                .forEach(entry -> wanted.put(
                        entry.path(),
                        switch (entry.type()) {
                            case DIRECTORY ->
                                "d " + Integer.toOctalString(entry.stat().permissions());
                            case LINK -> "l " + entry.target();
                            case FILE ->
                                "f " + Integer.toOctalString(entry.stat().permissions()) + " " + entry.sha256();
                        }));
        return wanted;
    }

    /** What the workspace holds of the snapshot, and besides; the stamp and what is protected or generated there aside. */
    private Map<String, String> held() throws Exception {
        Map<String, String> held = new TreeMap<>();
        String base = workspace().root().substring(workspace().root().lastIndexOf('/') + 1) + "/";
        try (InputStream in = workspace().get(workspace().root());
                TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                String path = entry.getName().replaceFirst("^" + base, "").replaceFirst("/$", "");
                boolean aside = path.isEmpty()
                        || path.equals(SourceStamp.NAME)
                        || (!copies() && (path + "/").startsWith(".git/"))
                        || RULES.shelters(path, true)
                        || path.contains("zz_generated");
                if (!aside) {
                    held.put(path, describe(entry, tar));
                    assertThat(entry.getLongUserId())
                            .as(path)
                            .isEqualTo(workspace().owner().uid());
                    assertThat(entry.getLongGroupId())
                            .as(path)
                            .isEqualTo(workspace().owner().gid());
                }
            }
        }
        return held;
    }

    private static String describe(TarArchiveEntry entry, InputStream content) throws IOException {
        String mode = Integer.toOctalString(entry.getMode() & 07777);
        if (entry.isDirectory()) {
            return "d " + mode;
        }
        if (entry.isSymbolicLink()) {
            return "l " + entry.getLinkName();
        }
        byte[] digest = Sha256.digest().digest(content.readAllBytes());
        return "f " + mode + " " + java.util.HexFormat.of().formatHex(digest);
    }

    void inWorkspace(String script) throws Exception {
        int exitCode = workspace().run(Command.in(workspace().root(), Map.of(), "/bin/sh", "-c", script), line -> {});
        assertThat(exitCode).isZero();
    }

    boolean workspaceHas(String path) throws Exception {
        return workspace().run(Command.in(workspace().root(), Map.of(), "/bin/sh", "-c", "test -e " + path), line -> {})
                == 0;
    }

    @Test
    void sendsEverythingToAnEmptyWorkspaceAndThenNothing() throws Exception {
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.FULL);
        assertThat(workspaceHas("pkg")).isTrue();
        assertThat(workspaceHas("pkg/zz_generated.x.go")).isEqualTo(!copies());
        assertThat(workspaceHas(".git")).isEqualTo(!copies());
        assertThat(transport().holds(snapshot(), RULES, workspace())).isTrue();
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.NOTHING);
    }

    @Test
    void sendsOnlyWhatChanged() throws Exception {
        sync();
        write("cmd/main.go", "package changed");
        SyncResult result = sync();
        assertThat(result)
                .isEqualTo(new SyncResult(
                        SyncResult.Kind.DELTA, "cmd/main.go changed", copies() ? 1 : 0, copies() ? 15 : 0, 0));
    }

    @Test
    void swapsFilesDirectoriesAndLinks() throws Exception {
        write("a", "file");
        write("b/in", "in a directory");
        Files.createSymbolicLink(tree.resolve("c"), Path.of("cmd"));
        sync();
        Files.delete(tree.resolve("a"));
        write("a/now/deep", "directory");
        Files.delete(tree.resolve("b/in"));
        Files.delete(tree.resolve("b"));
        Files.createSymbolicLink(tree.resolve("b"), Path.of("cmd"));
        Files.delete(tree.resolve("c"));
        write("c", "a file");
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.DELTA);

        Files.delete(tree.resolve("a/now/deep"));
        Files.delete(tree.resolve("a/now"));
        Files.delete(tree.resolve("a"));
        Files.createSymbolicLink(tree.resolve("a"), Path.of("README.md"));
        Files.delete(tree.resolve("b"));
        write("b", "a file");
        Files.delete(tree.resolve("c"));
        write("c/in", "a directory");
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.DELTA);
    }

    @Test
    void carriesAChangedModeAndARetargetedLink() throws Exception {
        sync();
        Files.setAttribute(tree.resolve("README.md"), "unix:mode", 0755);
        Files.setAttribute(tree.resolve("empty"), "unix:mode", 0700);
        Files.delete(tree.resolve("link"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("README.md"));
        assertThat(sync().deletions()).isZero();
    }

    @Test
    void carriesOddNames() throws Exception {
        for (String name :
                List.of("with space", "it's \"quoted\"", "line\nbreak", "ünï–😀", "-rf", "a\\b", "*", "$(x)")) {
            write("odd/" + name, "1 " + name);
            write(name + "/inside", "2 " + name);
        }
        write("long/" + "name-".repeat(40) + "/" + "name-".repeat(30), "PAX");
        sync();
        for (String name : List.of("with space", "it's \"quoted\"", "line\nbreak", "ünï–😀", "-rf", "*")) {
            Files.delete(RawName.resolve(tree, "odd/" + name));
            Files.delete(RawName.resolve(tree, name + "/inside"));
            Files.delete(RawName.resolve(tree, name));
        }
        SyncResult result = sync();
        assertThat(result.kind()).isEqualTo(SyncResult.Kind.DELTA);
        assertThat(result.deletions()).isEqualTo(copies() ? 18 : 0);
    }

    @Test
    void sendsNothingForAFileThatWasOnlyTouched() throws Exception {
        sync();
        Files.setLastModifiedTime(tree.resolve("README.md"), FileTime.from(Instant.parse("2001-01-01T00:00:00Z")));
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.NOTHING);
    }

    @Test
    void believesACommandThatChangedNothing() throws Exception {
        sync();
        SourceGuard guard = SourceGuard.before(workspace());
        assertThat(workspaceHas(SourceStamp.NAME)).isFalse();
        run("cat README.md; mkdir -p _output; echo x > _output/x");

        assertThat(guard.untouched()).isTrue();
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo x > new",
                "rm README.md",
                "chmod 0600 README.md",
                "mv README.md README",
                "ln -sf elsewhere README.md",
                "mkdir new",
                "cp -p README.md old && echo X > README.md && touch -r old README.md && rm old"
            })
    void sendsEverythingAfterACommandThatChangedSources(String command) throws Exception {
        sync();
        SourceGuard guard = SourceGuard.before(workspace());
        run(command);

        assertThat(guard.untouched()).isFalse();
        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.FULL);
    }

    @Test
    void sendsEverythingAfterACommandThatWasCutShort() throws Exception {
        sync();
        SourceGuard.before(workspace());

        assertThat(sync().kind()).isEqualTo(SyncResult.Kind.FULL);
    }

    private void run(String command) throws Exception {
        assertThat(workspace()
                        .run(
                                new Command(
                                        List.of("sh", "-c", command),
                                        Map.of(),
                                        workspace().root(),
                                        false),
                                line -> {}))
                .isZero();
    }
}
