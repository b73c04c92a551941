package io.kubebuild.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointResolverTest {

    private static final Path DEFAULT_SOCKET = Path.of("/var/run/docker.sock");

    private final Map<String, String> environment = new HashMap<>();
    private final Set<Path> sockets = new HashSet<>();

    private final Path home;

    EndpointResolverTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void takesTheParameterBeforeEverythingElse() throws IOException {
        environment.put("DOCKER_HOST", "unix:///env.sock");
        environment.put("DOCKER_CONTEXT", "office");
        sockets.add(DEFAULT_SOCKET);

        assertThat(resolve("unix:///param.sock"))
                .isEqualTo(new Endpoint(URI.create("unix:///param.sock"), "kube.docker.host", Optional.empty()));
    }

    @Test
    void takesDockerHostBeforeContexts() {
        environment.put("DOCKER_HOST", "unix:///env.sock");
        environment.put("DOCKER_CONTEXT", "office");

        assertThat(resolve()).isEqualTo(new Endpoint(URI.create("unix:///env.sock"), "DOCKER_HOST", Optional.empty()));
    }

    @Test
    void takesTheContextOfTheEnvironmentBeforeTheCurrentOne() throws IOException {
        environment.put("DOCKER_CONTEXT", "office");
        context("office", "unix:///office.sock");
        context("home", "unix:///home.sock");
        current("home");

        assertThat(resolve())
                .isEqualTo(new Endpoint(
                        URI.create("unix:///office.sock"),
                        "docker context 'office', named by DOCKER_CONTEXT",
                        Optional.empty()));
        environment.remove("DOCKER_CONTEXT");
        assertThat(resolve().uri()).hasToString("unix:///home.sock");
    }

    @Test
    void usesTheCertificatesOfAContext() throws IOException {
        context("remote", "tcp://build.example.com:2376");
        current("remote");
        Path tls = Files.createDirectories(home.resolve(".docker/contexts/tls")
                .resolve(Fingerprint.sha256("remote"))
                .resolve("docker"));

        assertThat(resolve().certificates()).contains(tls);
    }

    @Test
    void looksForContextsWhereDockerConfigSays() throws IOException {
        Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
        environment.put("DOCKER_CONFIG", elsewhere.toString());
        Files.writeString(elsewhere.resolve("config.json"), "{\"currentContext\": \"absent\"}");

        assertThatThrownBy(this::resolve)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("the docker context 'absent'")
                .hasMessageContaining(elsewhere.toString());
    }

    @Test
    void takesTheDefaultContextForTheEngineOfThisMachine() throws IOException {
        current("default");
        sockets.add(DEFAULT_SOCKET);

        assertThat(resolve().source()).isEqualTo("well-known socket");
    }

    @ParameterizedTest
    @CsvSource({
        "/var/run/docker.sock",
        "/run/user/7/docker.sock",
        "HOME/.docker/run/docker.sock",
        "HOME/.colima/default/docker.sock",
        "HOME/.rd/docker.sock",
        "/run/user/7/podman/podman.sock",
        "/run/podman/podman.sock"
    })
    void knowsTheSocketsOfEngines(String socket) {
        environment.put("XDG_RUNTIME_DIR", "/run/user/7");
        Path path = Path.of(socket.replace("HOME", home.toString()));
        sockets.add(path);

        assertThat(resolve().uri()).hasToString("unix://" + path);
    }

    @Test
    void listsWhatItTriedWhereThereIsNothing() {
        environment.put("XDG_RUNTIME_DIR", "/run/user/7");

        assertThatThrownBy(this::resolve)
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.blame()).isEqualTo(KubeException.Blame.USER))
                .hasMessageContaining("no Docker engine found")
                .hasMessageContaining("DOCKER_HOST")
                .hasMessageContaining("DOCKER_CONTEXT")
                .hasMessageContaining("/var/run/docker.sock")
                .hasMessageContaining("/run/user/7/podman/podman.sock")
                .hasMessageContaining("-Dkube.docker.host=");
    }

    @Test
    void asksForTlsAsTheDockerCommandDoes() {
        environment.put("DOCKER_HOST", "tcp://build.example.com");
        assertThat(resolve())
                .isEqualTo(new Endpoint(URI.create("tcp://build.example.com:2375"), "DOCKER_HOST", Optional.empty()));

        environment.put("DOCKER_TLS_VERIFY", "1");
        assertThat(resolve())
                .isEqualTo(new Endpoint(
                        URI.create("tcp://build.example.com:2376"),
                        "DOCKER_HOST",
                        Optional.of(home.resolve(".docker"))));

        environment.put("DOCKER_CERT_PATH", "/certs");
        assertThat(resolve().certificates()).contains(Path.of("/certs"));
        assertThat(resolver()
                        .resolve(Optional.empty(), Optional.of(Path.of("/given")))
                        .certificates())
                .contains(Path.of("/given"));
    }

    @Test
    void takesHttpsForTlsWithCertificatesOfOnesOwnOrWithout() {
        environment.put("DOCKER_HOST", "https://build.example.com:2376");
        assertThat(resolve())
                .isEqualTo(new Endpoint(URI.create("https://build.example.com:2376"), "DOCKER_HOST", Optional.empty()));

        environment.put("DOCKER_CERT_PATH", "/certs");
        assertThat(resolve().certificates()).contains(Path.of("/certs"));
    }

    @Test
    void refusesAContextThatTrustsWhoeverAnswers() throws IOException {
        context("lax", "tcp://build.example.com:2376", true);
        current("lax");

        assertThatThrownBy(this::resolve)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("the docker context 'lax' asks for TLS with whoever answers")
                .hasMessageContaining("docker context update lax --docker host=tcp://build.example.com:2376,ca=ca.pem");

        Path tls = Files.createDirectories(home.resolve(".docker/contexts/tls")
                .resolve(Fingerprint.sha256("lax"))
                .resolve("docker"));
        assertThat(resolve().certificates()).contains(tls);
    }

    @Test
    void showsNoPassword() {
        assertThatThrownBy(() -> resolve("https://jo:s3cret@build.example.com:2376"))
                .hasMessageContaining("https://***@build.example.com:2376")
                .hasMessageContaining("engines have neither user and password nor a path")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void showsNoPasswordOfAnEngineThatIsSpokenToInNoWayItKnows() {
        assertThatThrownBy(() -> resolve("ftp://jo:s3cret@build.example.com"))
                .hasMessageContaining("ftp://***@build.example.com")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void needsNoCertificatesForASocket() {
        environment.put("DOCKER_HOST", "unix:///env.sock");
        environment.put("DOCKER_TLS_VERIFY", "1");

        assertThat(resolve().certificates()).isEmpty();
    }

    @Test
    void saysHowToForwardASocketThroughSsh() {
        environment.put("DOCKER_HOST", "ssh://me@build.example.com");

        assertThatThrownBy(this::resolve)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("'ssh://***@build.example.com' (from DOCKER_HOST)")
                .hasMessageContaining("ssh -nNT")
                .hasMessageContaining("me@build.example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "docker.sock, scheme",
        "unix://relative.sock, absolute path",
        "tcp:///nohost, names no host",
        "npipe:////./pipe/docker_engine, Windows",
        "tcp://a b, no URL"
    })
    void refusesWhatIsNoAddress(String address, String reason) {
        assertThatThrownBy(() -> resolve(address))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("'" + address + "' (from kube.docker.host)")
                .hasMessageContaining(reason);
    }

    @Test
    void refusesAConfigurationThatCannotBeRead() throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{");

        assertThatThrownBy(this::resolve).isInstanceOf(KubeException.class).hasMessageContaining("config.json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/run/my engine/docker.sock",
                "/run/Käse/docker.sock",
                "/run/エンジン/docker.sock",
                "/run/100%/docker.sock",
                "/run/a%20b/docker.sock",
                "/run/a%zz/docker.sock",
                "/run/a?b#c/docker.sock",
                "/run/a@b:c/docker.sock",
                "/run/[a]\"{b}|\\^`/docker.sock"
            })
    void aPathOfASocketIsAPath(String path) throws IOException {
        for (Endpoint endpoint : List.of(
                resolve("unix://" + path),
                new EndpointResolver(Map.of("DOCKER_HOST", "unix://" + path), home, sockets::contains)
                        .resolve(Optional.empty(), Optional.empty()))) {
            assertThat(endpoint.socket()).isEqualTo(Path.of(path));
            assertThat(endpoint.address()).isEqualTo("unix://" + path);
            assertThat(endpoint.isUnixSocket()).isTrue();
        }
        context("odd", "unix://" + path.replace("\\", "\\\\").replace("\"", "\\\""));
        current("odd");
        assertThat(resolve().socket()).isEqualTo(Path.of(path));
    }

    @Test
    void aHomeWithABlankHasSocketsToo() {
        Path odd = home.resolve("my home%");
        Path socket = odd.resolve(".docker/run/docker.sock");
        sockets.add(socket);

        assertThat(new EndpointResolver(environment, odd, sockets::contains)
                        .resolve(Optional.empty(), Optional.empty())
                        .socket())
                .isEqualTo(socket);
    }

    @Test
    void aPathAsAUrlHasItIsTakenWhereOnlyThatIsThere() {
        sockets.add(Path.of("/run/my engine.sock"));
        assertThat(resolve("unix:///run/my%20engine.sock").socket()).isEqualTo(Path.of("/run/my engine.sock"));

        sockets.add(Path.of("/run/my%20engine.sock"));
        assertThat(resolve("unix:///run/my%20engine.sock").socket()).isEqualTo(Path.of("/run/my%20engine.sock"));
    }

    private Endpoint resolve() {
        return resolver().resolve(Optional.empty(), Optional.empty());
    }

    private Endpoint resolve(String host) {
        return resolver().resolve(Optional.of(host), Optional.empty());
    }

    private EndpointResolver resolver() {
        return new EndpointResolver(environment, home, sockets::contains);
    }

    private void current(String name) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), "{\"currentContext\": \"" + name + "\"}");
    }

    private void context(String name, String host) throws IOException {
        context(name, host, false);
    }

    private void context(String name, String host, boolean skipsVerification) throws IOException {
        Path directory =
                Files.createDirectories(home.resolve(".docker/contexts/meta").resolve(Fingerprint.sha256(name)));
        Files.writeString(
                directory.resolve("meta.json"),
                "{\"Name\":\"" + name + "\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\"" + host
                        + "\",\"SkipTLSVerify\":" + skipsVerification + "}}}");
    }
}
