package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release with passwords in every place that takes one: afterwards they are nowhere but where they were. The tree is of an era that
 * sends {@code .git}.
 */
@RequiresEngine
@Tag("more")
@TestInstance(Lifecycle.PER_CLASS)
class SecretsIT {

    /** Each begins like this, and no file of a build has such a word. */
    private static final String SECRET = "s3cr3t-";

    private final Path home;
    private final SampleTree tree;
    private final Path settings;
    private final AuthedRegistry registry = AuthedRegistry.of("robot", SECRET + "registry");
    private final Set<String> commandLines = new TreeSet<>();
    private final MavenResult released;

    SecretsIT(@TempDir Path directory, @TempDir Path elsewhere) throws Exception {
        home = elsewhere.toRealPath();
        tree = SampleTree.ofEra(directory, "direct");
        // A base image of the company's own, behind a password.
        tree.edit(
                        "build/common.sh",
                        "kube-proxy,${KUBE_PROXY_BASE_IMAGE:-${__default_dynamic_base_image}}",
                        "kube-proxy," + registry.address() + "/company/iptables:1")
                .commit();
        tellGit();
        settings = settings(home.resolve("settings.xml"));
        try (CommandLines watched = CommandLines.watched()) {
            released = release().run("-X").execute();
            commandLines.addAll(watched.seen());
        }
    }

    @BeforeAll
    void requireRelease() {
        released.succeeded();
        assertThat(registry.wasAsked())
                .as("the registry with a password was used")
                .isTrue();
    }

    @AfterAll
    void removeWorkspace() throws IOException {
        registry.close();
        MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
    }

    /** As actions/checkout and people leave it. */
    private void tellGit() throws IOException {
        tree.git("config", "http.https://example.com/.extraheader", "AUTHORIZATION: basic " + SECRET + "header");
        tree.git("remote", "add", "origin", "https://ann:" + SECRET + "remote@example.com/kubernetes.git");
        tree.git("branch", "private", "HEAD");
        tree.git("update-ref", "--create-reflog", "-m", "fetch " + SECRET + "reflog", "refs/heads/other", "HEAD");
        Files.writeString(tree.file(".git/hooks/post-checkout"), "#!/bin/sh\ncurl -u " + SECRET + "hook x\n");
        Files.writeString(tree.file(".git/credentials"), "https://ann:" + SECRET + "store@example.com\n");
    }

    private MavenBuild release() {
        return MavenBuild.in(tree.directory())
                .goal("release")
                .run("-s", settings.toString())
                .parameter("kube.platforms", "linux/amd64")
                .environment("XDG_CACHE_HOME", home.resolve("cache").toString())
                .environment(
                        "DOCKER_AUTH_CONFIG",
                        "{\"auths\":{\"registry.example/team\":{\"username\":\"ann\",\"password\":\"" + SECRET
                                + "auth\"}}}");
    }

    /** The machine's own settings, with a proxy that Maven itself does not use, a server, and properties. */
    private Path settings(Path file) throws IOException {
        Path own = Path.of(System.getProperty("user.home"), ".m2/settings.xml");
        String text = Files.isRegularFile(own) ? Files.readString(own) : "<settings></settings>";
        return Files.writeString(file, text.replace("</settings>", """
                <proxies><proxy>
                  <id>corporate</id><active>true</active><protocol>http</protocol><host>127.0.0.1</host><port>9</port>
                  <username>ann</username><password>s3cr3t-proxy</password><nonProxyHosts>*</nonProxyHosts>
                </proxy></proxies>
                <servers><server>
                  <id>%s</id><username>robot</username><password>s3cr3t-registry</password>
                </server></servers>
                <profiles><profile>
                  <id>secrets</id>
                  <activation><activeByDefault>true</activeByDefault></activation>
                  <properties>
                    <kube.httpsProxy>http://eve:s3cr3t-httpsproxy@127.0.0.1:9</kube.httpsProxy>
                    <kube.noProxy>127.0.0.1,localhost</kube.noProxy>
                    <kube.goProxy>http://eve:s3cr3t-goproxy@127.0.0.1:9</kube.goProxy>
                  </properties>
                </profile></profiles>
                </settings>
                """.formatted(registry.address())));
    }

    @Test
    void theLogAtEveryLevelHasNone() {
        assertThat(linesWithSecrets(released.log())).isEmpty();
    }

    @Test
    void noCommandLineHasHadOne() {
        assertThat(commandLines).as("watched at all").anyMatch(line -> line.contains("java"));
        assertThat(commandLines).noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void theEngineTellsNone() {
        assertThat(EngineSocket.inspected(tree)).isNotEmpty().doesNotContain(SECRET);
    }

    @Test
    void sourcesAndCachesInTheWorkspaceHoldNone() {
        String container = EngineSocket.containers(tree).get(0);
        String image = EngineSocket.imageOf(container);
        String search = "ls /go/src/k8s.io/kubernetes/.git/HEAD; grep -rlaF --exclude-dir=proc --exclude-dir=sys "
                + SECRET + " / || echo none";
        String found = HostCommand.of(
                        tree.directory(),
                        "docker",
                        "run",
                        "--rm",
                        "--network=none",
                        "--user=0",
                        "--volumes-from=" + container,
                        "--entrypoint=bash",
                        image,
                        "-c",
                        search)
                .succeeds();
        assertThat(found.lines()).containsExactly("/go/src/k8s.io/kubernetes/.git/HEAD", "none");
    }

    @Test
    void outputsRecordsAndTheUsersCacheHoldNone() throws IOException {
        for (Path start : List.of(tree.file("_output"), home.resolve("cache"))) {
            try (Stream<Path> files = Files.walk(start)) {
                for (Path file : files.filter(found -> Files.isRegularFile(found, LinkOption.NOFOLLOW_LINKS))
                        .toList()) {
                    assertThat(holdsSecret(file)).as(file.toString()).isFalse();
                }
            }
        }
    }

    @Test
    void anAddressWithAPasswordIsNotRepeatedInErrors() {
        MavenResult failed = release()
                .run("-X")
                .environment("DOCKER_HOST", "tcp://eve:" + SECRET + "engine@127.0.0.1:9")
                .execute()
                .says("the Docker engine 'tcp://***@127.0.0.1:9' (from DOCKER_HOST) cannot be used");
        assertThat(failed.exitCode()).isNotZero();
        assertThat(linesWithSecrets(failed.log())).isEmpty();
    }

    private static List<String> linesWithSecrets(String log) {
        return log.lines().filter(line -> line.contains(SECRET)).toList();
    }

    private static boolean holdsSecret(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream content = file.toString().endsWith("gz") ? new GZIPInputStream(in) : in) {
            return holds(new BufferedInputStream(content, 1 << 16), SECRET.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** No beginning of the word is another part of it, so one place to go on from is enough. */
    private static boolean holds(InputStream content, byte[] word) throws IOException {
        int matched = 0;
        for (int next = content.read(); next >= 0 && matched < word.length; next = content.read()) {
            matched = next == word[matched] ? matched + 1 : next == word[0] ? 1 : 0;
        }
        return matched == word.length;
    }
}
