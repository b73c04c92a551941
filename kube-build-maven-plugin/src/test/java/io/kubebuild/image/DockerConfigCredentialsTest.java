package io.kubebuild.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerConfigCredentialsTest {

    private final Path home;

    private final List<String> warnings = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>(Map.of("PATH", "/usr/bin:/bin"));

    DockerConfigCredentialsTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void readsPasswordsAndIdentityTokens() throws IOException {
        config("{\"auths\":{\"nexus.example:5000\":{\"auth\":\"" + base64("ann:p:w") + "\"},"
                + "\"https://token.example/v2/\":{\"auth\":\"\",\"identitytoken\":\"tok\"}}}");

        assertThat(source().find("nexus.example:5000", "team/app"))
                .contains(new RegistryCredentials("nexus.example:5000", "ann", "p:w", file()));
        assertThat(source().find("token.example", "team/app"))
                .contains(new RegistryCredentials("token.example", "<token>", "tok", file()));
        assertThat(source().find("other.example", "team/app")).isEmpty();
        assertThat(warnings).isEmpty();
    }

    @Test
    void knowsDockersRegistryByItsOldName() throws IOException {
        config("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"" + base64("ann:pw") + "\"}}}");

        assertThat(source().find("docker.io", "team/app"))
                .get()
                .extracting(RegistryCredentials::username)
                .isEqualTo("ann");
    }

    @Test
    void prefersTheRegistrysHelperToTheStoreAndThatToPasswords() throws IOException {
        helper(
                "one",
                "read server; echo \"{\\\"ServerURL\\\":\\\"$server\\\",\\\"Username\\\":\\\"helper\\\",\\\"Secret\\\":\\\"s1\\\"}\"");
        helper("all", "read server; echo \"{\\\"Username\\\":\\\"store-$server\\\",\\\"Secret\\\":\\\"s2\\\"}\"");
        config("{\"credHelpers\":{\"a.example\":\"one\"},\"credsStore\":\"all\",\"auths\":{\"a.example\":{\"auth\":\""
                + base64("file:pw") + "\"}}}");

        assertThat(source().find("a.example", "team/app"))
                .get()
                .extracting(RegistryCredentials::username)
                .isEqualTo("helper");
        assertThat(source().find("b.example", "team/app"))
                .get()
                .extracting(RegistryCredentials::username)
                .isEqualTo("store-b.example");
    }

    @Test
    void goesOnWhereAHelperKnowsNothingOfTheRegistry() throws IOException {
        helper("all", "echo 'credentials not found in native keychain'; exit 1");
        config("{\"credsStore\":\"all\",\"auths\":{\"a.example\":{\"auth\":\"" + base64("file:pw") + "\"}}}");

        assertThat(source().find("a.example", "team/app"))
                .get()
                .extracting(RegistryCredentials::username)
                .isEqualTo("file");
        assertThat(warnings).isEmpty();
    }

    @Test
    void namesHelpersThatFailOrAreMissingOnce() throws IOException {
        helper("broken", "echo 'key chain is locked'; exit 3");
        config("{\"credHelpers\":{\"a.example\":\"broken\"},\"credsStore\":\"absent\"}");
        DockerConfigCredentials source = source();

        assertThat(source.find("a.example", "team/app")).isEmpty();
        assertThat(source.find("a.example", "team/app")).isEmpty();

        assertThat(warnings)
                .containsExactly(
                        "no credentials of a.example from the helper named in " + file()
                                + ": docker-credential-broken ended with 3 and said: key chain is locked",
                        "no credentials of a.example from the helper named in " + file()
                                + ": docker-credential-absent is not on PATH");
    }

    @Test
    void neverRunsAProgramByPath() throws IOException {
        config("{\"credsStore\":\"../evil\"}");

        assertThat(source().find("a.example", "team/app")).isEmpty();
        assertThat(warnings).singleElement().asString().contains("'../evil' is no name of a credential helper");
    }

    @Test
    void readsPodmansFilesAfterDockers() throws IOException {
        Path runtime = Files.createDirectories(home.resolve("run/containers"));
        Files.writeString(
                runtime.resolve("auth.json"),
                "{\"auths\":{\"quay.example/team\":{\"auth\":\"" + base64("podman:pw") + "\"}}}");
        environment.put("XDG_RUNTIME_DIR", home.resolve("run").toString());

        assertThat(source().find("quay.example", "other/app")).isEmpty();
        assertThat(source().find("quay.example", "team/app"))
                .get()
                .extracting(RegistryCredentials::username)
                .isEqualTo("podman");
    }

    @Test
    void readsTheDirectoryOfDockerConfig() throws IOException {
        Path elsewhere = Files.createDirectories(home.resolve("elsewhere"));
        Files.writeString(
                elsewhere.resolve("config.json"), "{\"auths\":{\"a.example\":{\"auth\":\"" + base64("u:p") + "\"}}}");
        environment.put("DOCKER_CONFIG", elsewhere.toString());

        assertThat(source().find("a.example", "team/app")).isPresent();
    }

    @Test
    void twoRobotsOfOneHostAreEachForTheirOwnRepository() throws IOException {
        config("{\"auths\":{"
                + entry("nexus.example:5000", "all")
                + "," + entry("nexus.example:5000/team", "team")
                + "," + entry("https://nexus.example:5000/team/app/", "app")
                + "," + entry("nexus.example", "other-port") + "}}");

        assertThat(user("nexus.example:5000", "team/app")).isEqualTo("app");
        assertThat(user("nexus.example:5000", "team/app/deeper")).isEqualTo("app");
        assertThat(user("nexus.example:5000", "team/application")).isEqualTo("team");
        assertThat(user("nexus.example:5000", "teams/app")).isEqualTo("all");
        assertThat(source().find("nexus.example:5000", "team/app"))
                .map(RegistryCredentials::source)
                .contains(file() + " (nexus.example:5000/team/app)");
    }

    @Test
    void whatIsForAnotherRepositoryIsNotForThisOne() throws IOException {
        config("{\"auths\":{" + entry("nexus.example/team", "team") + "," + entry("docker.io/library", "official")
                + "}}");

        assertThat(source().find("nexus.example", "other/app")).isEmpty();
        assertThat(user("docker.io", "library/debian")).isEqualTo("official");
        assertThat(source().find("docker.io", "somebody/debian")).isEmpty();
    }

    @Test
    void aLongerPathComesBeforeTheHelpersOfItsRegistry() throws IOException {
        helper("all", "read server; echo \"{\\\"Username\\\":\\\"store-$server\\\",\\\"Secret\\\":\\\"s\\\"}\"");
        config("{\"credsStore\":\"all\",\"credHelpers\":{\"a.example/helped\":\"all\"},\"auths\":{"
                + entry("a.example/team", "team") + "," + entry("a.example", "host") + "}}");

        assertThat(user("a.example", "team/app")).isEqualTo("team");
        assertThat(user("a.example", "helped/app")).isEqualTo("store-a.example/helped");
        assertThat(user("a.example", "other/app")).isEqualTo("store-a.example");
    }

    @Test
    void theVariableComesBeforeFiles() throws IOException {
        config("{\"auths\":{" + entry("a.example", "file") + "," + entry("b.example/team", "file") + "}}");
        environment.put("DOCKER_AUTH_CONFIG", "{\"auths\":{" + entry("a.example", "variable") + "}}");

        assertThat(user("a.example", "team/app")).isEqualTo("variable");
        assertThat(user("b.example", "team/app")).isEqualTo("file");
        assertThat(source().find("a.example", "team/app"))
                .map(RegistryCredentials::source)
                .contains("DOCKER_AUTH_CONFIG");
    }

    @Test
    void warnsOfABrokenVariableWithoutShowingItsContent() throws IOException {
        config("{\"auths\":{" + entry("a.example", "file") + "}}");
        environment.put("DOCKER_AUTH_CONFIG", "{\"auths\":{\"a.example\":{\"auth\":\"c2VjcmV0");

        assertThat(user("a.example", "team/app")).isEqualTo("file");
        assertThat(warnings)
                .containsExactly(
                        "cannot read credentials from the environment variable DOCKER_AUTH_CONFIG: it is no JSON");
    }

    private String user(String registry, String repository) {
        return source().find(registry, repository)
                .map(RegistryCredentials::username)
                .orElse("nobody");
    }

    private static String entry(String place, String user) {
        return "\"" + place + "\":{\"auth\":\"" + base64(user + ":pw") + "\"}";
    }

    @Test
    void warnsOfABrokenFileWithoutShowingItsContent() throws IOException {
        config("{\"auths\":{\"a.example\":{\"auth\":\"c2VjcmV0");

        assertThat(source().find("a.example", "team/app")).isEmpty();
        assertThat(warnings).singleElement().asString().contains(file()).doesNotContain("c2VjcmV0");
    }

    private DockerConfigCredentials source() {
        BuildListener listener = event -> {
            if (event instanceof BuildListener.Warning warning) {
                warnings.add(warning.text());
            }
        };
        return new DockerConfigCredentials(environment, home, listener);
    }

    private String file() {
        return home.resolve(".docker/config.json").toString();
    }

    private void config(String json) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), json);
    }

    private void helper(String name, String script) throws IOException {
        Path bin = Files.createDirectories(home.resolve("bin"));
        Path program = bin.resolve("docker-credential-" + name);
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        environment.put("PATH", bin + ":/usr/bin:/bin");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
