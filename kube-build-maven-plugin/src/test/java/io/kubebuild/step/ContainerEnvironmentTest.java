package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.BuildRequest.GoSettings;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.request.PackagingSettings;
import io.kubebuild.request.Proxies;
import io.kubebuild.testing.Requests;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ContainerEnvironmentTest {

    private static Requests plain() {
        return Requests.of(Path.of("/tree"), Path.of("/home"));
    }

    @Test
    void isWhatUpstreamGivesItsBuildContainerAndThePinnedGo() {
        assertThat(ContainerEnvironment.of(plain().build(), List.of("linux/amd64", "linux/arm64"), 12, "linux-gnu"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "KUBE_FASTBUILD", "false",
                        "KUBE_BUILDER_OS", "linux-gnu",
                        "KUBE_BUILD_PLATFORMS", "linux/amd64 linux/arm64",
                        "GOFLAGS", "",
                        "GOGCFLAGS", "",
                        "SOURCE_DATE_EPOCH", "12",
                        "GOTOOLCHAIN", "local",
                        "FORCE_HOST_GO", "y"));
    }

    @Test
    void linkerFlagsThatAreSetButEmptyAreOtherThanNone() {
        GoSettings empty = new GoSettings(Optional.empty(), Optional.of(""), Optional.empty(), false);

        assertThat(ContainerEnvironment.of(plain().build(), List.of(), 0, "")).doesNotContainKey("GOLDFLAGS");
        assertThat(ContainerEnvironment.of(plain().go(empty).build(), List.of(), 0, ""))
                .containsEntry("GOLDFLAGS", "");
    }

    @Test
    void proxiesAndVerbosityReachContainersAndNoFingerprint() {
        NetworkSettings proxied = new NetworkSettings(
                Optional.of("http://a.example:1"),
                Optional.of("http://b.example:2"),
                NoProxy.of("c.example"),
                Map.of(),
                CredentialSource.NONE,
                Optional.of("https://modules.example"),
                List.of());
        BuildRequest request = plain().network(proxied).verbose("4").build();

        assertThat(ContainerEnvironment.ofContainerAlone(request, Proxies.inBothCases(proxied)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "KUBE_VERBOSE", "4",
                        "GOPROXY", "https://modules.example",
                        "HTTP_PROXY", "http://a.example:1",
                        "http_proxy", "http://a.example:1",
                        "HTTPS_PROXY", "http://b.example:2",
                        "https_proxy", "http://b.example:2",
                        "NO_PROXY", "c.example",
                        "no_proxy", "c.example"));
        assertThat(ContainerEnvironment.of(request, List.of(), 0, ""))
                .isEqualTo(ContainerEnvironment.of(plain().build(), List.of(), 0, ""));
        assertThat(ContainerEnvironment.ofContainerAlone(plain().build(), Map.of()))
                .isEmpty();
    }

    @Test
    void packagingSettingsThatNobodyGaveStayTheTrees() {
        assertThat(ContainerEnvironment.ofPackaging(plain().build()))
                .containsExactly(Map.entry("KUBE_BUILD_PULL_LATEST_IMAGES", "n"));
        assertThat(ContainerEnvironment.ofPackaging(
                        plain().images(Optional.of(false), Optional.of(true)).build()))
                .containsEntry("KUBE_BUILD_CONFORMANCE", "n")
                .containsEntry("KUBE_BUILD_HYPERKUBE", "y");
        PackagingSettings mine =
                new PackagingSettings(new TreeMap<>(Map.of("KUBE_GORUNNER_IMAGE", "mine")), Optional.of(true));
        assertThat(ContainerEnvironment.ofPackaging(plain().scripts(mine).build()))
                .containsEntry("KUBE_GORUNNER_IMAGE", "mine")
                .containsEntry("KUBE_BUILD_MONDO_TEST_TARBALL", "y");
    }
}
