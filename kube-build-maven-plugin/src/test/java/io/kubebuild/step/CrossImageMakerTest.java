package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ImageBuild;
import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.request.CrossImageRequest;
import io.kubebuild.testing.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cross image of one's own, on an engine in memory. */
class CrossImageMakerTest {

    private static final String BASE = "debian:12";
    private static final CrossImageRequest OF_TREE =
            new CrossImageRequest(Optional.empty(), Optional.empty(), Optional.empty());

    private final Path directory;
    private final FakeBench bench;

    CrossImageMakerTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.bench = FakeBench.in(directory);
    }

    @BeforeEach
    void thereIsABaseAndNoCrossImage() {
        bench.engine().removeImage(FakeBench.CROSS);
        bench.engine().addImage(BASE, Map.of());
    }

    @Test
    void isMadeOnceAndGetsTheTreesName() throws IOException {
        CrossImageRequest sdk = ofSdk("go1.19.8");
        make(sdk, bench.request());
        make(sdk, bench.request());

        assertThat(bench.engine().builds()).singleElement().satisfies(build -> {
            assertThat(build.tags()).containsExactly(FakeBench.CROSS);
            assertThat(build.labels()).containsOnlyKeys(CrossImageMaker.LABEL);
            assertThat(build.context()).doesNotExist();
        });
        assertThat(bench.heard().facts("cross image"))
                .containsExactly(
                        FakeBench.CROSS + " made of go1.19.8 on " + BASE,
                        FakeBench.CROSS + " is in the engine, made of the same");
    }

    @Test
    void isMadeAnewOfAnotherSdk() throws IOException {
        make(ofSdk("go1.19.8"), bench.request());
        make(ofSdk("go1.19.13"), bench.request());

        assertThat(bench.engine().builds()).hasSize(2);
    }

    @Test
    void oneThatSomebodyElseMadeIsOnlyReplacedByForce() throws IOException {
        bench.engine().addImage(FakeBench.CROSS, Map.of());

        make(ofSdk("go1.19.8"), bench.request());
        assertThat(bench.engine().builds()).isEmpty();
        assertThat(bench.heard().facts("cross image"))
                .singleElement()
                .asString()
                .contains("was not made by kube:cross-image: it stays. -Dkube.force=true replaces it");

        make(ofSdk("go1.19.8"), bench.request().force(true));
        assertThat(bench.engine().builds()).hasSize(1);
    }

    @Test
    void anSdkThatDoesNotFitIsRefusedBeforeAnythingIsDone() throws IOException {
        Files.writeString(bench.tree().file(".go-version"), "1.19.8\n");
        Path sdk = sdk("go1.2.1", 183);

        assertThatThrownBy(() -> make(
                        new CrossImageRequest(Optional.of(sdk), Optional.of(ImageReference.of(BASE)), Optional.empty()),
                        bench.request()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("the SDK " + sdk + " is go1.2.1, and ")
                .hasMessageContaining("the SDK " + sdk + " does not run on the engine, which is linux/amd64")
                .hasMessageContaining("its bin/go is ELF arm64");
        assertThat(bench.engine().calls()).noneMatch(call -> call.startsWith("build ") || call.startsWith("pull "));
    }

    @Test
    void anSdkOfAnotherReleaseThanTheTreeAsksForIsRefusedAndOneOfAnotherPatchIsTold() throws IOException {
        Files.writeString(bench.tree().file(".go-version"), "1.22.5\n");

        assertThatThrownBy(() -> make(ofSdk("go1.23.1"), bench.request()))
                .hasMessageContaining("is go1.23.1, and the tree's .go-version asks for go1.22.5")
                .hasMessageContaining("name an SDK of go1.22, or write the version that you want into .go-version");

        make(ofSdk("go1.22.12"), bench.request());
        assertThat(bench.heard().warnings())
                .singleElement()
                .asString()
                .contains("asks for go1.22.5, the image will have go1.22.12");
    }

    @Test
    void aBaseImageThatIsMissingIsNamed() {
        bench.engine().removeImage(BASE);

        assertThatThrownBy(() -> make(ofSdk("go1.19.8"), bench.request()))
                .hasMessageContaining("(base of the cross image, linux/amd64) is not in the engine");
        assertThat(bench.engine().builds()).isEmpty();
    }

    @Test
    void whatTheBuildSaidComesWithItsFailure() {
        bench.engine().failBuilds("returned a non-zero code: 1");

        assertThatThrownBy(() -> make(ofSdk("go1.19.8"), bench.request()))
                .hasMessageContaining("the cross image " + FakeBench.CROSS + " cannot be made")
                .hasMessageContaining("Step 1/1 : FROM fake")
                .hasMessageContaining("what the base lacks");
    }

    @Test
    void theTreesOwnDockerfileIsBuiltOnABaseFromAMirrorBehindAProxy() throws IOException {
        Files.writeString(bench.tree().file("build/build-image/cross/Dockerfile"), "FROM golang:1.13.4\nENV GOARM 7\n");
        bench.engine().addRemoteImage("nexus:5000/library/golang:1.13.4");

        make(OF_TREE, online().network(behindAProxy()));

        ImageBuild build = bench.engine().builds().get(0);
        assertThat(build.tags()).containsExactly(FakeBench.CROSS);
        assertThat(build.context()).endsWith(Path.of("build/build-image/cross"));
        assertThat(build.arguments())
                .containsEntry("HTTPS_PROXY", "http://u:secret@proxy:3128")
                .containsEntry("https_proxy", "http://u:secret@proxy:3128");
        assertThat(build.labels().toString()).doesNotContain("secret");
        assertThat(bench.engine().imageNames()).containsKey("golang:1.13.4");
    }

    @Test
    void aTreeWithoutARecipeSaysWhatToName() {
        assertThatThrownBy(() -> make(OF_TREE, online()))
                .hasMessageContaining("this tree has no recipe of its cross image " + FakeBench.CROSS)
                .hasMessageContaining("-Dkube.cross.goSdk=")
                .hasMessageContaining("-Dkube.cross.baseImage=")
                .hasMessageContaining("-Dkube.cross.rootfs=");
    }

    @Test
    void theTreesOwnDockerfileFetchesPackagesAndIsNotBuiltOffline() throws IOException {
        Files.writeString(bench.tree().file("build/build-image/cross/Dockerfile"), "FROM golang:1.13.4\n");

        assertThatThrownBy(() -> make(OF_TREE, bench.request())).hasMessageContaining("Maven is offline (-o)");
        assertThat(bench.engine().builds()).isEmpty();
    }

    private Requests online() {
        return bench.request().pull(PullPolicy.MISSING);
    }

    private static NetworkSettings behindAProxy() {
        return new NetworkSettings(
                Optional.empty(),
                Optional.of("http://u:secret@proxy:3128"),
                NoProxy.NONE,
                Map.of("docker.io", List.of("nexus:5000")),
                CredentialSource.NONE,
                Optional.empty(),
                List.of());
    }

    private void make(CrossImageRequest made, Requests request) {
        bench.pipeline(request.build()).crossImage(made);
    }

    private CrossImageRequest ofSdk(String version) throws IOException {
        return new CrossImageRequest(
                Optional.of(sdk(version, 62)), Optional.of(ImageReference.of(BASE)), Optional.empty());
    }

    /** @param machine as ELF has it */
    private Path sdk(String version, int machine) throws IOException {
        Path sdk = Files.createDirectories(directory.resolve("go"));
        Files.createDirectories(sdk.resolve("bin"));
        Files.writeString(sdk.resolve("VERSION"), version);
        byte[] elf = new byte[64];
        System.arraycopy(HexFormat.of().parseHex("7f454c460201"), 0, elf, 0, 6);
        elf[18] = (byte) machine;
        Files.write(sdk.resolve("bin/go"), elf);
        return sdk;
    }
}
