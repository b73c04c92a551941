package io.kubebuild.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Maven, Java, Go, curl and docker write, and what it comes to. */
class NoProxyTest {

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource({
        "nexus.corp.example, https://Nexus.corp.example:5000",
        "corp.example, https://nexus.corp.example:5000",
        ".corp.example, https://nexus.corp.example",
        "*.corp.example, https://nexus.corp.example",
        "nexus*.corp.example, https://nexus7.corp.example",
        "nexus*, https://nexus7.corp.example",
        "*example, https://nexus.corp.example",
        "*, https://nexus.corp.example",
        "nexus.corp.example:5000, https://nexus.corp.example:5000",
        "nexus.corp.example:443, https://nexus.corp.example",
        "nexus.corp.example:80, http://nexus.corp.example/v2/",
        "nexus.corp.example., https://nexus.corp.example",
        "10.*, https://10.1.2.3:5000",
        "10.*.*.*, https://10.1.2.3",
        "192.168.*, https://192.168.7.7",
        "10.0.0.0/8, https://10.1.2.3",
        "10.1.2.0/23, https://10.1.3.255",
        "10.1.2.3, https://10.1.2.3:5000",
        "10.1.2.3:5000, https://10.1.2.3:5000",
        "[fd00::1], https://[fd00::1]:5000",
        "fd00::1, https://[fd00:0:0::0001]",
        "[fd00::1]:5000, https://[fd00::1]:5000",
        "fd00::/8, https://[fd12::7]",
        "other.example, https://localhost:5000",
        "other.example, http://127.0.0.1:5000",
        "other.example, https://[::1]:5000",
    })
    void isReachedDirectly(String word, URI target) {
        assertThat(NoProxy.of(word).covers(target)).isTrue();
        assertThat(NoProxy.of("x, y," + word).covers(target)).isTrue();
    }

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource({
        "orp.example, https://nexus.corp.example",
        "nexus, https://nexus.corp.example",
        ".nexus.corp.example, https://nexus.corp.example",
        "*.nexus.corp.example, https://nexus.corp.example",
        "nexus*.corp.example, https://my-nexus7.corp.example",
        "nexus*.corp.example, https://nexus7.corp.example.com",
        "nexus.corp.example:443, https://nexus.corp.example:5000",
        "nexus.corp.example:443, http://nexus.corp.example",
        "10.*, https://100.1.2.3",
        "10.*, https://10.example.com",
        "10.0.0.0/8, https://11.1.2.3",
        "10.1.2.0/23, https://10.1.4.0",
        "10.0.0.0/33, https://10.0.0.1",
        "10.1.2.3:5000, https://10.1.2.3",
        "fd00::/8, https://[fe00::1]",
        "0.0.0.0/0, https://[fe00::1]",
        "0.0.0.0/0, https://registry.example",
    })
    void isReachedThroughTheProxy(String word, URI target) {
        assertThat(NoProxy.of(word).covers(target)).isFalse();
    }

    @Test
    void aNameMeansItselfAloneToMavenAndAllBelowToOthers() {
        URI below = URI.create("https://nexus.corp.example");

        assertThat(NoProxy.of("corp.example").covers(below)).isTrue();
        assertThat(NoProxy.ofMaven("localhost|corp.example").covers(below)).isFalse();
        assertThat(NoProxy.ofMaven("localhost|corp.example").covers(URI.create("https://corp.example")))
                .isTrue();
        assertThat(NoProxy.ofMaven("localhost | *.corp.example").covers(below)).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '=',
            value = {
                "localhost|*.corp|10.* = localhost,.corp,10.0.0.0/8",
                "192.168.*.*|172.16.1.* = 192.168.0.0/16,172.16.1.0/24",
                "nexus*.corp = .corp",
                "n*.s*.corp.example:5000 = .corp.example:5000",
                "*example.com = example.com",
                ".corp,corp.example:5000 = .corp,corp.example:5000",
                "10.0.0.0/8,10.1.2.3,10.1.2.3:5000 = 10.0.0.0/8,10.1.2.3,10.1.2.3:5000",
                "10.*:5000 = 10.0.0.0/8",
                "[::1]|::1|[::1]:5000 = ::1,[::1]:5000",
                "* = *",
                "NEXUS.Corp = nexus.corp",
                "nexus* = ''",
                "nexus.* = ''",
            })
    void reachesProgramsInWordsOfGoAndCurl(String written, String told) {
        assertThat(NoProxy.ofMaven(written).forPrograms()).isEqualTo(told);
        assertThat(NoProxy.of(written).forPrograms()).isEqualTo(told);
    }

    @Test
    void saysWhatProgramsAreToldOtherwise() {
        assertThat(NoProxy.of("localhost,*.corp,10.*,10.0.0.0/8,[::1]:80,*").inexact())
                .isEmpty();
        assertThat(NoProxy.of("nexus*.corp,10.*:5000,nexus*").inexact())
                .containsExactly(
                        "'nexus*.corp' is '.corp' to programs in containers, the nearest that they understand",
                        "'10.*:5000' is '10.0.0.0/8' to programs in containers, the nearest that they understand",
                        "'nexus*' holds for what the plugin fetches itself; programs in containers cannot be told so,"
                                + " and use the proxy");
    }

    @Test
    void asksNobodyForTheNameOfWhatLooksLikeAnAddress() {
        assertThat(NoProxy.of("10.0.0.0/8").covers(URI.create("https://10.0.0.999")))
                .isFalse();
        assertThat(NoProxy.isNetwork("10.0.0.999/8")).isFalse();
        assertThat(NoProxy.isNetwork("fd00::/129")).isFalse();
        assertThat(NoProxy.isNetwork("fd00::/64")).isTrue();
    }
}
