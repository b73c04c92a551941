package io.kubebuild.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerProxiesTest {

    private static final String BOTH = """
            {"proxies": {
              "default": {"httpProxy": "http://all:1", "httpsProxy": "http://all:2", "noProxy": "*.corp", "allProxy": "socks5://all:3"},
              "tcp://engine.example:2375": {"httpsProxy": "http://one:1", "ftpProxy": " "}
            }}""";

    private final Path home;

    DockerProxiesTest(@TempDir Path home) {
        this.home = home;
    }

    @Test
    void anEngineHasItsOwnElseThoseOfAllAndNeverSomeOfEach() throws IOException {
        write(home.resolve(".docker"), BOTH);
        DockerProxies proxies = DockerProxies.read(Map.of(), home);

        assertThat(proxies.of("unix:///var/run/docker.sock"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "HTTP_PROXY", "http://all:1",
                        "HTTPS_PROXY", "http://all:2",
                        "ALL_PROXY", "socks5://all:3",
                        "NO_PROXY", "*.corp"));
        assertThat(proxies.of("tcp://engine.example:2375")).isEqualTo(Map.of("HTTPS_PROXY", "http://one:1"));
        assertThat(proxies.of("https://engine.example:2375/")).isEqualTo(Map.of("HTTPS_PROXY", "http://one:1"));
    }

    @Test
    void areReadFromTheDirectoryOfDockerConfig() throws IOException {
        write(home.resolve("elsewhere"), BOTH);

        assertThat(DockerProxies.read(Map.of(), home).isEmpty()).isTrue();
        assertThat(DockerProxies.read(
                                Map.of(
                                        "DOCKER_CONFIG",
                                        home.resolve("elsewhere").toString()),
                                home)
                        .isEmpty())
                .isFalse();
    }

    @Test
    void aFileWithoutAnyHasNone() throws IOException {
        for (String text : new String[] {"{\"auths\":{}}", "{\"proxies\":{}}", "[]", "half {"}) {
            write(home.resolve(".docker"), text);
            assertThat(DockerProxies.read(Map.of(), home).of("unix:///var/run/docker.sock"))
                    .as(text)
                    .isEmpty();
        }
    }

    private static void write(Path directory, String text) throws IOException {
        Files.writeString(Files.createDirectories(directory).resolve("config.json"), text);
    }
}
