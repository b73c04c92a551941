package io.kubebuild.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.docker.mandas.MandasEngine;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.BackOff;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.GarbledMirror;
import io.kubebuild.testing.RealRegistry;
import io.kubebuild.testing.RequiresEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real engine pulls from a real registry, which wants a password and serves as mirror. */
@RequiresEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageFetcherIT {

    /** The bench's smallest image. */
    private static final String SMALL = "k8s.gcr.io/build-image/go-runner:sample-1";

    private static final ImageReference NAME = ImageReference.of("kube-build-test.invalid/build-image/small:1");

    private final Path directory;
    private final MandasEngine engine;

    @SuppressWarnings("NullAway.Init") // JUnit calls start() first; stop() copes with a start that was skipped
    private RealRegistry registry;

    ImageFetcherIT(@TempDir Path directory) {
        this.directory = directory;
        this.engine = MandasEngine.connect(
                new EndpointResolver(System.getenv(), Path.of(System.getProperty("user.home")), Files::exists)
                        .resolve(Optional.empty(), Optional.empty()));
    }

    @BeforeAll
    void start() throws IOException, InterruptedException {
        registry = RealRegistry.start(directory);
        String pushed = registry.host() + "/build-image/small:1";
        engine.tag(SMALL, pushed);
        try {
            docker("login", "-u", RealRegistry.USER, "-p", RealRegistry.PASSWORD, registry.host());
            docker("push", "-q", pushed);
        } finally {
            engine.removeImage(pushed);
        }
    }

    @AfterAll
    void stop() {
        engine.removeImage(NAME.familiar());
        engine.close();
        if (registry != null) {
            registry.close();
        }
    }

    @Test
    void bringsAnImageFromAMirrorThatWantsAPassword() {
        WantedImage wanted = new WantedImage(NAME, engine.info().platform(), "cross image");

        Map<WantedImage, ImageInfo> images = fetcher(RealRegistry.PASSWORD).ensure(List.of(wanted));

        assertThat(images).containsKey(wanted);
        assertThat(engine.image(NAME.familiar())).isPresent();
        assertThat(engine.image(registry.host() + "/build-image/small:1")).isEmpty();
    }

    @Test
    void namesThePlaceThatRefusedAndWhoseCredentialsItSaw() {
        WantedImage wanted = new WantedImage(NAME, engine.info().platform(), "cross image");

        assertThatThrownBy(() -> fetcher("wrong").ensure(List.of(wanted)))
                .hasMessageContaining("cannot be fetched")
                .hasMessageContaining(registry.host() + "/build-image/small:1: ")
                .hasMessageContaining("settings.xml server 'nexus'");
    }

    @Test
    void goesOnToTheNextMirrorWhereOneAnswersNonsense() throws IOException {
        WantedImage wanted = new WantedImage(NAME, engine.info().platform(), "cross image");
        try (GarbledMirror garbled = GarbledMirror.start()) {
            assertThat(fetcher(RealRegistry.PASSWORD, garbled.host(), registry.host())
                            .ensure(List.of(wanted)))
                    .containsKey(wanted);
            assertThat(garbled.asked()).isNotEmpty();

            assertThatThrownBy(
                            () -> fetcher(RealRegistry.PASSWORD, garbled.host()).ensure(List.of(wanted)))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("cannot be fetched")
                    .hasMessageContaining(garbled.host() + "/build-image/small:1: ")
                    .hasMessageContaining("kube-build-test.invalid/build-image/small:1: ");
            assertThat(engine.image(garbled.host() + "/build-image/small:1")).isEmpty();
        }
    }

    private ImageFetcher fetcher(String password) {
        return fetcher(password, registry.host());
    }

    private ImageFetcher fetcher(String password, String... places) {
        Mirrors mirrors = Mirrors.of(Map.of("kube-build-test.invalid", List.of(places)));
        CredentialSource credentials = (host, repository) -> host.equals(registry.host())
                ? Optional.of(new RegistryCredentials(host, RealRegistry.USER, password, "settings.xml server 'nexus'"))
                : Optional.empty();
        BackOff impatient = new BackOff(List.of(), pause -> {});
        return new ImageFetcher(
                engine, mirrors, credentials, PullPolicy.ALWAYS, false, impatient, BuildListener.SILENT);
    }

    /** Docker's own program, with a configuration of its own. */
    private void docker(String... words) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("docker", "--config", directory.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }
}
