package io.kubebuild.image.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistryProxiesTest {

    private static final URI HTTP = URI.create("http://one.example:3128");
    private static final URI HTTPS = URI.create("http://two.example:3128");

    private static RegistryProxies direct(String hosts) {
        return RegistryProxies.of(Optional.of(HTTP.toString()), Optional.of(HTTPS.toString()), Optional.of(hosts));
    }

    @Test
    void eachSchemeHasItsOwn() {
        assertThat(direct("").between(URI.create("http://registry.example"))).contains(HTTP);
        assertThat(direct("").between(URI.create("https://registry.example:5000")))
                .contains(HTTPS);
        assertThat(RegistryProxies.NONE.between(URI.create("https://registry.example")))
                .isEmpty();
    }

    @Test
    void hostsAreReachedDirectlyAsMavenCurlAndDockerWriteThem() {
        URI target = URI.create("https://Nexus.corp.example:5000");

        for (String hosts : new String[] {
            "nexus.corp.example",
            "corp.example",
            ".corp.example",
            "*.corp.example",
            "*",
            "x, nexus.corp.example:5000",
            "localhost|*.EXAMPLE"
        }) {
            assertThat(direct(hosts).between(target)).as(hosts).isEmpty();
        }
        for (String hosts :
                new String[] {"", "orp.example", "nexus", "nexus.corp.example:443", ".nexus.corp.example"}) {
            assertThat(direct(hosts).between(target)).as(hosts).contains(HTTPS);
        }
    }

    @Test
    void aProxyThatIsNoUrlIsRefusedWithoutShowingItsPassword() {
        assertThatThrownBy(() -> RegistryProxies.of(
                        Optional.of("http://ann:p@ss hush@proxy"), Optional.empty(), Optional.empty()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube.httpProxy")
                .hasMessageNotContaining("hush");
    }

    @Test
    void showsNoPassword() {
        assertThat(RegistryProxies.of(Optional.of("http://ann:secret@proxy:1"), Optional.empty(), Optional.empty()))
                .hasToString("RegistryProxies[[proxy], direct=[]]");
    }
}
