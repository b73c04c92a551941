package io.kubebuild.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.http.NoProxy;
import io.kubebuild.image.CredentialSource;
import io.kubebuild.request.BuildRequest.GoSettings;
import io.kubebuild.request.BuildRequest.NetworkSettings;
import io.kubebuild.testing.Requests;
import io.kubebuild.tree.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RequestFingerprintTest {

    private static final Platform LINUX = new Platform("linux", "amd64");

    private static Requests plain() {
        return Requests.of(Path.of("/tree"), Path.of("/home"));
    }

    private static String of(Requests requests) {
        return RequestFingerprint.of(requests.build());
    }

    @Test
    void theSameRequestHasTheSameFingerprint() {
        assertThat(of(plain())).isEqualTo(of(plain()));
    }

    @Test
    void whatChangesWhatIsBuiltCounts() {
        Optional<String> none = Optional.empty();

        assertThat(List.of(
                        of(plain()),
                        of(plain().platforms("linux/amd64")),
                        of(plain().targets("cmd/kubectl")),
                        of(plain().images(Optional.of(true), Optional.empty())),
                        of(plain().images(Optional.of(false), Optional.empty())),
                        of(plain().images(Optional.empty(), Optional.of(true))),
                        of(plain().gitVersion("v1.20.3")),
                        of(plain().go(new GoSettings(Optional.of(""), none, none, false))),
                        of(plain().go(new GoSettings(none, Optional.of(""), none, false))),
                        of(plain().go(new GoSettings(none, none, Optional.of("-N"), false))),
                        of(plain().scripts(binaries(true, false, false, List.of(), List.of(), Map.of()))),
                        of(plain().scripts(binaries(false, true, false, List.of(), List.of(), Map.of()))),
                        of(plain().scripts(binaries(false, false, true, List.of(), List.of(), Map.of()))),
                        of(plain().scripts(binaries(false, false, false, List.of("a"), List.of(), Map.of()))),
                        of(plain().scripts(binaries(false, false, false, List.of(), List.of("a"), Map.of()))),
                        of(plain().scripts(binaries(false, false, false, List.of(), List.of(), Map.of(LINUX, "gcc")))),
                        of(plain().scripts(new ToolSettings(Optional.of("go1.22.5"), none, none))),
                        of(plain().scripts(new ToolSettings(none, Optional.of("mine/cross"), none))),
                        of(plain().scripts(new ToolSettings(none, none, Optional.of("v1")))),
                        of(plain().scripts(new PackagingSettings(
                                new TreeMap<>(Map.of("KUBE_GORUNNER_IMAGE", "mine")), Optional.empty()))),
                        of(plain().scripts(new PackagingSettings(new TreeMap<>(), Optional.of(true)))),
                        of(plain().scripts(new PackagingSettings(new TreeMap<>(), Optional.of(false)))),
                        of(plain().variable("SOURCE_DATE_EPOCH", "1")),
                        of(plain().variable("KUBE_GIT_VERSION", "v1")),
                        of(plain().variable("KUBE_CROSS_VERSION", "v1"))))
                .doesNotHaveDuplicates();
    }

    private static BinarySettings binaries(
            boolean debug,
            boolean race,
            boolean coverage,
            List<String> cgo,
            List<String> statics,
            Map<Platform, String> compilers) {
        return new BinarySettings(debug, race, coverage, cgo, statics, new TreeMap<>(compilers));
    }

    @Test
    void whereAndOverWhichNetworkItIsBuiltAndHowItIsToldDoesNotCount() {
        NetworkSettings proxied = new NetworkSettings(
                Optional.of("http://proxy.example:8080"),
                Optional.empty(),
                NoProxy.of("example"),
                Map.of("k8s.gcr.io", List.of("mirror.example")),
                CredentialSource.NONE,
                Optional.of("https://modules.example"),
                List.of(Path.of("/etc/company.pem")));

        assertThat(List.of(
                        of(plain().network(proxied)),
                        of(plain().verbose("5")),
                        of(plain().force(true)),
                        of(plain().workspaceId("agent")),
                        of(plain().output(Path.of("/elsewhere"))),
                        of(plain().variable("DOCKER_HOST", "tcp://engine.example:2375")),
                        of(plain().variable("TERM", "dumb"))))
                .containsOnly(of(plain()));
    }
}
