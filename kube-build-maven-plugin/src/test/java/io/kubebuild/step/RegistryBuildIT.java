package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.image.WantedImage;
import io.kubebuild.image.base.PushedImage;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.RealRegistry;
import io.kubebuild.testing.Requests;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A build gets its images from a real registry that wants a password, which is the base images' own and a mirror for the cross image;
 * and then does without it.
 */
@RequiresEngine
class RegistryBuildIT {

    private static final String CROSS = "k8s.gcr.io/build-image/kube-cross:";
    private static final String STAND_IN = CROSS + "v1.19.8-sample-1";
    private static final String OF_TEST = "v1.19.8-from-a-registry";
    private static final String BASES = "k8s.gcr.io/build-image/";

    private final Path directory;
    private final SampleTree tree;

    @SuppressWarnings("NullAway.Init") // JUnit calls start() first; stop() copes with a start that was skipped
    private RealRegistry registry;

    RegistryBuildIT(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.tree = SampleTree.copyTo(directory.resolve("kubernetes"));
    }

    @BeforeEach
    void start() throws IOException {
        registry = RealRegistry.start(Files.createDirectory(directory.resolve("registry")));
        push(BASES + "go-runner:sample-1", "build-image/go-runner", "sample-1");
        push(BASES + "debian-iptables:sample-1", "build-image/debian-iptables", "sample-1");
    }

    @AfterEach
    void stop() {
        if (registry != null) {
            registry.close();
        }
        pipeline(online()).clean(true);
        onEngine(context -> context.engine().removeImage(CROSS + OF_TEST));
    }

    @Test
    void baseImagesComeWithCredentialsAndStayForABuildWithoutTheRegistry() {
        Heard heard = verify(online());
        assertThat(heard.facts("base image"))
                .containsExactlyInAnyOrder(
                        registry.host() + "/build-image/go-runner:sample-1 fetched from " + registry.host(),
                        registry.host() + "/build-image/debian-iptables:sample-1 fetched from " + registry.host());
        onEngine(context -> assertThat(context.engine().image(registry.host() + "/build-image/go-runner:sample-1"))
                .as("bases do not go through the engine")
                .isEmpty());

        registry.close();

        assertThat(verify(online()).outcomes()).containsEntry("verify-prereqs", "done");
        assertThat(verify(base()).outcomes()).containsEntry("verify-prereqs", "done");
        Requests elsewhere =
                base().variable("XDG_CACHE_HOME", directory.resolve("empty").toString());
        assertThatThrownBy(() -> verify(elsewhere))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("base image " + registry.host() + "/build-image/go-runner:sample-1")
                .hasMessageContaining("base image " + registry.host() + "/build-image/debian-iptables:sample-1")
                .hasMessageContaining("docker pull --platform linux/amd64 " + registry.host());
    }

    @Test
    void imagesGoFromSiteToSiteAsFiles() throws Exception {
        // A name of the test's own for one that everybody uses.
        ImageReference name = ImageReference.of("kube-build-test.invalid/carried:1");
        Path media = directory.resolve("media");
        onEngine(context -> {
            Engine engine = context.engine();
            engine.tag(BASES + "go-runner:sample-1", name.familiar());
            String id = engine.image(name.familiar()).orElseThrow().id();
            try {
                ImageStock stock = new ImageStock(context);
                stock.save(List.of(new WantedImage(name, engine.info().platform(), "base of a test")), media);
                engine.removeImage(name.familiar());
                assertThat(engine.image(name.familiar())).isEmpty();

                stock.load(media);

                assertThat(engine.image(name.familiar()))
                        .hasValueSatisfying(image -> assertThat(image.id()).isEqualTo(id));
            } finally {
                engine.removeImage(name.familiar());
            }
        });
        assertThat(media.toFile().list()).containsExactly("kube-build-test.invalid_carried_1-linux_amd64.tar");
    }

    /** Some minutes: ./dev test registry. */
    @Test
    @EnabledIfSystemProperty(named = "kube.test.registryRelease", matches = "true")
    void aReleaseOfWhatRegistriesGaveIsMadeAgainWithoutThem() throws IOException, InterruptedException {
        push(STAND_IN, "mirrored/build-image/kube-cross", OF_TEST);
        Files.writeString(tree.file("build/build-image/cross/VERSION"), OF_TEST + "\n");
        tree.git("commit", "-q", "-a", "-m", "A cross image that only the mirror has");

        Heard heard = release(online());
        assertThat(heard.facts("image"))
                .containsExactly(CROSS + OF_TEST + " fetched from " + registry.host()
                        + "/mirrored/build-image/kube-cross:" + OF_TEST);
        Map<String, String> first = results();

        registry.close();
        pipeline(base()).clean(true);
        assertThat(tree.file("_output")).doesNotExist();

        assertThat(release(base()).outcomes()).containsEntry("package-tarballs", "done");
        assertThat(results()).isNotEmpty().isEqualTo(first);
    }

    /** Nothing may be fetched. */
    private Requests base() {
        return Requests.of(tree.root(), directory.resolve("home"))
                .platforms("linux/amd64")
                .images(Optional.of(false), Optional.empty())
                .baseImageRegistry(registry.host() + "/build-image")
                .network(network());
    }

    private Requests online() {
        return base().pull(PullPolicy.MISSING);
    }

    private NetworkSettings network() {
        CredentialSource credentials = (host, repository) -> host.equals(registry.host())
                ? Optional.of(new RegistryCredentials(
                        host, RealRegistry.USER, RealRegistry.PASSWORD, "settings.xml of the test"))
                : Optional.empty();
        return new NetworkSettings(
                Optional.empty(),
                Optional.empty(),
                NoProxy.NONE,
                Map.of("k8s.gcr.io", List.of(registry.host() + "/nowhere", registry.host() + "/mirrored")),
                credentials,
                Optional.empty(),
                List.of());
    }

    private Heard verify(Requests request) {
        Heard heard = new Heard();
        Pipeline.of(request.build(), heard).run(List.of(StepName.VERIFY_PREREQS), false);
        return heard;
    }

    private Heard release(Requests request) {
        Heard heard = new Heard();
        Pipeline.of(request.build(), heard).run(List.of(StepName.values()), false);
        return heard;
    }

    private static Pipeline pipeline(Requests request) {
        return Pipeline.of(request.build(), BuildListener.SILENT);
    }

    private void push(String reference, String repository, String tag) throws IOException {
        try (BuildContext context = context()) {
            PushedImage.push(context.engine(), reference, registry, repository, tag, directory.resolve("pushed"));
        }
    }

    private BuildContext context() {
        return BuildContext.open(base().build(), BuildListener.SILENT, BuildContext::connect);
    }

    /** What a test does with the tree's context. */
    @FunctionalInterface
    private interface Use {
        void of(BuildContext context);
    }

    private void onEngine(Use use) {
        try (BuildContext context = context()) {
            use.of(context);
        }
    }

    /** Hashes of tarballs and images, without test binaries, into which go writes a random name. */
    private Map<String, String> results() throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (String part : List.of("release-tars", "release-images")) {
            try (Stream<Path> files = Files.walk(tree.file("_output").resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().contains("kubernetes-test-linux"))
                        .toList()) {
                    hashes.put(
                            file.getFileName().toString(),
                            HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file))));
                }
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
        return hashes;
    }
}
