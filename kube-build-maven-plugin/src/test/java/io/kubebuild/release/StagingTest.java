package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.FileModes;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.gzip.CompressedFiles;
import io.kubebuild.tree.Git;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recording and materialising, on a tree of our own whose scripts run in this machine's bash. */
class StagingTest {

    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    private Path directory;

    private SmallTree tree;

    @BeforeEach
    void makeTree(@TempDir Path temporary) throws IOException {
        directory = temporary;
        tree = SmallTree.in(directory.resolve("tree")).withBinaries();
    }

    @AfterEach
    void shutDown() {
        executor.shutdown();
    }

    @Test
    void recordsEveryTarballWithoutMakingAny() throws Exception {
        Staging staging = record(Map.of());

        assertThat(staging.tarballs())
                .extracting(StagedTarball::name)
                .containsExactly(
                        "kubernetes-client-linux-amd64.tar.gz",
                        "kubernetes-server-linux-amd64.tar.gz",
                        "kubernetes.tar.gz");
        assertThat(staging.tarballs().get(1).directory()).isEqualTo("release-stage/server/linux-amd64");
        assertThat(staging.tarballs().get(1).entries())
                .containsExactly(
                        TarballEntry.directory("kubernetes", 0755),
                        TarballEntry.directory("kubernetes/addons", 0755),
                        TarballEntry.file("kubernetes/kubernetes-src.tar.gz", 0644),
                        TarballEntry.directory("kubernetes/server", 0755),
                        TarballEntry.directory("kubernetes/server/bin", 0755),
                        TarballEntry.file("kubernetes/server/bin/kube-apiserver", 0755),
                        TarballEntry.file("kubernetes/server/bin/kube-apiserver.docker_tag", 0644),
                        TarballEntry.file("kubernetes/server/bin/kube-apiserver.tar", 0600),
                        TarballEntry.file("kubernetes/server/bin/kube-proxy", 0755),
                        TarballEntry.file("kubernetes/server/bin/kube-proxy.docker_tag", 0644),
                        TarballEntry.file("kubernetes/server/bin/kube-proxy.tar", 0600));
        assertThat(tree.output().resolve("kube-stage")).doesNotExist();
    }

    @Test
    void namesImagesByTheChecksumOfTheirProgramAsReleasesToV16Do() throws Exception {
        Path script = tree.root().resolve("build/lib/release.sh");
        Files.writeString(
                script,
                Files.readString(script)
                        .replace(
                                "kube::release::clean_cruft() {",
                                "kube::release::md5() { md5sum \"$1\" | cut -d' ' -f1; }\n\nkube::release::clean_cruft() {")
                        .replace(
                                "local context=\"${bin}",
                                "local KUBE_GIT_VERSION; KUBE_GIT_VERSION=$(kube::release::md5 \"${bin}/${name}\")\n  local context=\"${bin}"));

        Staging staging = record(Map.of());

        assertThat(staging.builds())
                .extracting(ImageBuildRecord::tags)
                .containsExactly(
                        List.of("first/kube-apiserver:kube-md5.linux.amd64.kube-apiserver"),
                        List.of("first/kube-proxy:kube-md5.linux.amd64.kube-proxy"));

        Staging filled = new BinaryChecksums(binary -> tree.output()
                        .resolve("dockerized/bin")
                        .resolve(binary.platform().toString())
                        .resolve(binary.file()))
                .filledIn(staging);

        // The sum of "program kube-proxy".
        String sum = "fda8f1d2a3ed9029f8dadc4d647cab73";
        assertThat(filled.builds().get(1).tags()).containsExactly("first/kube-proxy:" + sum);
        assertThat(filled.placeholders().get("release-images/amd64/kube-proxy.tar"))
                .extracting(Staging.PlacedPlaceholder::placeholder)
                .isInstanceOfSatisfying(Placeholder.Image.class, image -> assertThat(image.references())
                        .containsExactly("first/kube-proxy:" + sum, "second/kube-proxy:" + sum));
        assertThat(staging.directory()
                        .resolve("release-stage/server/linux-amd64/kubernetes/server/bin/kube-proxy.docker_tag"))
                .hasContent(sum);
    }

