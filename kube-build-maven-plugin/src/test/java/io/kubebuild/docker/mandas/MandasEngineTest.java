package io.kubebuild.docker.mandas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.client.methods.HttpUriRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real engine does only on bad days. */
final class MandasEngineTest {

    @Test
    void refusesAnEngineThatIsTooOld() throws IOException {
        try (StubEngine stub = new StubEngine("1.39")) {
            assertThatThrownBy(() -> MandasEngine.connect(stub.endpoint()).close())
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("Docker engine 1.2.3")
                    .hasMessageContaining("it speaks API 1.39; 1.40 (Docker 19.03)");
        }
    }

    @ParameterizedTest
    @CsvSource({"1.40, 1.40", "1.41, 1.41", "1.44, 1.44", "1.52, 1.44"})
    void speaksTheNewestVersionThatBothKnow(String offered, String spoken) throws IOException {
        try (StubEngine stub = new StubEngine(offered).answer("GET /info", 200, "{\"Architecture\":\"aarch64\"}");
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            assertThat(engine.info().apiVersion()).isEqualTo(spoken);
            assertThat(engine.info().platform()).isEqualTo("linux/arm64");
            assertThat(stub.requests()).contains("GET /version", "GET /v" + spoken + "/info");
        }
    }

    /** The HTTP client logs the request line of what it is given, as {@code mvn -X} shows. */
    @Test
    void theClientsLogKnowsNoBuildArguments(@TempDir Path context) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\n");
        Map<String, String> arguments = Map.of("HTTPS_PROXY", "http://jo:s3cret@proxy:3128", "A", "b c&d");
        ImageBuild build = new ImageBuild(context, "Dockerfile", List.of("x:1"), arguments, Map.of(), Optional.empty());
        HttpUriRequest given = EngineImages.request(build).at(URI.create("http://localhost"), "/v1.41");

