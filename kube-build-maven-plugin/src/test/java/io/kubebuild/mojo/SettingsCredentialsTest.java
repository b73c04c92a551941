package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.problem.KubeException;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.junit.jupiter.api.Test;

class SettingsCredentialsTest {

    private final FakeDecrypter decrypter = new FakeDecrypter();
    private final Settings settings = new Settings();

    @Test
    void findsAServerByTheRegistryWithOrWithoutItsPort() {
        server("nexus.example.com", "host", "{c2VjcmV0}");
        server("nexus.example.com:5000", "port", "plain");

        assertThat(credentials().find("nexus.example.com:5000", "team/app"))
                .map(RegistryCredentials::username)
                .contains("port");
        assertThat(credentials().find("nexus.example.com:5001", "team/app"))
                .map(RegistryCredentials::username)
                .contains("host");
        assertThat(credentials().find("nexus.example.com", "team/app"))
                .map(RegistryCredentials::secret)
                .contains("decrypted c2VjcmV0");
        assertThat(credentials().find("other.example.com", "team/app")).isEmpty();
    }

    @Test
    void twoRobotsOfOneHostAreEachForTheirOwnRepository() {
        server("nexus.example.com:5000", "all", "plain");
        server("nexus.example.com/team", "team", "plain");
        server("nexus.example.com:5000/team/app", "app", "plain");
        server("docker.io/library", "official", "plain");

        assertThat(user("nexus.example.com:5000", "team/app")).isEqualTo("app");
        assertThat(user("nexus.example.com:5000", "team/other")).isEqualTo("team");
        assertThat(user("nexus.example.com:5000", "other/app")).isEqualTo("all");
        assertThat(user("nexus.example.com", "other/app")).isEqualTo("nobody");
        assertThat(user("docker.io", "library/debian")).isEqualTo("official");
    }

    private String user(String registry, String repository) {
        return credentials()
                .find(registry, repository)
                .map(RegistryCredentials::username)
                .orElse("nobody");
    }

    @Test
    void saysWhereCredentialsCameFromAndNeverShowsTheSecret() {
        server("nexus.example.com", "me", "plain");

        assertThat(credentials().find("nexus.example.com", "team/app"))
                .get()
                .asString()
                .contains("settings.xml server 'nexus.example.com'")
                .doesNotContain("plain");
    }

    @Test
    void decryptsOnlyTheServerThatIsAskedFor() {
        server("broken.example.com", "me", "{broken}");
        server("nexus.example.com", "me", "{c2VjcmV0}");

        assertThat(credentials().find("nexus.example.com", "team/app")).isPresent();
        assertThat(decrypter.asked).containsExactly("nexus.example.com");
    }

    @Test
    void aPasswordThatCannotBeDecryptedIsTheUsersProblem() {
        server("broken.example.com", "me", "{broken}");

        assertThatThrownBy(() -> credentials().find("broken.example.com", "team/app"))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("server 'broken.example.com' in settings.xml cannot be decrypted");
    }

    @Test
    void dockersOwnRegistryGoesByAnyOfItsNames() {
        server("docker.io", "me", "plain");

        assertThat(credentials().find("registry-1.docker.io", "team/app")).isPresent();
    }

    @Test
    void aServerWithoutAPasswordIsNone() {
        Server server = new Server();
        server.setId("nexus.example.com");
        settings.addServer(server);

        assertThat(credentials().find("nexus.example.com", "team/app")).isEmpty();
    }

    @Test
    void proxiesBecomeUrlsWithTheirRealCredentials() {
        proxy("http", true, "me@home", "{p w}", "localhost|*.example.com | 10.0.0.1");

        ProxySettings proxies = ProxySettings.of(settings, decrypter);

        assertThat(proxies.http()).contains("http://me%40home:decrypted%20p%20w@proxy.example.com:3128");
        assertThat(proxies.https()).isEqualTo(proxies.http());
        assertThat(proxies.noProxy()).hasToString("localhost,*.example.com,10.0.0.1");
        assertThat(proxies.toString()).doesNotContain("decrypted");
    }

    @Test
    void hostsThatAnyActiveProxyIsNotForAreReachedDirectly() {
        proxy("http", true, "", "", "localhost|*.one.example");
        proxy("https", true, "", "", "localhost|10.*");
        proxy("https", false, "", "", "*.inactive.example");
        settings.getProxies().get(1).setHost("secure.example.com");

        ProxySettings proxies = ProxySettings.of(settings, decrypter);

        assertThat(proxies.https()).contains("http://secure.example.com:3128");
        assertThat(proxies.noProxy()).hasToString("localhost,*.one.example,10.*");
        assertThat(proxies.noProxy().forPrograms()).isEqualTo("localhost,.one.example,10.0.0.0/8");
    }

    @Test
    void onlyActiveProxiesCount() {
        proxy("http", false, "", "", "*.example.com");

        assertThat(ProxySettings.of(settings, decrypter).http()).isEmpty();
        assertThat(ProxySettings.of(settings, decrypter).noProxy().isEmpty()).isTrue();
    }

    private SettingsCredentials credentials() {
        return new SettingsCredentials(settings, decrypter);
    }

    private void server(String id, String user, String password) {
        Server server = new Server();
        server.setId(id);
        server.setUsername(user);
        server.setPassword(password);
        settings.addServer(server);
    }

    private void proxy(String protocol, boolean active, String user, String password, String direct) {
        Proxy proxy = new Proxy();
        proxy.setId("corporate");
        proxy.setProtocol(protocol);
        proxy.setActive(active);
        proxy.setHost("proxy.example.com");
        proxy.setPort(3128);
        proxy.setUsername(user);
        proxy.setPassword(password);
        proxy.setNonProxyHosts(direct);
        settings.addProxy(proxy);
    }
}
