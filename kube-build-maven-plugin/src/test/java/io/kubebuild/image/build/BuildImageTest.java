package io.kubebuild.image.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.ImageReference;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.FakeEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildImageTest {

    private static final String TAG = "build-0123456789-5-v1.15.5-1";

    /** The build image of another tree. */
    private static final String OTHERS = "kube-build:build-abcdef0123-5-v1.15.4-1";

    private final Path directory;

    private final FakeEngine engine = new FakeEngine();
    private final Path context;

    BuildImageTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        context = directory.resolve("_output/images/kube-build:" + TAG);
        dockerfile("FROM k8s.gcr.io/build-image/kube-cross:KUBE_BUILD_IMAGE_CROSS_TAG\nRUN touch /x\n");
        Files.writeString(directory.resolve("rsyncd.sh"), "#!/bin/sh\n");
        Files.writeString(directory.resolve("zone"), "TZif");
    }

    @Test
    void stagesWhatUpstreamStages() throws IOException {
        BuildImageContext staged = stage();

        assertThat(Files.readString(context.resolve("Dockerfile")))
                .startsWith("FROM k8s.gcr.io/build-image/kube-cross:v1.15.5-1\n");
        assertThat(Files.readString(context.resolve("localtime"))).isEqualTo("TZif");
        assertThat(mode("rsyncd.sh")).isEqualTo("rwxr-xr-x");
        assertThat(mode("rsyncd.password")).isEqualTo("rw-------");
        assertThat(Files.readString(context.resolve("rsyncd.password"))).matches("[A-Za-z0-9]{32}");
        assertThat(staged.arguments()).isEmpty();
        try (var files = Files.list(context)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("Dockerfile", "localtime", "rsyncd.sh", "rsyncd.password");
        }
    }

    @Test
    void keepsAPasswordThatIsStagedAlready() throws IOException {
        stage();
        String password = Files.readString(context.resolve("rsyncd.password"));

        BuildImageContext again = stage();

        assertThat(Files.readString(context.resolve("rsyncd.password"))).isEqualTo(password);
        assertThat(again).isEqualTo(stage());
    }

    @Test
    void givesArgumentsWhereTheDockerfileDeclaresThem() throws IOException {
        dockerfile("ARG KUBE_CROSS_IMAGE\nARG KUBE_CROSS_VERSION\nFROM ${KUBE_CROSS_IMAGE}:${KUBE_CROSS_VERSION}\n");
        assertThat(stage().arguments())
                .containsOnly(
                        Map.entry("KUBE_CROSS_IMAGE", "k8s.gcr.io/build-image/kube-cross"),
                        Map.entry("KUBE_CROSS_VERSION", "v1.15.5-1"));

        String with121 = """
                ARG KUBE_BUILD_IMAGE_CROSS_TAG
                ARG KUBE_BASE_IMAGE_REGISTRY
                FROM ${KUBE_BASE_IMAGE_REGISTRY}/kube-cross:${KUBE_BUILD_IMAGE_CROSS_TAG}
                """;
        dockerfile(with121);
        assertThat(stage().arguments())
                .containsOnly(
                        Map.entry("KUBE_BASE_IMAGE_REGISTRY", "k8s.gcr.io/build-image"),
                        Map.entry("KUBE_BUILD_IMAGE_CROSS_TAG", "v1.15.5-1"));
        assertThat(Files.readString(context.resolve("Dockerfile"))).isEqualTo(with121);
    }

    @Test
    void anotherCrossImageGoesWhereTheTreeHasItsOwn() throws IOException {
        stage("registry.example.com/go-of-mine:v9");
        assertThat(Files.readString(context.resolve("Dockerfile")))
                .isEqualTo("FROM registry.example.com/go-of-mine:v9\nRUN touch /x\n");

        stage("k8s.gcr.io/build-image/kube-cross:v9");
        assertThat(Files.readString(context.resolve("Dockerfile")))
                .startsWith("FROM k8s.gcr.io/build-image/kube-cross:v9\n");

        dockerfile("""
                ARG KUBE_BUILD_IMAGE_CROSS_TAG
                ARG KUBE_BASE_IMAGE_REGISTRY
                FROM ${KUBE_BASE_IMAGE_REGISTRY}/kube-cross:${KUBE_BUILD_IMAGE_CROSS_TAG}
                """);
        stage("registry.example.com/go-of-mine:v9");
        assertThat(Files.readString(context.resolve("Dockerfile")))
                .endsWith("FROM registry.example.com/go-of-mine:v9\n");
    }

    @Test
    void meansUtcWhereTheMachineHasNoTimeZone() throws IOException {
        Files.delete(directory.resolve("zone"));
        stage();

        assertThat(Files.readAllBytes(context.resolve("localtime"))).hasSize(54).startsWith('T', 'Z', 'i', 'f');
    }

    @Test
    void namesTheFileThatTheTreeLacks() throws IOException {
        Files.delete(directory.resolve("rsyncd.sh"));

        assertThatThrownBy(this::stage)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining(directory.resolve("rsyncd.sh").toString());
        assertThat(context).doesNotExist();
    }

    @Test
    void buildsOnceAndThenLeavesItStanding() {
        BuildImageBuilder.Result first = ensure("sha256:cross", Map.of());
        BuildImageBuilder.Result second = ensure("sha256:cross", Map.of("HTTP_PROXY", "http://proxy:3128"));

        assertThat(first.built()).isTrue();
        assertThat(second).isEqualTo(new BuildImageBuilder.Result(first.id(), false, ""));
        assertThat(engine.builds()).hasSize(1);
    }

    @Test
    void buildsAgainWhereAnInputChanged() throws IOException {
        ensure("sha256:cross", Map.of());
        assertThat(ensure("sha256:other", Map.of()).reason()).isEqualTo("the cross image or build/build-image changed");

        dockerfile("FROM x:KUBE_BUILD_IMAGE_CROSS_TAG\n");
        assertThat(ensure("sha256:other", Map.of()).built()).isTrue();

        Files.delete(context.resolve("rsyncd.password"));
        assertThat(ensure("sha256:other", Map.of()).built())
                .as("the image would have another password than upstream's scripts read")
                .isTrue();
    }

    @Test
    void handsProxiesToTheBuildInBothCasesAndIntoNothingThatStays() throws IOException {
        ensure("sha256:cross", Map.of("HTTP_PROXY", "http://u:secret@proxy:3128", "NO_PROXY", "localhost"));

        assertThat(engine.builds().get(0).arguments())
                .containsEntry("http_proxy", "http://u:secret@proxy:3128")
                .containsEntry("HTTP_PROXY", "http://u:secret@proxy:3128")
                .containsEntry("no_proxy", "localhost");
        assertThat(engine.builds().get(0).labels().toString()).doesNotContain("secret");
        assertThat(Files.readString(context.resolve("Dockerfile"))).doesNotContain("secret");
    }

    @Test
    void labelsTheImageWithHostPathAndFingerprint() {
        ensure("sha256:cross", Map.of());

        assertThat(engine.builds().get(0).labels())
                .containsEntry("io.kubebuild.host", "here")
                .containsEntry("io.kubebuild.path", "/k")
                .containsKey(BuildImageBuilder.FINGERPRINT_LABEL);
    }

    @Test
    void deletesOlderImagesAndContainersOfTheSameTreeOnly() {
        engine.addImage("kube-build:build-0123456789-5-v1.15.4-1", Map.of());
        engine.addImage(OTHERS, Map.of());
        container("kube-build-data-0123456789-5-v1.15.4-1");
        container("kube-build-data-0123456789-5-v1.15.5-1");
        container("kube-build-data-abcdef0123-5-v1.15.4-1");

        ensure("sha256:cross", Map.of());

        assertThat(engine.imageNames()).containsOnlyKeys("kube-build:" + TAG, OTHERS);
        assertThat(engine.containers(""))
                .extracting(ContainerInfo::name)
                .containsExactly("kube-build-data-0123456789-5-v1.15.5-1", "kube-build-data-abcdef0123-5-v1.15.4-1");
    }

    @Test
    void showsTheLastLinesOfABuildThatFails() {
        engine.failBuilds("The command returned a non-zero code: 1");

        assertThatThrownBy(() -> ensure("sha256:cross", Map.of()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("the build image kube-build:" + TAG + " cannot be built")
                .hasMessageContaining("returned a non-zero code: 1")
                .hasMessageContaining("Step 1/1 : FROM fake")
                .hasMessageContaining("docker build -t kube-build:" + TAG);
    }

    @Test
    void refusesABaseNameThatWouldMatchEverything() {
        assertThatThrownBy(() -> new BuildImageNames("kube-build", TAG, "", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private BuildImageBuilder.Result ensure(String cross, Map<String, String> proxies) {
        BuildImageNames names = new BuildImageNames(
                "kube-build",
                TAG,
                "build-0123456789",
                List.of(new BuildImageNames.ContainerName(
                        "kube-build-data-0123456789", "kube-build-data-0123456789-5-v1.15.5-1")));
        Map<String, String> labels = Map.of("io.kubebuild.host", "here", "io.kubebuild.path", "/k");
        return new BuildImageBuilder(engine, BuildListener.SILENT)
                .ensure(new BuildImageBuilder.Request(names, stage(), cross, proxies, labels, false));
    }

    private BuildImageContext stage() {
        return stage("k8s.gcr.io/build-image/kube-cross:v1.15.5-1");
    }

    private BuildImageContext stage(String cross) {
        BuildImageContext.Source source =
                new BuildImageContext.Source(directory, ImageReference.of(cross), directory.resolve("zone"));
        return BuildImageContext.stage(source, context, RandomGenerator.of("L64X128MixRandom"));
    }

    private void container(String name) {
        engine.create(ContainerSpec.of(name, OTHERS, List.of("true")));
    }

    private void dockerfile(String text) throws IOException {
        Files.writeString(directory.resolve("Dockerfile"), text);
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(context.resolve(name)));
    }
}
