package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest.WorkspaceKind;
import io.kubebuild.request.BuildRequest.WorkspaceSettings;
import io.kubebuild.workspace.host.SdkArchives;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspacePartsTest {

    private static final String URL = "https://go.example.com/go1.19.8.linux-amd64.tar.gz";
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    private final Path directory;

    WorkspacePartsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private String sdk() throws IOException {
        Path go = Files.createDirectories(directory.resolve("go/bin")).resolve("go");
        Files.writeString(go, "");
        assertThat(go.toFile().setExecutable(true)).isTrue();
        return directory.resolve("go").toString();
    }

    private String certificates() throws IOException {
        for (String pem : List.of("ca.pem", "cert.pem", "key.pem")) {
            Files.createFile(directory.resolve(pem));
        }
        return directory.toString();
    }

    private GoalBench goal() {
        return GoalBench.of(new VerifyPrereqsMojo(), "verify-prereqs", directory);
    }

    private static List<String> problems(GoalBench goal) {
        return catchThrowableOfType(KubeException.class, goal::request).problems().stream()
                .map(Problem::what)
                .toList();
    }

    @Test
    void nobodySaysAnything() {
        assertThat(goal().request().workspace()).isEqualTo(WorkspaceSettings.UNSAID);
    }

    @Test
    void anSdkIsNamedOrFetched() throws IOException {
        assertThat(goal().property("kube.workspace", "host")
                        .property("kube.goSdk", sdk())
                        .request()
                        .workspace())
                .isEqualTo(new WorkspaceSettings(
                        Optional.of(WorkspaceKind.HOST), Optional.of(Path.of(sdk())), Optional.empty()));
        assertThat(goal().property("kube.goSdk.url", URL)
                        .property("kube.goSdk.sha256", SHA256.toUpperCase(java.util.Locale.ROOT))
                        .request()
                        .workspace())
                .isEqualTo(new WorkspaceSettings(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new SdkArchives.Wanted(URI.create(URL), SHA256))));
    }

    @Test
    void whatIsWrongIsToldAtOnce() {
        assertThat(problems(goal().property("kube.workspace", "cluster")
                        .property("kube.goSdk.url", "ftp://go.example.com/go.tar.gz")
                        .property("kube.goSdk.sha256", "abc")))
                .containsExactly(
                        "-Dkube.workspace=cluster is not valid",
                        "-Dkube.goSdk.url=ftp://go.example.com/go.tar.gz is not valid",
                        "-Dkube.goSdk.sha256=abc is not valid");
    }

    @Test
    void aChecksumBelongsToAnAddress() throws IOException {
        assertThat(problems(goal().property("kube.goSdk.url", URL)))
                .containsExactly("kube.goSdk.url is given without kube.goSdk.sha256");
        assertThat(problems(goal().property("kube.goSdk.sha256", SHA256)))
                .containsExactly("kube.goSdk.sha256 is given without kube.goSdk.url");
        assertThat(problems(goal().property("kube.goSdk", sdk())
                        .property("kube.goSdk.url", URL)
                        .property("kube.goSdk.sha256", SHA256)))
                .containsExactly("kube.goSdk and kube.goSdk.url are both given");
    }

    @Test
    void twoWorkspacesAreOneTooMany() throws IOException {
        assertThat(problems(goal().property("kube.workspace", "container").property("kube.goSdk", sdk())))
                .containsExactly("kube.goSdk is given with kube.workspace=container");
        assertThat(problems(goal().property("kube.workspace", "host")
                        .property("kube.docker.host", "tcp://engine:2376")
                        .property("kube.docker.certPath", certificates())))
                .containsExactly(
                        "kube.docker.host and kube.docker.certPath with kube.workspace=host ask for two workspaces");
        assertThat(problems(goal().property("kube.goSdk", sdk()).property("kube.docker.host", "tcp://engine:2375")))
                .containsExactly("kube.docker.host with kube.goSdk ask for two workspaces");
    }
}
