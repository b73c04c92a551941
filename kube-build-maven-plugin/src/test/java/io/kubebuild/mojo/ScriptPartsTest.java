package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BinarySettings;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.PackagingSettings;
import io.kubebuild.request.ScriptSettings;
import io.kubebuild.request.ToolSettings;
import io.kubebuild.tree.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From parameters and upstream's variables to what the tree's scripts are told. */
class ScriptPartsTest {

    private static final Platform ARM64 = new Platform("linux", "arm64");
    private static final Platform S390X = new Platform("linux", "s390x");

    private final Path directory;

    ScriptPartsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private GoalBench step() {
        return GoalBench.of(new SyncMojo(), "sync", directory);
    }

    @Test
    void withoutAnyParameterAllIsAsTheTreeHasIt() {
        assertThat(step().request().scripts()).isEqualTo(ScriptSettings.NONE);
    }

    @Test
    void everyParameterReachesTheRequest() {
        BuildRequest request = step().property("kube.debug", "true")
                .property("kube.race", "true")
                .property("kube.coverage", "true")
                .property("kube.cgoOverrides", "kube-apiserver,kubectl")
                .property("kube.staticOverrides", "kubelet kubeadm")
                .property("kube.compilers", "linux/arm64=gcc-a,linux/s390x=gcc-b")
                .property("kube.goToolchain", "go1.22rc1")
                .property("kube.goProxy", "https://modules.example|direct")
                .property("kube.crossImage", "registry.example.com:5000/go/cross")
                .property("kube.crossVersion", "v1.22.5-1")
                .property("kube.baseImages", "go-runner=mine:v1,setcap=debian:12")
                .property("kube.mondoTestTarball", "false")
                .property("kube.cgroupParent", "builds.slice")
                .request();

        assertThat(request.scripts())
                .isEqualTo(new ScriptSettings(
                        new BinarySettings(
                                true,
                                true,
                                true,
                                List.of("kube-apiserver", "kubectl"),
                                List.of("kubelet", "kubeadm"),
                                new TreeMap<>(Map.of(ARM64, "gcc-a", S390X, "gcc-b"))),
                        new ToolSettings(
                                Optional.of("go1.22rc1"),
                                Optional.of("registry.example.com:5000/go/cross"),
                                Optional.of("v1.22.5-1")),
                        new PackagingSettings(
                                new TreeMap<>(Map.of(
                                        "KUBE_GORUNNER_IMAGE", "mine:v1", "KUBE_BUILD_SETCAP_IMAGE", "debian:12")),
                                Optional.of(false))));
        assertThat(request.go().byMake()).as("coverage needs make").isTrue();
        assertThat(request.network().goProxy()).contains("https://modules.example|direct");
        assertThat(request.engine().cgroupParent()).contains("builds.slice");
    }

