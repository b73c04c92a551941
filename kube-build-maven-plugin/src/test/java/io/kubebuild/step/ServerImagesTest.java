package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.ImageBuildRecord;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.testing.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that the engine builds, and those that packaging only saves; the assembled ones have tests of their own. */
class ServerImagesTest {

    private static final String HYPERKUBE = "k8s.gcr.io/hyperkube-amd64:v1.14.8";
    private static final String BASE = "k8s.gcr.io/debian-hyperkube-base-amd64:0.12.1";
    private static final String DOCKERFILE =
            "FROM " + BASE + "\nRUN ln -s /hyperkube /kubelet\nCOPY hyperkube /hyperkube\n";

    private final Path directory;
    private final FakeBench bench;

    ServerImagesTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.bench = FakeBench.in(directory);
    }

    @Test
    void hyperkubeIsBuiltByTheEngineOnABaseFromAMirrorBehindAProxy() throws Exception {
        bench.engine().addRemoteImage("nexus:5000/debian-hyperkube-base-amd64:0.12.1");
        Path target = directory.resolve("hyperkube-amd64.tar");

        try (BuildContext context = bench.context(online().build())) {
            new ServerImages(context).make(Optional.of(record()), List.of(HYPERKUBE), target);
        }

        assertThat(target).isNotEmptyFile();
        assertThat(bench.engine().builds()).singleElement().satisfies(build -> {
            assertThat(build.tags()).containsExactly(HYPERKUBE);
            assertThat(build.platform()).contains("linux/amd64");
            assertThat(build.arguments())
                    .containsEntry("HTTP_PROXY", "http://u:secret@proxy:3128")
                    .containsEntry("http_proxy", "http://u:secret@proxy:3128");
            assertThat(build.labels()).isEmpty();
        });
        assertThat(bench.engine().imageNames()).containsKey(BASE).doesNotContainKey(HYPERKUBE);
    }

    @Test
    void itsBaseIsNamedWhereItIsMissing() {
        try (BuildContext context = bench.context(bench.request().build())) {
            assertThatThrownBy(() -> new ServerImages(context)
                            .make(Optional.of(record()), List.of(HYPERKUBE), directory.resolve("x.tar")))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining(
                            "image " + BASE + " (base of " + HYPERKUBE + ", linux/amd64) is not in the engine");
        }
        assertThat(bench.engine().builds()).isEmpty();
    }

    @Test
    void anImageThatPackagingOnlySavesIsFetchedAsAnyOther() throws Exception {
        bench.engine().addRemoteImage("nexus:5000/saved:1");
        Path target = directory.resolve("saved.tar");

        try (BuildContext context = bench.context(online().build())) {
            new ServerImages(context).make(Optional.empty(), List.of("k8s.gcr.io/saved:1"), target);
        }

        assertThat(target).isNotEmptyFile();
        assertThat(bench.engine().imageNames())
                .containsKey("k8s.gcr.io/saved:1")
                .doesNotContainKey("nexus:5000/saved:1");
    }

    private Requests online() {
        return bench.request()
                .pull(PullPolicy.MISSING)
                .network(new NetworkSettings(
                        Optional.of("http://u:secret@proxy:3128"),
                        Optional.empty(),
                        NoProxy.NONE,
                        Map.of("k8s.gcr.io", List.of("nexus:5000")),
                        CredentialSource.NONE,
                        Optional.empty(),
                        List.of()));
    }

    private ImageBuildRecord record() throws IOException {
        Path context = Files.createDirectories(directory.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
        return new ImageBuildRecord(
                "1",
                List.of("build", "-t", HYPERKUBE, context.toString()),
                DOCKERFILE,
                "Dockerfile",
                context,
                new TreeMap<>(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(HYPERKUBE));
    }
}
