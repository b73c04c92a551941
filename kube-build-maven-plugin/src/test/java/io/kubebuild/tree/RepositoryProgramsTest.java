package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real git: what a repository names leaves a mark where it is run. */
class RepositoryProgramsTest {

    private final Path directory;
    private final Path marks;
    private final TestTree tree;

    RepositoryProgramsTest(@TempDir Path directory) throws IOException {
        this.directory = directory.toRealPath();
        this.marks = Files.createDirectory(this.directory.resolve("marks"));
        this.tree = TestTree.rsync(Files.createDirectory(this.directory.resolve("kubernetes")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "core.fsmonitor",
                "core.pager",
                "core.editor",
                "core.askPass",
                "core.sshCommand",
                "core.gitProxy",
                "core.alternateRefsCommand",
                "pager.status",
                "diff.external",
                "diff.mine.command",
                "diff.mine.textconv",
                "filter.mine.clean",
                "filter.mine.smudge",
                "filter.mine.process",
                "filter.a=b.clean",
                "filter.a=b.smudge",
                "filter.It's ours!.clean",
                "gpg.program",
                "gpg.openpgp.program",
                "gpg.ssh.program",
                "tar.tar.command",
                "credential.helper",
                "credential.https://example.org.helper",
                "remote.origin.uploadpack"
            })
    void whatARepositoryNamesDoesNotRun(String key) throws Exception {
        attributes();
        signed();
        tree.runGit("config", "log.showSignature", "true")
                .runGit("config", "filter.mine.required", "true")
                .runGit("config", key, program("named"));

        everyQuestion(tree.git());

        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void whatAnIncludedFileNamesDoesNotRun() throws Exception {
        attributes();
        tree.committed().runGit("config", "include.path", "more");
        Files.writeString(
                tree.root.resolve(".git/more"),
                "[core]\n\tfsmonitor = " + program("fsmonitor") + "\n[filter \"mine\"]\n\tclean = " + program("clean")
                        + "\n");

        everyQuestion(tree.git());

        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void whatTheConfigurationOfAWorktreeNamesDoesNotRun() throws Exception {
        attributes();
        Path other = directory.resolve("other");
        tree.committed()
                .runGit("config", "extensions.worktreeConfig", "true")
                .runGit("worktree", "add", "-q", "--detach", other.toString())
                .runGit("-C", other.toString(), "config", "--worktree", "core.fsmonitor", program("fsmonitor"))
                .runGit("-C", other.toString(), "config", "--worktree", "filter.mine.clean", program("clean"));

        Files.setLastModifiedTime(other.resolve("go.mod"), FileTime.fromMillis(1_500_000_000_000L));
        everyQuestion(new Git(other, tree.environment()));

        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void whatASubmoduleNamesDoesNotRun() throws Exception {
        Path origin = Files.createDirectory(directory.resolve("origin"));
        TestTree submodule = TestTree.rsync(origin).write(".gitattributes", "* filter=theirs\n");
        submodule.committed();
        tree.committed()
                .runGit("submodule", "--quiet", "add", origin.toString(), "third_party/größe")
                .runGit("commit", "-q", "-m", "submodule");
        Path inTree = RawName.resolve(tree.root, "third_party/größe");
        tree.runGit("-C", "third_party/größe", "config", "core.fsmonitor", program("fsmonitor"))
                .runGit("-C", "third_party/größe", "config", "filter.theirs.clean", program("clean"))
                .runGit("config", "status.submoduleSummary", "true");
        Files.setLastModifiedTime(inTree.resolve("go.mod"), FileTime.fromMillis(1_500_000_000_000L));

        assertThat(tree.git().changed()).isEmpty();
        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void hooksDoNotRun() throws Exception {
        tree.committed();
        for (String hook : List.of("post-index-change", "reference-transaction")) {
            Files.createDirectories(tree.root.resolve(".git/hooks"));
            Files.move(Path.of(program("hook")), tree.root.resolve(".git/hooks").resolve(hook));
        }

        everyQuestion(tree.git());

        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void nothingIsFetchedForAPartialClone() throws Exception {
        tree.write("missing", "only here\n").committed();
        tree.runGit("config", "extensions.partialClone", "origin")
                .runGit("config", "remote.origin.promisor", "true")
                .runGit("config", "remote.origin.url", "ext::" + program("remote"))
                .runGit("config", "protocol.ext.allow", "always");
        // As git hash-object names it.
        Files.delete(tree.root.resolve(".git/objects/5e/078f1617a64c48261b9774e72fa9c9f1762453"));

        assertThatThrownBy(() -> tree.git().archive("HEAD", Optional.empty(), OutputStream.nullOutputStream()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("git archive of " + tree.root + " failed");
        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void whatTheUserNamesStays() throws Exception {
        attributes();
        tree.committed()
                .write("no-home/.gitconfig", "[filter \"mine\"]\n\tclean = " + program("of-the-user") + "\n")
                .runGit("config", "filter.mine.clean", program("of-the-repository"));
        Files.setLastModifiedTime(tree.root.resolve("go.mod"), FileTime.fromMillis(1_500_000_000_000L));

        tree.git().changed();

        assertThat(marks.toFile().list()).containsExactly("of-the-user");
    }

    @Test
    void optionsOfTheGitThatStartedMavenAreNotTaken() throws Exception {
        tree.committed();
        Map<String, String> hook = new HashMap<>(tree.environment());
        hook.put("GIT_CONFIG_PARAMETERS", "'core.fsmonitor=" + program("fsmonitor") + "'");
        hook.put("GIT_CONFIG", directory.resolve("elsewhere").toString());
        hook.put("GIT_EXTERNAL_DIFF", program("diff"));
        hook.put("GIT_CONFIG_COUNT", "1");
        hook.put("GIT_CONFIG_KEY_0", "core.fsmonitor");
        hook.put("GIT_CONFIG_VALUE_0", program("counted"));

        everyQuestion(new Git(tree.root, hook));

        assertThat(marks).isEmptyDirectory();
    }

    /** All verbs; what they answer is others' to test. */
    private static void everyQuestion(Git git) throws IOException {
        assertThat(git.access()).isEqualTo(new Git.Usable());
        String head = git.head().orElseThrow();
        git.branch();
        git.archivedNames(head);
        git.commitTime(head);
        git.describe(head, Optional.of("v*"));
        git.shallow();
        git.changed();
        git.ignored();
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        git.archive(head, Optional.of("kubernetes/"), tar);
        assertThat(tar.toString(StandardCharsets.ISO_8859_1)).contains("kubernetes/go.mod");
    }

    private void attributes() throws IOException {
        tree.write(
                ".gitattributes",
                "* filter=mine diff=mine\n*.sh filter=a=b\nhack/** filter=a=b\nsigned export-subst\n");
        tree.write("signed", "$Format:%G? %GG$\n");
    }

    /** A commit with a signature, which git would have checked by a program. */
    private void signed() throws Exception {
        tree.committed();
        String signer = executable("sign", """
                cat >/dev/null
                echo '-----BEGIN PGP SIGNATURE-----'
                echo
                echo x
                echo '-----END PGP SIGNATURE-----'
                echo '[GNUPG:] SIG_CREATED ' >&2
                """);
        tree.runGit("-c", "gpg.program=" + signer, "commit", "-q", "--allow-empty", "-S", "-m", "signed")
                .runGit("tag", "v1.20.2");
        // So that a status reads them again.
        try (Stream<Path> files = Files.list(tree.root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(1_500_000_000_000L));
            }
        }
    }

    private String program(String name) throws IOException {
        return executable(name, "touch " + marks.resolve(name) + "\ncat\n");
    }

    private String executable(String name, String script) throws IOException {
        Path program = Files.createDirectories(directory.resolve("programs")).resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + script);
        if (!program.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + program + " executable");
        }
        return program.toString();
    }
}