    @Test
    void upstreamsVariablesAreTheLowestRankingDefaults() {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "DBG", "1",
                "KUBE_RACE", "-race",
                "KUBE_BUILD_WITH_COVERAGE", "y",
                "KUBE_CGO_OVERRIDES", "kubectl kubeadm",
                "KUBE_STATIC_OVERRIDES", "kubelet",
                "KUBE_LINUX_ARM64_CC", "gcc-of-variable",
                "KUBE_LINUX_S390X_CC", "gcc -m64"));
        environment.putAll(Map.of(
                "GOTOOLCHAIN", "go1.22.5",
                "GOPROXY", "off",
                "KUBE_CROSS_IMAGE", "mine/cross",
                "KUBE_CROSS_VERSION", "v1",
                "KUBE_PROXY_BASE_IMAGE", "mine/iptables:v1",
                "KUBE_GORUNNER_IMAGE", "mine/runner:v1",
                "KUBE_BUILD_MONDO_TEST_TARBALL", "y",
                "DOCKER_CGROUP_PARENT", "/builds",
                "KUBE_GOFLAGS", "-v"));
        BuildRequest request = step().environment(environment).request();
        BuildRequest given = step().environment(environment)
                .property("kube.debug", "false")
                .property("kube.race", "false")
                .property("kube.coverage", "false")
                .property("kube.cgoOverrides", "kube-proxy")
                .property("kube.compilers", "linux/arm64=gcc-of-mine")
                .property("kube.goToolchain", "local")
                .property("kube.crossVersion", "v2")
                .property("kube.baseImages", "kube-proxy=mine/iptables:v2")
                .property("kube.goFlags", "-x")
                .request();

        BinarySettings binaries = request.scripts().binaries();
        assertThat(binaries.debug()).isTrue();
        assertThat(binaries.race()).isTrue();
        assertThat(binaries.coverage()).isTrue();
        assertThat(binaries.cgo()).containsExactly("kubectl", "kubeadm");
        assertThat(binaries.statics()).containsExactly("kubelet");
        assertThat(binaries.compilers()).isEqualTo(Map.of(ARM64, "gcc-of-variable", S390X, "gcc -m64"));
        assertThat(request.scripts().tools())
                .isEqualTo(new ToolSettings(Optional.of("go1.22.5"), Optional.of("mine/cross"), Optional.of("v1")));
        assertThat(request.scripts().packaging())
                .isEqualTo(new PackagingSettings(
                        new TreeMap<>(Map.of(
                                "KUBE_PROXY_BASE_IMAGE", "mine/iptables:v1", "KUBE_GORUNNER_IMAGE", "mine/runner:v1")),
                        Optional.of(true)));
        assertThat(request.network().goProxy()).contains("off");
        assertThat(request.engine().cgroupParent()).contains("/builds");
        assertThat(request.go().goFlags()).contains("-v");

        assertThat(given.scripts().binaries())
                .isEqualTo(new BinarySettings(
                        false,
                        false,
                        false,
                        List.of("kube-proxy"),
                        List.of("kubelet"),
                        new TreeMap<>(Map.of(ARM64, "gcc-of-mine", S390X, "gcc -m64"))));
        assertThat(given.scripts().tools())
                .isEqualTo(new ToolSettings(Optional.of("local"), Optional.of("mine/cross"), Optional.of("v2")));
        assertThat(given.scripts().packaging().baseImages())
                .isEqualTo(
                        Map.of("KUBE_PROXY_BASE_IMAGE", "mine/iptables:v2", "KUBE_GORUNNER_IMAGE", "mine/runner:v1"));
        assertThat(given.go().goFlags()).contains("-x");
    }

    @Test
    void autoIsNoToolchain() {
        assertThat(step().environment(Map.of("GOTOOLCHAIN", "auto"))
                        .request()
                        .scripts()
                        .tools()
                        .goToolchain())
                .isEmpty();
    }

    @Test
    void theLanguageIsNoReleaseOfGoThatCouldBeFetched() {
        assertThatThrownBy(() -> step().property("kube.goToolchain", "go1.22").request())
                .hasMessageContaining("-Dkube.goToolchain=go1.22 is not valid");
        assertThat(step().property("kube.goToolchain", "go1.20")
                        .request()
                        .scripts()
                        .tools()
                        .goToolchain())
                .contains("go1.20");
    }

    @Test
    void reportsEveryBadValueAtOnce() {
        GoalBench bench = step().environment(Map.of(
                        "KUBE_RACE", "y",
                        "DBG", "yes",
                        "KUBE_GOFLAGS", "-v",
                        "GOFLAGS", "-x",
                        "KUBE_GORUNNER_IMAGE", "No Image",
                        "DOCKER_CGROUP_PARENT", "a b"))
                .property("kube.coverage", "true")
                .property("kube.compiler", "plan")
                .property("kube.cgoOverrides", "cmd/kubectl,kubeadm")
                .property("kube.compilers", "linux-arm64=gcc,gcc")
                .property("kube.goToolchain", "1.22")
                .property("kube.goProxy", "modules.example")
                .property("kube.crossImage", "kube-cross:v1")
                .property("kube.crossVersion", "v 1")
                .property("kube.baseImages", "runner=mine,setcap=:")
                .property("kube.mondoTestTarball", "y");

        assertThatThrownBy(bench::request)
                .isInstanceOfSatisfying(KubeException.class, error -> assertThat(error.problems())
                        .extracting(Problem::what)
                        .containsExactlyInAnyOrder(
                                "KUBE_RACE=y is not valid",
                                "DBG=yes is not valid",
                                "KUBE_GOFLAGS and GOFLAGS are both set in the environment",
                                "KUBE_GORUNNER_IMAGE=No Image is not valid",
                                "DOCKER_CGROUP_PARENT=a b is not valid",
                                "kube.compiler is plan, and kube.coverage needs make",
                                "-Dkube.cgoOverrides=cmd/kubectl is not valid",
                                "kube.compilers has linux-arm64=gcc, which is for no platform",
                                "-Dkube.compilers=gcc is not valid",
                                "-Dkube.goToolchain=1.22 is not valid",
                                "-Dkube.goProxy=modules.example is not valid",
                                "-Dkube.crossImage=kube-cross:v1 is not valid",
                                "-Dkube.crossVersion=v 1 is not valid",
                                "kube.baseImages has runner=mine, which is for no base that can be chosen",
                                "kube.baseImages has setcap=:, which is no image",
                                "-Dkube.mondoTestTarball=y is not valid"));
    }
}
