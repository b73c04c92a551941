package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.gzip.CompressedFiles;
import io.kubebuild.tree.Git;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceTarballTest {

    private final ExecutorService executor = Executors.newSingleThreadExecutor();

    private final Map<String, String> environment = new HashMap<>(System.getenv());

    private Path directory;

    private Path tree;
    private Path target;

    @BeforeEach
    void makeTree(@TempDir Path temporary) throws IOException {
        directory = temporary;
        tree = SmallTree.in(directory.resolve("tree")).root();
        target = directory.resolve("src.tar.gz");
        Files.createDirectories(tree.resolve("_output"));
        Files.writeString(tree.resolve(".gitignore"), "");
        Files.writeString(tree.resolve("docs/.gitignore"), "");
        Files.writeString(tree.resolve("pom.xml"), "");
        Files.createDirectories(tree.resolve("out"));
        Files.createSymbolicLink(tree.resolve("link"), Path.of("docs"));
    }

    @AfterEach
    void shutDown() {
        executor.shutdown();
    }

    @Test
    void packsNamesThatAreNotAsciiInEveryLocale() throws Exception {
        Files.writeString(RawName.resolve(tree, "docs/größe"), "x");
        Files.createSymbolicLink(RawName.resolve(tree, "docs/zur größe"), RawName.target("größe"));

        make(false);

        assertThat(Tarballs.describe(target)).containsKeys("kubernetes/docs/größe", "kubernetes/docs/zur größe");
    }

    @Test
    void packsWhatTheTreesFunctionPacksExceptForWhatIsNotKubernetes() throws Exception {
        make(false);

        assertThat(Tarballs.describe(target))
                .containsOnlyKeys(
                        "kubernetes/build/",
                        "kubernetes/build/common.sh",
                        "kubernetes/build/lib/",
                        "kubernetes/build/lib/release.sh",
                        "kubernetes/build/release-images.sh",
                        "kubernetes/cluster/",
                        "kubernetes/cluster/deep/",
                        "kubernetes/cluster/deep/up.sh",
                        "kubernetes/docs/",
                        "kubernetes/docs/.gitignore",
                        "kubernetes/docs/a.md",
                        "kubernetes/link",
                        "kubernetes/version-defs");
    }

    @Test
    void keepsTheFilesOwnersAndModes() throws Exception {
        make(false);

        Object uid = Files.getAttribute(tree, "unix:uid");
        assertThat(Tarballs.describe(target).get("kubernetes/cluster/deep/up.sh"))
                .startsWith("f 755 " + uid + ":");
    }

    @Test
    void packsACleanTreeAsGitArchivesIt() throws Exception {
        commit(tree, "docs", "build");

        make(true);

        assertThat(Tarballs.describe(target))
                .containsKeys("docs/a.md", "build/common.sh")
                .doesNotContainKeys("pom.xml", "kubernetes/docs/a.md");
        assertThat(directory).isDirectoryNotContaining("glob:**.err").isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void packsThisRepositoryInsideAHookOfAnother() throws Exception {
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(other.resolve("of-another"), "");
        commit(other, "of-another");
        commit(tree, "docs", "build");
        environment.put("GIT_DIR", other.resolve(".git").toString());
        environment.put("GIT_WORK_TREE", other.toString());
        environment.put("GIT_INDEX_FILE", other.resolve(".git/index").toString());
        environment.put("GIT_OBJECT_DIRECTORY", other.resolve(".git/objects").toString());
        environment.put("GIT_COMMON_DIR", other.resolve(".git").toString());
        environment.put("GIT_NAMESPACE", "other");
        environment.put("GIT_PREFIX", "docs/");
        environment.put("GIT_CONFIG", other.resolve(".git/config").toString());
        environment.put("GIT_CONFIG_PARAMETERS", "'core.worktree'='" + other + "'");

        make(true);

        assertThat(Tarballs.describe(target)).containsKey("docs/a.md").doesNotContainKey("of-another");
    }

    @Test
    void saysWhatGitSaidAndLeavesNothingBehind() throws Exception {
        git(tree, "init", "-q");

        assertThatThrownBy(() -> make(true)).isInstanceOf(KubeException.class).hasMessageContaining("HEAD");
        assertThat(directory).isDirectoryNotContaining("glob:**src.tar.gz*");
    }

    @Test
    void refusesAFunctionThatItDoesNotUnderstand() throws IOException {
        Path script = tree.resolve("build/lib/release.sh");
        Files.writeString(script, "function kube::release::package_src_tarball() {\n  cpio\n}\n");

        assertThatThrownBy(() -> SourcePackaging.of(tree, "build"))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining(script.toString());
    }

    @Test
    void readsTheOlderFormWithoutPrefix() throws IOException {
        Files.writeString(tree.resolve("build/lib/release.sh"), """
                function kube::release::package_src_tarball() {
                  local source_files=( $(find . -mindepth 1 -maxdepth 1 -not \\( \\
                     \\( -path ./_\\* -o -path ./.git\\* \\) -prune \\)) )
                  tar czf x -C "${KUBE_ROOT}" "${source_files[@]}"
                }
                """);

        assertThat(SourcePackaging.of(tree, "build"))
                .isEqualTo(new SourcePackaging(false, java.util.Optional.empty(), "./", List.of("_", ".git")));
    }

    @Test
    void packsTheSourcesOfTreesThatPackTheContextOfTheirBuildImage() throws IOException {
        Files.delete(tree.resolve("build/lib/release.sh"));
        Files.writeString(
                tree.resolve("build/common.sh"), "function kube::release::package_build_image_tarball() {\n  tar\n}\n");

        SourcePackaging packaging = SourcePackaging.of(tree, "build");

        assertThat(packaging.archivesCleanTrees()).isFalse();
        assertThat(packaging.prefix()).isEqualTo("./");
        assertThat(packaging.leftOut()).contains("_", ".git");
    }

    private void make(boolean clean) throws IOException, InterruptedException {
        new SourceTarball(
                        tree,
                        new Git(tree, environment),
                        SourcePackaging.of(tree, "build"),
                        clean,
                        List.of(Path.of("pom.xml"), tree.resolve("out")),
                        new TarballWriter(executor, 1, 6, 0, new CompressedFiles()))
                .make(target);
    }

    private void commit(Path repository, String... paths) throws IOException, InterruptedException {
        git(repository, "init", "-q");
        git(repository, Stream.concat(Stream.of("add"), Stream.of(paths)).toArray(String[]::new));
        git(repository, "-c", "user.name=n", "-c", "user.email=e@example.com", "commit", "-q", "-m", "m");
    }

    private static void git(Path repository, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", repository.toString()));
        command.addAll(List.of(words));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }
}
