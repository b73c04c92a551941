package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.image.DockerConfigCredentials;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.testing.Certificates;
import io.kubebuild.testing.Hurried;
import io.kubebuild.testing.SecureServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that knows a robot for each repository, and tokens. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryCredentialsTest {

    private static final String TOKEN = "re+fresh/token=&x";

    private final ServedImage image = ServedImage.of("content");
    private final Path directory;
    private volatile boolean bearer;

    @SuppressWarnings("NullAway.Init") // JUnit calls start() first
    private SecureServer registry;

    RegistryCredentialsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeAll
    void start() throws Exception {
        Certificates certificates = Certificates.in(directory);
        certificates.issue("registry", "ip:127.0.0.1");
        registry = SecureServer.of(certificates.server("registry"));
        registry.answer("/v2/", exchange -> challenge(exchange, "Basic realm=\"x\""));
        registry.answer("/v2/one/", exchange -> repository(exchange, basic("robot-one")));
        registry.answer("/v2/two/", exchange -> repository(exchange, basic("robot-two")));
        registry.answer("/v2/token/", exchange -> repository(exchange, "Bearer access"));
        registry.answer(
                "/oauth2/token", "application/json", "{\"access_token\":\"access\"}".getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    void stop() {
        registry.close();
    }

    @Test
    void eachRepositoryIsShownItsOwnRobot() {
        Map<String, String> environment = Map.of(
                "DOCKER_AUTH_CONFIG",
                "{\"auths\":{" + entry(registry.host() + "/one", "robot-one") + ","
                        + entry(registry.host() + "/two", "robot-two") + "}}");

        assertThat(find("one/app", environment)).isInstanceOf(BaseImageSource.Found.class);
        assertThat(find("two/app", environment)).isInstanceOf(BaseImageSource.Found.class);
    }

    @Test
    void theEntryThatWasRefusedIsNamed() {
        Map<String, String> environment =
                Map.of("DOCKER_AUTH_CONFIG", "{\"auths\":{" + entry(registry.host() + "/one", "robot-two") + "}}");

        assertThat(find("one/app", environment))
                .asString()
                .contains("it refused the credentials of DOCKER_AUTH_CONFIG (" + registry.host() + "/one)")
                .doesNotContain("pw");
    }

    @Test
    void anIdentityTokenIsExchangedForOneOfTheRegistry() {
        Map<String, String> environment = Map.of(
                "DOCKER_AUTH_CONFIG",
                "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + base64("ann:") + "\",\"identitytoken\":\""
                        + TOKEN + "\"}}}");

        assertThat(find("token/app", environment)).isInstanceOf(BaseImageSource.Found.class);
        assertThat(registry.asked()).anySatisfy(request -> assertThat(request)
                .startsWith("POST /oauth2/token []")
                .contains("grant_type=refresh_token", "refresh_token=re%2Bfresh%2Ftoken%3D%26x")
                .contains("scope=repository:token/app:pull"));
        assertThat(registry.asked())
                .filteredOn(request -> request.startsWith("GET "))
                .noneMatch(request -> request.contains("refresh"));
    }

    private void challenge(HttpExchange exchange, String basic) throws IOException {
        exchange.getResponseHeaders()
                .add(
                        "WWW-Authenticate",
                        bearer ? "Bearer realm=\"https://" + registry.host() + "/oauth2/token\",service=\"x\"" : basic);
        SecureServer.send(exchange, 401, "application/json", "{\"errors\":[]}".getBytes(StandardCharsets.UTF_8));
    }

    private void repository(HttpExchange exchange, String authorization) throws IOException {
        if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            challenge(exchange, "Basic realm=\"x\"");
            return;
        }
        String path = exchange.getRequestURI().getPath();
        if (path.endsWith("/manifests/1")) {
            SecureServer.send(
                    exchange, 200, ServedImage.MANIFEST, image.manifest().getBytes(StandardCharsets.UTF_8));
        } else {
            SecureServer.send(
                    exchange,
                    200,
                    "application/octet-stream",
                    path.endsWith(image.configDigest()) ? image.config() : image.layer());
        }
    }

    private BaseImageSource.Answer find(String repository, Map<String, String> environment) {
        bearer = repository.startsWith("token");
        return new RegistryBaseImages(
                        Mirrors.NONE,
                        new DockerConfigCredentials(environment, directory, BuildListener.SILENT),
                        new BaseImageStore(directory.resolve("kept")),
                        RegistryBaseImages.Mode.FRESH,
                        Access.OF_JVM,
                        Hurried.PATIENCE,
                        BuildListener.SILENT)
                .find(ImageReference.of(registry.host() + "/" + repository + ":1"), "linux/amd64");
    }

    private static String basic(String user) {
        return "Basic " + base64(user + ":pw");
    }

    private static String entry(String place, String user) {
        return "\"" + place + "\":{\"auth\":\"" + base64(user + ":pw") + "\"}";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