    @Test
    void stagesInItsOwnDirectoryWhereTheTreeKnowsNoOther() throws Exception {
        Path script = tree.root().resolve("build/common.sh");
        Files.writeString(
                script,
                Files.readString(script)
                        .replaceAll(
                                "(?m)^(readonly )?LOCAL_OUTPUT_ROOT=.*$",
                                "readonly LOCAL_OUTPUT_ROOT=\"\\${KUBE_ROOT}/_output\""));
        Path mine =
                Files.createDirectories(tree.output().resolve("release-tars")).resolve("mine");
        Files.writeString(mine, "not the recorder's");

        assertThat(record(Map.of()).tarballs()).hasSize(3);
        assertThat(mine).exists();
        assertThat(tree.output().resolve("kube-stage-common.sh")).doesNotExist();
    }

    @Test
    void cleansTheStageAgainWhereADirectoryVanishedUnderTheWalk() throws Exception {
        Path find = Files.createDirectories(directory.resolve("path")).resolve("find");
        Files.writeString(find, """
                #!/usr/bin/env bash
                if [[ $* == *"-name *~"* && ! -e "${0}.lost" ]]; then
                  touch "${0}.lost"
                  echo "find: 'kube-proxy.dockerbuild': No such file or directory" >&2
                  exit 1
                fi
                PATH=${PATH#*:}
                exec find "$@"
                """);
        FileModes.set(find, 0755);

        Staging staging = record(Map.of("PATH", find.getParent() + ":" + System.getenv("PATH")));

        assertThat(find.resolveSibling("find.lost")).exists();
        assertThat(staging.tarballs().get(0).entries())
                .contains(TarballEntry.file("kubernetes/client/bin/kubectl", 0755))
                .doesNotContain(TarballEntry.file("kubernetes/client/bin/kubectl~", 0644));
    }

    @Test
    void endsWhereTheStageCannotBeCleaned() throws Exception {
        Path find = Files.createDirectories(directory.resolve("path")).resolve("find");
        Files.writeString(find, "#!/bin/sh\necho 'find: no permission' >&2\nexit 1\n");
        FileModes.set(find, 0755);
        Files.writeString(
                tree.root().resolve("build/lib/release.sh"),
                Files.readString(tree.root().resolve("build/lib/release.sh")).replace("  client &\n", "  client\n"));

        assertThatThrownBy(() -> record(Map.of("PATH", find.getParent() + ":" + System.getenv("PATH"))))
                .hasMessageContaining("find: no permission");
    }

    @Test
    void recordsHowImagesAreBuiltAndNamed() throws Exception {
        Staging staging = record(Map.of("KUBE_BUILD_CONFORMANCE", "y"));

        assertThat(staging.builds())
                .extracting(ImageBuildRecord::tags)
                .containsExactly(
                        List.of("first/conformance:1"),
                        List.of("first/kube-apiserver:v1.2.3"),
                        List.of("first/kube-proxy:v1.2.3"));
        ImageBuildRecord proxy = staging.builds().get(2);
        assertThat(proxy.arguments()).isEqualTo(Map.of("NAME", "kube-proxy"));
        assertThat(proxy.dockerfile()).isEqualTo("FROM base\nCOPY kube-proxy /bin/kube-proxy\n");
        assertThat(proxy.dockerfilePath()).isEqualTo("Dockerfile");
        assertThat(proxy.placeholders())
                .containsOnlyKeys("kube-proxy")
                .containsValue(
                        new Staging.PlacedPlaceholder(new Placeholder.Binary(SmallTree.LINUX, "kube-proxy"), 0755));
        Placeholder saved = new Placeholder.Image(List.of(
                new Placeholder.ImageName("first/kube-proxy:v1.2.3", Optional.of(proxy.id())),
                new Placeholder.ImageName("second/kube-proxy:v1.2.3", Optional.of(proxy.id()))));
        assertThat(staging.placeholders())
                .containsEntry("release-images/amd64/kube-proxy.tar", new Staging.PlacedPlaceholder(saved, 0600))
                .containsEntry(
                        "release-stage/server/linux-amd64/kubernetes/server/bin/kube-proxy.tar",
                        new Staging.PlacedPlaceholder(saved, 0600));
        assertThat(staging.placeholders().get("release-images/amd64/conformance-amd64.tar"))
                .extracting(Staging.PlacedPlaceholder::mode)
                .isEqualTo(0644);
    }

