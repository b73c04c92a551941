package io.kubebuild.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProxiesTest {

    private static final Map<String, String> OF_DOCKER = Map.of(
            "HTTP_PROXY", "http://docker:1",
            "HTTPS_PROXY", "http://docker:2",
            "ALL_PROXY", "socks5://docker:3",
            "FTP_PROXY", "http://docker:4",
            "NO_PROXY", "*.docker,10.*");

    private static Map<String, String> upper(Optional<String> http, Optional<String> https, String direct) {
        Map<String, String> both = Proxies.inBothCases(
                new NetworkSettings(
                        http,
                        https,
                        NoProxy.ofMaven(direct),
                        Map.of(),
                        CredentialSource.NONE,
                        Optional.empty(),
                        List.of()),
                OF_DOCKER);
        Map<String, String> upper = new TreeMap<>(both);
        upper.keySet().removeIf(name -> !name.equals(name.toUpperCase(Locale.ROOT)));
        assertThat(both).hasSize(2 * upper.size());
        return upper;
    }

    @Test
    void whatNobodySaysDockerSaysInWordsThatProgramsKnow() {
        assertThat(upper(Optional.empty(), Optional.empty(), ""))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "HTTP_PROXY", "http://docker:1",
                        "HTTPS_PROXY", "http://docker:2",
                        "ALL_PROXY", "socks5://docker:3",
                        "FTP_PROXY", "http://docker:4",
                        "NO_PROXY", ".docker,10.0.0.0/8"));
    }

    @Test
    void whatTheRequestSaysComesBeforeDocker() {
        assertThat(upper(Optional.of("http://mine:1"), Optional.empty(), "*.mine"))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("HTTP_PROXY", "http://mine:1", "HTTPS_PROXY", "http://docker:2", "NO_PROXY", ".mine"));
    }

    @Test
    void noneIsSaidToo() {
        assertThat(upper(Optional.of(""), Optional.of(""), "")).isEqualTo(Map.of("NO_PROXY", ".docker,10.0.0.0/8"));
        assertThat(upper(Optional.of(""), Optional.empty(), "nexus*"))
                .isEqualTo(Map.of("HTTPS_PROXY", "http://docker:2"));
    }
}
