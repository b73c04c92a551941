package io.kubebuild.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.net.Proxy;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WebProxiesTest {

    private static final URI HTTP = URI.create("http://127.0.0.1:3128");
    private static final URI HTTPS = URI.create("http://127.0.0.2:3129");

    private static WebProxies direct(String hosts) {
        return WebProxies.of(Optional.of(HTTP.toString()), Optional.of(HTTPS.toString()), NoProxy.of(hosts));
    }

    @Test
    void eachSchemeHasItsOwn() {
        assertThat(direct("").between(URI.create("http://registry.example"))).contains(HTTP);
        assertThat(direct("").between(URI.create("https://registry.example:5000")))
                .contains(HTTPS);
        assertThat(WebProxies.OF_JVM.between(URI.create("https://registry.example")))
                .isEmpty();
    }

    @Test
    void javasClientGetsTheProxyOfEachAddress() {
        assertThat(direct("nexus.example").selector().select(URI.create("https://registry.example/x")))
                .hasToString("[HTTP @ /127.0.0.2:3129]");
        assertThat(direct("nexus.example").selector().select(URI.create("http://registry.example/x")))
                .hasToString("[HTTP @ /127.0.0.1:3128]");
        assertThat(direct("nexus.example").selector().select(URI.create("https://nexus.example/x")))
                .containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void anEmptyTextIsNone() {
        WebProxies proxies = WebProxies.of(Optional.of(""), Optional.of(HTTPS.toString()), NoProxy.NONE);

        assertThat(proxies.http()).isEmpty();
        assertThat(proxies.all()).containsExactly(HTTPS);
        assertThat(WebProxies.of(Optional.empty(), Optional.of(""), NoProxy.NONE)
                        .said())
                .as("the JVM's do not count")
                .isTrue();
        assertThat(WebProxies.of(Optional.empty(), Optional.empty(), NoProxy.NONE))
                .isEqualTo(WebProxies.OF_JVM);
    }

    @Test
    void aProxyThatIsNoUrlIsRefusedWithoutShowingItsPassword() {
        assertThatThrownBy(
                        () -> WebProxies.of(Optional.of("http://ann:p@ss hush@proxy"), Optional.empty(), NoProxy.NONE))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube.httpProxy")
                .hasMessageNotContaining("hush");
    }

    @Test
    void showsNoPassword() {
        assertThat(WebProxies.of(Optional.of("http://ann:secret@proxy:1"), Optional.empty(), NoProxy.of("a,.b")))
                .hasToString("WebProxies[[proxy], direct=a,.b]");
    }
}
