package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.workspace.Workspace.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tree's generators leave in a workspace. */
class UnsentFilesTest {

    private static final FilterRules RULES = FilterRules.of(List.of("- /_output/", "- /.make/", "H zz_generated.*"));
    private static final String SOURCE = "cmd/main.go";
    private static final String GENERATED = "pkg/zz_generated.x.go";

    private final Path root;
    private final DirectoryWorkspace workspace;
    private final SourceSnapshot sources;

    UnsentFilesTest(@TempDir Path directory) throws Exception {
        Path tree = directory.resolve("tree");
        root = Files.createDirectories(directory.resolve("workspace"));
        write(tree, SOURCE, "package main");
        Files.createSymbolicLink(tree.resolve("link"), Path.of(SOURCE));
        int uid = (int) Files.getAttribute(root, "unix:uid");
        int gid = (int) Files.getAttribute(root, "unix:gid");
        workspace = new DirectoryWorkspace(root, new Owner(uid, gid));
        sources = new SourceScanner(Clock.systemUTC(), 1, BuildListener.SILENT)
                .take(SourceRoot.of(tree), RULES, List.of(), null);
        new ArchiveTransport(BuildListener.SILENT)
                .sync(new SyncRequest(SourceRoot.of(tree), RULES, sources, Optional.empty(), false), workspace);
    }

    @BeforeEach
    void generate() throws IOException {
        write(root, GENERATED, "package x");
        write(root, ".make/list", "the tools' own");
        write(root, "_output/bin/kubectl", "ELF");
    }

    @Test
    void areWhatWasGenerated() throws Exception {
        assertThat(UnsentFiles.in(workspace, sources, RULES))
                .contains(new UnsentFiles.Found(List.of(GENERATED), List.of()));
    }

    @Test
    void areSourcesThatWereWrittenOverAsWell() throws Exception {
        write(root, SOURCE, "package generated");

        assertThat(UnsentFiles.in(workspace, sources, RULES))
                .contains(new UnsentFiles.Found(List.of(GENERATED), List.of(SOURCE)));
    }

    @Test
    void areNoSourcesThatWereOnlyTouched() throws Exception {
        String before = contents();
        Files.setLastModifiedTime(root.resolve(SOURCE), FileTime.from(Instant.parse("2020-01-02T03:04:05Z")));

        assertThat(UnsentFiles.in(workspace, sources, RULES))
                .contains(new UnsentFiles.Found(List.of(GENERATED), List.of()));
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void areNotToBeCarriedWhereOneIsALink() throws Exception {
        Files.createSymbolicLink(root.resolve("pkg/zz_generated.link.go"), Path.of("zz_generated.x.go"));

        assertThat(UnsentFiles.in(workspace, sources, RULES)).isEmpty();
    }

    @Test
    void areKnownByTheirContentsAndThoseOfSourcesThatWereWrittenOver() throws Exception {
        String first = contents();
        write(root, GENERATED, "package x");
        String again = contents();
        write(root, SOURCE, "package generated");
        String writtenOver = contents();
        write(root, GENERATED, "package y");

        assertThat(again).isEqualTo(first);
        assertThat(List.of(first, writtenOver, contents())).doesNotHaveDuplicates();
    }

    private String contents() throws IOException, InterruptedException {
        return UnsentFiles.contentsIn(workspace, sources, RULES);
    }

    private static void write(Path root, String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }
}
