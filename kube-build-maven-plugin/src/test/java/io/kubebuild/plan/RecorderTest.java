package io.kubebuild.plan;

import static io.kubebuild.plan.StubTree.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTest {

    private static final Platform LINUX = new Platform("linux", "amd64");
    private static final Map<String, String> DOCKERIZED = Map.of("KUBE_OUTPUT_SUBPATH", "_output/dockerized");
    private static final List<RequestedOutput> ALL = List.of(
            requested("cmd/alpha", "linux/amd64"),
            requested("cmd/beta", "linux/amd64"),
            requested("vendor/example.org/ginkgo", "linux/amd64"),
            requested("test/e2e/e2e.test", "linux/amd64"));

    private StubTree tree;

    @BeforeEach
    void makeTree(@TempDir Path directory) throws Exception {
        tree = StubTree.in(directory);
    }

    private Recording record(RecordRequest request) throws Exception {
        return new Recorder().record(tree.workspace(), request, line -> {});
    }

    @Test
    void recordsEveryCompileOfARequestedTargetAndRunsNone() throws Exception {
        Recording recording = record(RecordRequest.cross(DOCKERIZED, ALL));

        assertThat(recording.commands())
                .extracting(command -> command.verb() + " " + command.packages())
                .containsExactlyInAnyOrder(
                        "install [k8s.io/kubernetes/cmd/alpha]",
                        "install [k8s.io/kubernetes/cmd/beta, k8s.io/kubernetes/vendor/example.org/ginkgo]",
                        "install [k8s.io/kubernetes/vendor/example.org/ginkgo]",
                        "test [k8s.io/kubernetes/test/e2e]");
        assertThat(tree.calls()).noneMatch(call -> call.contains(" k8s.io/kubernetes"));
        assertThat(recording.toolchain()).isEqualTo(new Toolchain(LINUX, "go1.19.8", "/usr/local/go"));
    }

    @Test
    void reallyRunsWhatIsNotRequested() throws Exception {
        record(RecordRequest.cross(DOCKERIZED, ALL));

        assertThat(tree.calls()).anyMatch(call -> call.endsWith("|install ./tools/helper"));
        assertThat(tree.root().resolve("_output/dockerized/go/bin/helper")).exists();
    }

    /** With directories for all requested targets, and scripts that ask go what their packages are called. */
    private Map<String, String> listing() throws Exception {
        for (RequestedOutput output : ALL) {
            Files.createDirectories(tree.root().resolve(output.target().directory()));
        }
        Map<String, String> environment = new TreeMap<>(DOCKERIZED);
        environment.put("STUB_LISTS", "y");
        return environment;
    }

    private List<String> lists() throws Exception {
        return tree.calls().stream()
                .filter(call -> call.contains("|list "))
                .map(call -> call.substring(call.indexOf("|list ") + 1))
                .toList();
    }

    @Test
    void asksGoOnceForThePackagesOfAllRequestedTargets() throws Exception {
        Recording recording = record(RecordRequest.cross(listing(), ALL));

        assertThat(lists())
                .containsExactly(
                        "list -find -e -f {{.ImportPath}} {{.Dir}} ./cmd/alpha ./cmd/beta ./test/e2e ./vendor/example.org/ginkgo");
        assertThat(recording.commands())
                .extracting(command -> command.verb() + " " + command.packages())
                .containsExactlyInAnyOrder(
                        "install [k8s.io/kubernetes/cmd/alpha]",
                        "install [k8s.io/kubernetes/cmd/beta, k8s.io/kubernetes/vendor/example.org/ginkgo]",
                        "install [k8s.io/kubernetes/vendor/example.org/ginkgo]",
                        "test [k8s.io/kubernetes/test/e2e]");
    }

    @Test
    void asksGoAgainWhereItIsToldOtherwise() throws Exception {
        Map<String, String> environment = listing();
        Path cross = tree.root().resolve("hack/make-rules/cross.sh");
        Files.writeString(
                cross, Files.readString(cross).replace("make all WHAT=\"${tests", "GOFLAGS=x make all WHAT=\"${tests"));

        List<GoCommand> commands = record(RecordRequest.cross(environment, ALL)).commands();

        assertThat(lists())
                .containsSubsequence("list -find -e ./vendor/example.org/ginkgo", "list -find -e ./test/e2e")
                .hasSize(3);
        assertThat(commands)
                .extracting(GoCommand::packages)
                .contains(
                        List.of("k8s.io/kubernetes/k8s.io/kubernetesx/test/e2e"),
                        List.of("k8s.io/kubernetes/k8s.io/kubernetesx/vendor/example.org/ginkgo"));
    }

    @Test
    void asksGoItselfForWhatItDoesNotFindAmongAllRequested() throws Exception {
        Map<String, String> environment = listing();
        Files.delete(tree.root().resolve("cmd/beta"));

        record(RecordRequest.cross(environment, ALL));

        assertThat(lists())
                .containsExactly(
                        "list -find -e -f {{.ImportPath}} {{.Dir}} ./cmd/alpha ./test/e2e ./vendor/example.org/ginkgo",
                        "list -find -e ./cmd/beta");
    }

    @Test
    void asksGoOnceForTheMachineItIsOn() throws Exception {
        record(RecordRequest.cross(DOCKERIZED, ALL));

        assertThat(tree.calls().stream().filter(call -> call.contains("|env GOHOST")))
                .extracting(call -> call.substring(call.lastIndexOf('|') + 1))
                .containsExactly("env GOHOSTOS", "env GOHOSTARCH");
    }

    @Test
    void recordsTestsThatOldScriptsFindUpToDate() throws Exception {
        Map<String, String> environment = new TreeMap<>(DOCKERIZED);
        environment.put("STUB_TESTSTALE", "y");
        Recording recording = record(RecordRequest.cross(environment, ALL));

        assertThat(tree.calls()).anyMatch(call -> call.endsWith("/hack/cmd/teststale"));
        assertThat(recording.commands()).extracting(GoCommand::verb).contains("test");
    }

    @Test
    void keepsDirectoryEnvironmentAndWordsAsTheScriptHadThem() throws Exception {
        Map<String, String> environment = new TreeMap<>(DOCKERIZED);
        environment.put("ODD", "two\nlines, a = and a ' \" \\");
        environment.put("EMPTY", "");
        Recording recording = record(RecordRequest.what(List.of("cmd/alpha"), List.of(LINUX), environment));

        GoCommand command = recording.commands().get(0);
        assertThat(command.directory()).isEqualTo(tree.root() + "/_output/dockerized/go/src/k8s.io/kubernetes");
        assertThat(command.argv())
                .containsExactly(
                        "go",
                        "install",
                        "-installsuffix",
                        "static",
                        "-ldflags",
                        "-X a=b -X c=d e",
                        "k8s.io/kubernetes/cmd/alpha");
        assertThat(command.environment())
                .containsEntry("ODD", "two\nlines, a = and a ' \" \\")
                .containsEntry("EMPTY", "")
                .containsEntry("CGO_ENABLED", "0")
                .containsEntry("PWD", command.directory())
                .containsEntry("GOTOOLCHAIN", "local")
                .containsEntry("FORCE_HOST_GO", "y")
                .containsEntry("GOMAXPROCS", "2");
    }

    @Test
    void leavesNoTraceOfTheRecorder() throws Exception {
        Recording recording = record(RecordRequest.cross(DOCKERIZED, ALL));

        assertThat(recording.commands())
                .allSatisfy(
                        command -> assertThat(command.environment().toString()).doesNotContain("kube-record"));
        assertThat(tree.root().resolve("_output")).isDirectoryNotContaining("glob:**kube-record*");
    }

    @Test
    void keepsProxiesWithTheirCredentialsOut() throws Exception {
        Map<String, String> environment = new TreeMap<>(DOCKERIZED);
        environment.put("https_proxy", "http://somebody:secret@proxy:3128");
        environment.put("NO_PROXY", "secret.example");
        environment.put("no_proxy", "secret.example");
        Recording recording = record(RecordRequest.cross(environment, ALL));

        assertThat(recording.commands().toString()).doesNotContain("secret");
    }

    @Test
    void takesGeneratedFilesAsDoneInNestedMakesToo() throws Exception {
        Files.writeString(
                tree.root().resolve("hack/make-rules/cross.sh"),
                "cd \"$(dirname \"$0\")/../..\" && make nested WHAT=cmd/alpha\n");
        Recording recording = record(RecordRequest.cross(DOCKERIZED, List.of(requested("cmd/alpha", "linux/amd64"))));

        assertThat(recording.commands()).hasSize(1);
        assertThat(tree.root().resolve("zz_generated.stub.go")).doesNotExist();
    }

    @Test
    void placesNothing() throws Exception {
        Path stale = tree.root().resolve("_output/dockerized/go/bin/stale");
        Files.createDirectories(stale.getParent());
        Files.writeString(stale, "old");
        Path link = tree.root().resolve("_output/bin");
        Files.createSymbolicLink(link, Path.of("/somewhere/else"));

        record(RecordRequest.cross(DOCKERIZED, ALL));

        assertThat(tree.root().resolve("_output/dockerized/bin/linux/amd64/stale"))
                .doesNotExist();
        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("/somewhere/else"));
    }

    @Test
    void recordsPlatformsThatAreBuiltSideBySide() throws Exception {
        List<Platform> platforms = List.of(LINUX, new Platform("linux", "arm64"), new Platform("windows", "amd64"));
        Recording recording = record(RecordRequest.what(List.of("cmd/alpha", "cmd/beta"), platforms, DOCKERIZED));

        Plan plan = new PlanMerger().merge(recording);
        assertThat(plan.outputs())
                .extracting(PromisedOutput::placedPath)
                .map(path -> path.substring(tree.root().toString().length()))
                .containsExactly(
                        "/_output/dockerized/bin/linux/amd64/alpha",
                        "/_output/dockerized/bin/linux/amd64/beta",
                        "/_output/dockerized/bin/linux/arm64/alpha",
                        "/_output/dockerized/bin/linux/arm64/beta",
                        "/_output/dockerized/bin/windows/amd64/alpha.exe",
                        "/_output/dockerized/bin/windows/amd64/beta.exe");
    }

    /** Scripts that do not do what later ones do: see what the line before building is. */
    private Recording recordWithScript(String line, Map<String, String> environment) throws Exception {
        Path script = tree.root().resolve("hack/lib/golang.sh");
        Files.writeString(
                script,
                Files.readString(script)
                        .replace("build() {\n  setup_env\n", "build() {\n  setup_env\n" + line + "\n")
                        .replace("-X a=b -X c=d e", "${stamp:-}"));
        Map<String, String> all = new TreeMap<>(DOCKERIZED);
        all.putAll(environment);
        return record(RecordRequest.cross(all, ALL));
    }

    @Test
    void doesNotLetScriptsThatCompareVersionsAsTextTakeANewGoForAnOldOne() throws Exception {
        String compares = """
                  go_version=($(go version))
                  if [[ "${go_version[2]}" < "go1.6" ]]; then echo "Kubernetes requires go version 1.6" >&2; exit 2; fi
                  stamp=${go_version[2]}""";

        Recording recording = recordWithScript(compares, Map.of());

        assertThat(recording.toolchain().version()).isEqualTo("go1.19.8");
        assertThat(recording.commands()).anyMatch(command -> command.argv().contains("go1.919.8"));
    }

    @Test
    void letsScriptsRefuseAGoThatIsTooOld() {
        String compares = """
                  go_version=($(go version))
                  minimum_go_version=go1.20.1
                  if [[ "${go_version[2]}" < "${minimum_go_version}" ]]; then echo "Kubernetes requires ${minimum_go_version}"; exit 2; fi""";

        assertThatThrownBy(() -> recordWithScript(compares, Map.of()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("Kubernetes requires go1.20.1")
                .hasMessageContaining("older than the tree asks for");
    }

    @Test
    void givesEveryCommandTheDateOfTheBuild() throws Exception {
        String stamps = "  stamp=$(date -u +'%Y-%m-%dT%H:%M:%SZ')";

        Recording recording = recordWithScript(stamps, Map.of("SOURCE_DATE_EPOCH", "1610544000"));

        assertThat(recording.commands().stream()
                        .filter(command -> command.verb().equals("install")))
                .isNotEmpty()
                .allMatch(command -> command.argv().contains("2021-01-13T13:20:00Z"));
    }

    @Test
    void asksTheFirstScriptsForOnePlatformAtATime() throws Exception {
        Files.move(tree.root().resolve("hack/make-rules/build.sh"), tree.root().resolve("hack/build-go.sh"));
        for (String name : List.of("Makefile", "hack/build-go.sh", "hack/lib/golang.sh")) {
            Path file = tree.root().resolve(name);
            Files.writeString(
                    file,
                    Files.readString(file)
                            .replace("hack/make-rules/build.sh", "hack/build-go.sh")
                            .replace("/../lib/golang.sh", "/lib/golang.sh")
                            .replace(
                                    "read -ra platforms <<<\"${KUBE_BUILD_PLATFORMS:-linux/amd64}\"",
                                    "platforms=(\"${KUBE_BUILD_PLATFORMS}\")"));
        }

        Recording recording = record(
                RecordRequest.what(List.of("cmd/alpha"), List.of(LINUX, new Platform("linux", "arm64")), DOCKERIZED));

        assertThat(recording.commands())
                .extracting(command -> command.platform(recording.toolchain()))
                .containsExactlyInAnyOrder(LINUX, new Platform("linux", "arm64"));
    }

    @Test
    void showsTheLastLinesOfAScriptThatFails() {
        Map<String, String> environment = Map.of("KUBE_OUTPUT_SUBPATH", "cmd/alpha/main.go");

        assertThatThrownBy(() -> record(RecordRequest.cross(environment, ALL)))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("could not plan the build (exit code 2)")
                .hasMessageContaining("Not a directory");
    }

    @Test
    void refusesAGoThatWouldHideTheRecorder() throws Exception {
        Path hiding = tree.root().resolve("_output/dockerized/go/bin/go");
        Files.createDirectories(hiding.getParent());
        Files.writeString(hiding, "");

        assertThatThrownBy(() -> record(RecordRequest.cross(DOCKERIZED, ALL)))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining(hiding + " would hide the recording go");
    }

    @Test
    void refusesAScriptThatChangesTheTree() {
        assertThatThrownBy(() -> record(RecordRequest.what(List.of("cmd/scribble"), List.of(LINUX), DOCKERIZED)))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("changed the tree: " + tree.root() + "/cmd/alpha/main.go")
                .hasMessageContaining("compiler=make");
    }

    @Test
    void takesWhatToolsLeaveBelowTheirHomeForNoChangeOfTheTree() throws Exception {
        Recording recording = record(RecordRequest.what(List.of("cmd/litter"), List.of(LINUX), DOCKERIZED));

        assertThat(tree.root().resolve(".config/go/telemetry/local/counter")).exists();
        assertThat(tree.root().resolve(".cache/go-build/00")).isDirectory();
        assertThat(recording.commands()).isNotEmpty();
    }

    @Test
    void aFailureIsNoLongerThanAScreen() {
        Map<String, String> environment = Map.of("KUBE_OUTPUT_SUBPATH", "_output/dockerized", "STUB_FAILS", "y");

        assertThatThrownBy(() -> record(RecordRequest.cross(environment, ALL)))
                .isInstanceOf(KubeException.class)
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).hasSizeLessThan(25))
                .hasMessageContaining("pkg/alpha/alpha.go:39: undefined: beta")
                .hasMessageNotContaining("Building go targets");
    }

    @Test
    void namesEveryRequestedTargetThatTheTreeDoesNotBuild() throws Exception {
        List<RequestedOutput> more = List.of(
                requested("cmd/alpha", "linux/amd64"),
                requested("cmd/alpha", "linux/s390x"),
                requested("cmd/gamma", "linux/amd64"));
        Recording recording = record(RecordRequest.cross(DOCKERIZED, more));

        assertThatThrownBy(() -> new PlanMerger().merge(recording))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("do not compile: cmd/alpha for linux/s390x, cmd/gamma for linux/amd64");
    }
}