        assertThat(given.getRequestLine().toString())
                .contains("/v1.41/build?dockerfile=Dockerfile")
                .doesNotContain("s3cret", "buildargs");
        try (StubEngine stub = new StubEngine("1.41").answer("POST /build", 200, "{\"aux\":{\"ID\":\"sha256:1\"}}\n");
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            assertThat(engine.build(build, line -> {})).isEqualTo("sha256:1");
            assertThat(stub.requests())
                    .filteredOn(request -> request.contains("/build"))
                    .singleElement()
                    .satisfies(request -> assertThat(URLDecoder.decode(request, StandardCharsets.UTF_8))
                            .contains("dockerfile=Dockerfile", "t=x:1", "jo:s3cret@proxy", "\"A\":\"b c&d\""));
        }
    }

    @Test
    void refusesWhatIsNoEngine() throws IOException {
        try (StubEngine stub = new StubEngine("").answer("GET /version", 200, "{}")) {
            assertThatThrownBy(() -> MandasEngine.connect(stub.endpoint()).close())
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("is no Docker engine");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, login please, UNAUTHORIZED",
        "403, forbidden, UNAUTHORIZED",
        "409, name is taken, CONFLICT",
        "500, write /x: no space left on device, NO_SPACE",
        "500, something else, OTHER",
        "500, the container name x is already in use by y, CONFLICT",
        "500, can only create exec sessions on running containers: container state improper, CONFLICT",
        "500, x: image not known, NOT_FOUND"
    })
    void tellsKindsOfFailureApart(int status, String message, Kind kind) throws IOException {
        try (StubEngine stub = new StubEngine("1.41").answer("GET /info", status, "{\"message\":\"" + message + "\"}");
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            assertFails(kind, message, engine::info);
        }
    }

    @Test
    void hearsAFailureInTheMidstOfAPull() throws IOException {
        try (StubEngine stub = new StubEngine("1.41")
                        .answer(
                                "POST /images/create",
                                200,
                                "{\"status\":\"Pulling\"}\n{\"error\":\"x\",\"errorDetail\":{\"message\":\"unauthorized: authentication required\"}}");
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            List<String> progress = new ArrayList<>();

            assertFails(
                    Kind.UNAUTHORIZED,
                    "pulling nexus:5000/base:1: unauthorized",
                    () -> engine.pull("nexus:5000/base:1", Optional.empty(), Optional.empty(), progress::add));
            assertThat(progress).containsExactly("Pulling");
        }
    }

    @Test
    void pullsOneImageForOnePlatformWithTheCredentialsGiven() throws IOException {
        AtomicReference<String> auth = new AtomicReference<>("");
        try (StubEngine stub = new StubEngine("1.41").answer("POST /images/create", exchange -> {
                    auth.set(exchange.getRequestHeaders().getFirst("X-Registry-Auth"));
                    exchange.sendResponseHeaders(200, -1);
                });
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            engine.pull(
                    "nexus:5000/base",
                    Optional.of("linux/arm64"),
                    Optional.of(new RegistryCredentials("nexus:5000", "me", "s\u00e9cret", "test")),
                    line -> {});

            assertThat(stub.requests())
                    .contains(
                            "POST /v1.41/images/create?fromImage=nexus%3A5000%2Fbase&tag=latest&platform=linux%2Farm64");
            assertThat(new String(Base64.getUrlDecoder().decode(auth.get()), StandardCharsets.UTF_8))
                    .contains(
                            "\"username\":\"me\"", "\"password\":\"s\u00e9cret\"", "\"serveraddress\":\"nexus:5000\"");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "debian, debian,",
        "debian:12, debian, 12",
        "nexus:5000/a/b, nexus:5000/a/b,",
        "nexus:5000/a/b:v1, nexus:5000/a/b, v1",
        "a/b@sha256:00, a/b, sha256:00",
        "a/b:v1@sha256:00, a/b, sha256:00"
    })
    void readsReferences(String reference, String repository, String version) {
        assertThat(EngineImages.Name.of(reference))
                .isEqualTo(new EngineImages.Name(repository, Optional.ofNullable(version)));
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io/library/kube-build:x, kube-build:x",
        "docker.io/acme/tool:1, acme/tool:1",
        "k8s.gcr.io/pause:3.2, k8s.gcr.io/pause:3.2"
    })
    void showsNamesAsDockerDoes(String ofPodman, String ofDocker) {
        assertThat(EngineImages.Name.familiar(ofPodman)).isEqualTo(ofDocker);
    }

    @Test
    void waitsForTheExitCodeAfterTheOutputHasEnded() throws Exception {
        try (StubEngine stub = engineWithCommand();
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            int[] looks = {0};
            stub.answer("GET /exec/e1/json", exchange -> {
                String[] states = {
                    "{\"Running\":true,\"ExitCode\":null}",
                    "{\"Running\":false,\"ExitCode\":null}",
                    "{\"Running\":false,\"ExitCode\":5}"
                };
                byte[] bytes = states[Math.min(looks[0]++, 2)].getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            });
            stub.answer("GET /containers/c1/json", 200, "{\"State\":{\"Running\":true}}");
            List<String> lines = new ArrayList<>();

            assertThat(exec(engine, lines)).isEqualTo(5);
            assertThat(lines).containsExactly("hello");
        }
    }

    @Test
    void tellsThatTheEngineWentAwayUnderACommand() throws Exception {
        try (StubEngine stub = engineWithCommand();
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            // The output just ends, as it does at the end of a command; but nobody is there to say so.
            stub.answer("GET /exec/e1/json", exchange -> exchange.close());

            assertFails(Kind.UNREACHABLE, "connection to the Docker engine", () -> exec(engine, new ArrayList<>()));
        }
    }

    @Test
    void tellsThatARestartedEngineLostTheCommand() throws Exception {
        try (StubEngine stub = engineWithCommand();
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            assertFails(Kind.UNREACHABLE, "lost a command", () -> exec(engine, new ArrayList<>()));
        }
    }

    @Test
    void tellsThatTheContainerEndedBeforeItsCommandDid() throws Exception {
        try (StubEngine stub = engineWithCommand();
                MandasEngine engine = MandasEngine.connect(stub.endpoint())) {
            stub.answer("GET /exec/e1/json", 200, "{\"Running\":false,\"ExitCode\":null}");
            stub.answer("GET /containers/c1/json", 200, "{\"State\":{\"Running\":false}}");

            assertFails(Kind.CONFLICT, "ended before its command", () -> exec(engine, new ArrayList<>()));
        }
    }

    private static StubEngine engineWithCommand() throws IOException {
        return new StubEngine("1.41")
                .answer("POST /containers/c1/exec", 201, "{\"Id\":\"e1\"}")
                .answer("POST /exec/e1/start", exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream out = exchange.getResponseBody();
                    out.write(ByteBuffer.allocate(8).put((byte) 1).putInt(4, 6).array());
                    out.write("hello\n".getBytes(StandardCharsets.UTF_8));
                });
    }

    private static int exec(MandasEngine engine, List<String> lines) throws InterruptedException {
        return engine.exec(
                "c1", new Engine.ExecSpec(List.of("true"), Map.of(), Optional.empty(), Optional.empty()), lines::add);
    }

    private static void assertFails(Kind kind, String message, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
                .hasMessageContaining(message);
    }
}