    @Test
    void makesTheReleaseThatTheTreeDescribes() throws Exception {
        List<String> made = new ArrayList<>();
        Staging staging = record(Map.of());

        ReleaseArtifacts artifacts = materializer((build, references, target) -> {
                    made.add(references + " of "
                            + Files.readString(build.orElseThrow()
                                    .context()
                                    .resolve(build.orElseThrow().placeholders().firstKey())));
                    Files.writeString(target, "image " + references.get(0));
                })
                .materialize(staging);

        assertThat(made)
                .containsExactly(
                        "[first/kube-apiserver:v1.2.3, second/kube-apiserver:v1.2.3] of program kube-apiserver",
                        "[first/kube-proxy:v1.2.3, second/kube-proxy:v1.2.3] of program kube-proxy");
        assertThat(artifacts.all())
                .extracting(artifact -> artifact.classifier().orElse("main"))
                .containsExactly(
                        "client-linux-amd64",
                        "server-linux-amd64",
                        "src",
                        "main",
                        "image-kube-apiserver-amd64",
                        "image-kube-proxy-amd64");
        Path tars = tree.output().resolve("release-tars");
        assertThat(Tarballs.describe(tars.resolve("kubernetes.tar.gz")))
                .containsEntry("kubernetes/cluster/deep/up.sh", "f 755 0:0 root:root #!/bin/sh")
                .containsEntry("kubernetes/docs/b.md", "h 644 0:0 root:root kubernetes/docs/a.md")
                .containsEntry("kubernetes/link", "l 777 0:0 root:root cluster")
                .containsEntry("kubernetes/version", "f 644 0:0 root:root v1.2.3");
        assertThat(Tarballs.describe(tars.resolve("kubernetes-server-linux-amd64.tar.gz")))
                .containsEntry("kubernetes/server/bin/kube-proxy", "f 755 0:0 root:root program kube-proxy")
                .containsEntry(
                        "kubernetes/server/bin/kube-proxy.tar", "f 600 0:0 root:root image first/kube-proxy:v1.2.3");
        Path inStage = tree.output().resolve("release-stage/server/linux-amd64/kubernetes");
        assertThat(inStage.resolve("kubernetes-src.tar.gz"))
                .hasSameBinaryContentAs(tars.resolve("kubernetes-src.tar.gz"));
        assertThat(Files.isSameFile(
                        inStage.resolve("server/bin/kube-proxy.tar"),
                        tree.output().resolve("release-images/amd64/kube-proxy.tar")))
                .isTrue();
        assertThat(tree.output().resolve(".stage.part")).doesNotExist();
    }

    @Test
    void givesTheSameTarballsTwice() throws Exception {
        Path tars = tree.output().resolve("release-tars");
        materializer(StagingTest::writeReferences).materialize(record(Map.of()));
        byte[] first = Files.readAllBytes(tars.resolve("kubernetes-server-linux-amd64.tar.gz"));

        materializer(StagingTest::writeReferences).materialize(record(Map.of()));

        assertThat(tars.resolve("kubernetes-server-linux-amd64.tar.gz")).hasBinaryContent(first);
    }

    @Test
    void copiesABinaryWhoseModeIsNotTheOneInTheRelease() throws Exception {
        Path binary = tree.output().resolve("dockerized/bin/linux/amd64/kubectl");
        FileModes.set(binary, 0700);

        materializer(StagingTest::writeReferences).materialize(record(Map.of()));

        Path staged = tree.output().resolve("release-stage/client/linux-amd64/kubernetes/client/bin/kubectl");
        assertThat(FileModes.get(staged)).isEqualTo(0755);
        assertThat(FileModes.get(binary)).isEqualTo(0700);
    }

