package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.request.BuildRequest.WorkspaceKind;
import io.kubebuild.request.BuildRequest.WorkspaceSettings;
import io.kubebuild.request.CrossImageRequest;
import io.kubebuild.testing.Requests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Docker's own proxies, on an engine in memory. */
class ContainerProxiesTest {

    private static final String PROXY = "http://ann:secret@docker-proxy:3128";

    private final FakeBench bench;

    ContainerProxiesTest(@TempDir Path directory) throws IOException, InterruptedException {
        bench = FakeBench.in(directory);
        Path docker = Files.createDirectories(directory.resolve("home/.docker"));
        Files.writeString(
                docker.resolve("config.json"),
                "{\"proxies\":{\"default\":{\"httpsProxy\":\"" + PROXY + "\",\"noProxy\":\"10.*\"}}}");
    }

    @Test
    void reachTheCommandsOfContainersAndNotThoseOfThisMachine() {
        Map<String, String> expected =
                Map.of("HTTPS_PROXY", PROXY, "https_proxy", PROXY, "NO_PROXY", "10.0.0.0/8", "no_proxy", "10.0.0.0/8");

        try (BuildContext context = bench.context(bench.request().build())) {
            assertThat(ContainerProxies.ofWorkspace(context)).isEqualTo(expected);
        }
        Requests onHost = bench.request()
                .workspace(new WorkspaceSettings(Optional.of(WorkspaceKind.HOST), Optional.empty(), Optional.empty()));
        try (BuildContext context = bench.context(onHost.build())) {
            assertThat(ContainerProxies.ofWorkspace(context)).isEmpty();
        }
    }

    @Test
    void reachBuildsOnTheEngine() throws IOException {
        Files.writeString(bench.tree().file("build/build-image/cross/Dockerfile"), "FROM golang:1.13.4\n");
        bench.engine().removeImage(FakeBench.CROSS);
        bench.engine().addRemoteImage("golang:1.13.4");

        bench.pipeline(bench.request().pull(PullPolicy.MISSING).build())
                .crossImage(new CrossImageRequest(Optional.empty(), Optional.empty(), Optional.empty()));

        assertThat(bench.engine().builds()).singleElement().satisfies(build -> {
            assertThat(build.arguments()).containsEntry("https_proxy", PROXY).containsEntry("NO_PROXY", "10.0.0.0/8");
            assertThat(build.labels().toString()).doesNotContain("secret");
        });
    }

    @Test
    void giveWayToThoseOfTheRequest() {
        NetworkSettings switchedOff = new NetworkSettings(
                Optional.empty(),
                Optional.of(""),
                NoProxy.NONE,
                Map.of(),
                CredentialSource.NONE,
                Optional.empty(),
                List.of());

        try (BuildContext context =
                bench.context(bench.request().network(switchedOff).build())) {
            assertThat(ContainerProxies.ofWorkspace(context))
                    .isEqualTo(Map.of("NO_PROXY", "10.0.0.0/8", "no_proxy", "10.0.0.0/8"));
        }
    }
}
