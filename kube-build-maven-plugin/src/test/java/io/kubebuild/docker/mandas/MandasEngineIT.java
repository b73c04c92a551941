package io.kubebuild.docker.mandas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Endpoint;
import io.kubebuild.docker.EndpointResolver;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.Rights;
import io.kubebuild.testing.EngineContract;
import io.kubebuild.testing.RequiresEngine;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@RequiresEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MandasEngineIT extends EngineContract {

    @SuppressWarnings("NullAway.Init") // JUnit calls connect() before anything else
    private MandasEngine engine;

    @BeforeAll
    void connect() {
        engine = MandasEngine.connect(endpoint());
    }

    private static Endpoint endpoint() {
        return new EndpointResolver(System.getenv(), Path.of(System.getProperty("user.home")), Files::exists)
                .resolve(Optional.empty(), Optional.empty());
    }

    @AfterAll
    void disconnect() {
        engine.close();
    }

    @Override
    protected Engine engine() {
        return engine;
    }

    /** The smallest image with a shell that the bench makes ({@code ./dev cross-image}). */
    @Override
    protected String image() {
        return "k8s.gcr.io/build-image/go-runner:sample-1";
    }

    @Override
    protected Rights rightsOf(String container) {
        JsonNode host = inspected(container);
        boolean dropped = Json.texts(host.path("CapDrop")).equals(List.of("ALL"));
        long processes = host.path("PidsLimit").asLong();
        long memory = host.path("Memory").asLong();
        return new Rights(
                dropped ? Optional.of(Json.texts(host.path("CapAdd"))) : Optional.empty(),
                !Json.texts(host.path("SecurityOpt")).contains("no-new-privileges"),
                processes > 0 ? OptionalLong.of(processes) : OptionalLong.empty(),
                memory > 0 ? OptionalLong.of(memory) : OptionalLong.empty());
    }

    @Override
    protected String networkOf(String container) {
        return inspected(container).path("NetworkMode").asText();
    }

    private static JsonNode inspected(String container) {
        Transport transport = Transport.to(endpoint());
        try (EngineHttp http = new EngineHttp(transport)) {
            return http.json(Request.get("/containers/" + container + "/json")).path("HostConfig");
        } finally {
            transport.connections().shutdown();
        }
    }

    @Test
    void takesRightsFromWhatRuns() throws Exception {
        Rights least = new Rights(Optional.of(List.of("CHOWN")), false, OptionalLong.of(1000), OptionalLong.empty());
        String id = engine.create(spec("held", FOREVER).withRights(least));
        engine.start(id);

        assertThat(sh(id, "grep -E 'CapBnd|NoNewPrivs' /proc/self/status | busybox tr -d '\\t'"))
                .containsExactly("CapBnd:0000000000000001", "NoNewPrivs:1", "=0");
        assertThat(sh(id, "busybox wget -q -O - http://example.org/")).contains("=1");
    }

    @Test
    void describesTheEngine() {
        EngineInfo info = engine.info();

        assertThat(info.os()).isEqualTo("linux");
        assertThat(info.architecture()).isIn("amd64", "arm64", "ppc64le", "s390x", "arm");
        assertThat(info.cpus()).isPositive();
        assertThat(info.memoryBytes()).isGreaterThan(100_000_000L);
        assertThat(info.version()).isNotBlank();
        assertThat(info.apiVersion()).matches("1\\.4\\d");
        assertThat(info.rootDirectory()).startsWith("/");
        assertThat(info.id()).isNotBlank();
    }

    @Test
    void waitsForACommandThatIsSilentForLong() throws Exception {
        String id = running("silent");

        assertThat(sh(id, "echo first; sleep 35; echo done; exit 7")).containsExactly("first", "done", "=7");
    }

    @Test
    void keepsLinesAndCharactersWhole() throws Exception {
        String id = running("lines");

        assertThat(sh(id, "printf 'gr\\303'; sleep 1; printf '\\274n\\n'; printf 'crlf\\r\\n\\nlast'"))
                .containsExactly("gr\u00fcn", "crlf", "", "last", "=0");
        assertThat(sh(id, "echo out; echo err >&2; exit 2")).containsExactlyInAnyOrder("out", "err", "=2");
    }

    @Test
    void streamsManyLines() throws Exception {
        String id = running("many");

        List<String> lines = sh(id, "busybox seq 1 200000");

        assertThat(lines).hasSize(200_001).endsWith("200000", "=0");
    }

    @Test
    void runsCommandsAsToldWithVariablesUserAndDirectory() throws Exception {
        String id = running("told");
        List<String> lines = new ArrayList<>();

        int code = engine.exec(
                id,
                new Engine.ExecSpec(
                        List.of("/bin/sh", "-c", "echo \"$A\"; id -u; id -g; pwd"),
                        Map.of("A", "a b='c' \u00e9"),
                        Optional.of("1000:1001"),
                        Optional.of("/tmp")),
                lines::add);

        assertThat(code).isZero();
        assertThat(lines).containsExactly("a b='c' \u00e9", "1000", "1001", "/tmp");
    }

    @Test
    void tellsTheExitCodeOfACommandThatCannotStart() throws Exception {
        String id = running("nocommand");
        List<String> lines = new ArrayList<>();

        int code = engine.exec(id, exec(List.of("/no/such/program")), lines::add);

        assertThat(code).isIn(126, 127);
        assertThat(lines).isNotEmpty();
    }

    @Test
    void makesContainersAsTold() throws Exception {
        ContainerSpec spec = spec("spec", List.of("-c", "busybox hostname; id -u; id -g; pwd; echo $X; ls -d /v1 /v2"))
                .withEntrypoint(List.of("/bin/sh"))
                .withUser("7:8")
                .withHostname("box")
                .withDirectory("/tmp")
                .withEnvironment(Map.of("X", "y"))
                .withVolumes(List.of("/v1", "/v2"));
        String id = engine.create(spec);
        engine.start(id);

        assertThat(engine.await(id)).isZero();
        assertThat(engine.logs(id, 100)).isEqualTo("box\n7\n8\n/tmp\ny\n/v1\n/v2");
    }

    @Test
    void endsACommandWhenItsThreadIsInterrupted() throws Exception {
        String id = running("interrupt");
        CountDownLatch begun = new CountDownLatch(1);
        FutureTask<Integer> command = new FutureTask<>(() ->
                engine.exec(id, exec(List.of("/bin/sh", "-c", "echo begun; sleep 600")), line -> begun.countDown()));
        Thread thread = new Thread(command);
        thread.start();
        begun.await();

        thread.interrupt();

        assertThatThrownBy(() -> command.get(60, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void cleansUpOnAThreadThatWasInterrupted() {
        String id = running("cleanup");

        Thread.currentThread().interrupt();
        engine.kill(id);
        engine.remove(id);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(engine.container(id)).isEmpty();
    }

    @Test
    void needsNothingOfTheContextClassLoader() throws Exception {
        FutureTask<Integer> work = new FutureTask<>(() -> {
            try (MandasEngine other = MandasEngine.connect(endpoint())) {
                other.create(spec("loader", FOREVER));
                return other.containers(prefix + "loader").size();
            }
        });
        Thread thread = new Thread(work);
        // In Maven's class realms it may be anybody's.
        thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
        thread.start();

        assertThat(work.get(60, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void runsManyCommandsAtOnce() throws Exception {
        String id = running("parallel");
        List<FutureTask<List<String>>> commands = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int number = i;
            FutureTask<List<String>> command = new FutureTask<>(() -> sh(id, "echo " + number + "; exit " + number));
            commands.add(command);
            new Thread(command).start();
        }

        for (int i = 0; i < commands.size(); i++) {
            assertThat(commands.get(i).get(120, TimeUnit.SECONDS)).containsExactly("" + i, "=" + i);
        }
    }

    @Test
    void breaksOffACommandWhoseListenerFails() {
        String id = running("listener");

        assertThatThrownBy(() -> engine.exec(id, exec(List.of("/bin/sh", "-c", "echo x; sleep 600")), line -> {
                    throw new IllegalStateException("enough");
                }))
                .hasMessage("enough");
    }

    @Test
    void noticesThatTheContainerDiedUnderACommand() throws Exception {
        String id = running("killed");

        int code = engine.exec(id, exec(List.of("/bin/sh", "-c", "echo x; sleep 600")), line -> engine.kill(id));

        assertThat(code).isEqualTo(137);
    }

    @Test
    void closesAHalfReadArchiveAtOnce() throws Exception {
        String id = running("half");
        sh(id, "mkdir /tmp/big; busybox dd if=/dev/zero of=/tmp/big/file bs=1M count=64 2>/dev/null");

        try (InputStream in = engine.copyOutOf(id, "/tmp/big")) {
            assertThat(in.readNBytes(1024)).hasSize(1024);
        }
        try (InputStream in = engine.copyOutOf(id, "/tmp/big/file")) {
            assertThat(in.skip(512)).isEqualTo(512);
        }
        assertThat(engine.container(id)).isPresent();
    }

    @Test
    void saysWhatTheEngineThinksOfABrokenArchive() {
        String id = engine.create(spec("broken", FOREVER).withVolumes(List.of("/data")));

        assertThatThrownBy(() -> engine.copyInto(id, "/data", out -> {
                    byte[] noise = "this is no archive ".repeat(100_000).getBytes(StandardCharsets.UTF_8);
                    for (int i = 0; i < 20; i++) {
                        out.write(noise);
                    }
                }))
                .isInstanceOfSatisfying(
                        io.kubebuild.docker.EngineException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(Kind.OTHER))
                .hasMessageContaining("tar");
    }

    @Test
    void buildsWithArgumentsAndSendsTheContextAsItIs(@TempDir Path context) throws Exception {
        Files.writeString(context.resolve(".dockerignore"), "*\n");
        Files.writeString(context.resolve("tool.sh"), "#!/bin/sh\necho tool\n");
        Files.setPosixFilePermissions(
                context.resolve("tool.sh"), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(context.resolve("alias.sh"), Path.of("tool.sh"));
        Files.writeString(
                context.resolve("Containerfile"),
                "FROM " + image() + "\nARG COLOUR=none\nLABEL colour=$COLOUR\nCOPY . /opt/\nRUN /opt/alias.sh\n");
        String name = named(prefix + "args:1");
        List<String> output = new ArrayList<>();

        engine.build(
                new ImageBuild(
                        context, "Containerfile", List.of(name), Map.of("COLOUR", "green"), Map.of(), Optional.empty()),
                output::add);

        assertThat(engine.image(name).orElseThrow().labels()).containsEntry("colour", "green");
        assertThat(output).contains("tool");
    }

    @Test
    void tellsWhyABuildFailed(@TempDir Path context) throws Exception {
        Files.writeString(context.resolve("Containerfile"), "FROM " + image() + "\nRUN exit 9\n");

        assertThatThrownBy(() -> engine.build(
                        new ImageBuild(context, "Containerfile", List.of(), Map.of(), Map.of(), Optional.empty()),
                        line -> {}))
                .hasMessageContaining("returned a non-zero code: 9");
    }

    @Test
    void saysWhereNobodyAnswers(@TempDir Path directory) {
        Endpoint nobody =
                new Endpoint(java.net.URI.create("unix://" + directory.resolve("none.sock")), "test", Optional.empty());

        assertFails(Kind.UNREACHABLE, () -> MandasEngine.connect(nobody).close());
    }

    private List<String> sh(String container, String script) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        int code = engine.exec(container, exec(List.of("/bin/sh", "-c", script)), lines::add);
        lines.add("=" + code);
        return lines;
    }
}