    @Test
    void namesEveryMissingBinaryAtOnce() throws Exception {
        Staging staging = record(Map.of());
        Files.delete(tree.output().resolve("dockerized/bin/linux/amd64/kubectl"));
        Files.delete(tree.output().resolve("dockerized/bin/linux/amd64/kube-proxy"));

        assertThatThrownBy(() -> materializer(StagingTest::writeReferences).materialize(staging))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.problems()).hasSize(2))
                .hasMessageContaining("linux/amd64/kubectl")
                .hasMessageContaining("linux/amd64/kube-proxy");
    }

    @Test
    void keepsTheEarlierReleaseWhenAnImageFails() throws Exception {
        Path old =
                Files.createDirectories(tree.output().resolve("release-tars")).resolve("old.tar.gz");
        Files.writeString(old, "old");
        Staging staging = record(Map.of());

        assertThatThrownBy(() -> materializer((build, references, target) -> {
                            throw new IOException("no space left");
                        })
                        .materialize(staging))
                .hasMessage("no space left");

        assertThat(old).hasContent("old");
        assertThat(tree.output().resolve(".stage.part")).doesNotExist();
    }

    @Test
    void replacesAnEarlierReleaseAsAWhole() throws Exception {
        Path old =
                Files.createDirectories(tree.output().resolve("release-tars")).resolve("old.tar.gz");
        Files.writeString(old, "old");

        materializer(StagingTest::writeReferences).materialize(record(Map.of()));

        assertThat(old).doesNotExist();
    }

    @Test
    void showsWhatTheTreePrintedWhenItsFunctionsFail() throws Exception {
        Files.writeString(
                tree.root().resolve("build/lib/release.sh"),
                "kube::release::package_tarballs() { echo 'no such manifest'; return 3; }\n");

        assertThatThrownBy(() -> record(Map.of()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("exit code 3")
                .hasMessageContaining("no such manifest")
                .hasMessageContaining("build/package-tarballs.sh");
    }

    @Test
    void refusesATreeThatRunsContainersToPack() throws Exception {
        Files.writeString(
                tree.root().resolve("build/lib/release.sh"),
                "kube::release::package_tarballs() { docker run busybox true; }\n");

        assertThatThrownBy(() -> record(Map.of())).hasMessageContaining("a container cannot be recorded");
    }

    @Test
    void refusesATarballThatWasMadePastTheRecorder() throws Exception {
        Files.writeString(
                tree.root().resolve("build/lib/release.sh"),
                "kube::release::package_tarballs() { mkdir -p $OUT_DIR/release-tars; echo x > $OUT_DIR/release-tars/y.tar.gz; }\n");

        assertThatThrownBy(() -> record(Map.of())).hasMessageContaining("release-tars/y.tar.gz");
    }

    private Staging record(Map<String, String> environment) throws IOException, InterruptedException {
        return new StagingRecorder(BuildListener.SILENT)
                .record(new LocalWorkspace(tree.root()), tree.request(environment));
    }

    private StageMaterializer materializer(ImageArchiveMaker images) throws IOException {
        TarballWriter writer = new TarballWriter(executor, 2, 6, 0, new CompressedFiles());
        return new StageMaterializer(
                tree.output(),
                writer,
                new SourceTarball(
                        tree.root(),
                        new Git(tree.root(), System.getenv()),
                        SourcePackaging.of(tree.root(), "build"),
                        false,
                        List.of(),
                        writer),
                images,
                new EarlierRelease(tree.output(), tree.output().resolve("none"), java.util.Map.of()),
                new ContentHashes(),
                BuildListener.SILENT);
    }

    private static void writeReferences(Optional<ImageBuildRecord> build, List<String> references, Path target)
            throws IOException {
        Files.writeString(target, references.toString());
    }
}
