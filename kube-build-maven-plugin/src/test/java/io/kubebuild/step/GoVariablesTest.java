package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Recording;
import io.kubebuild.plan.StubTree;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BinarySettings;
import io.kubebuild.request.BuildRequest.GoSettings;
import io.kubebuild.request.ToolSettings;
import io.kubebuild.testing.Requests;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.GitVersion;
import io.kubebuild.tree.GoScript;
import io.kubebuild.tree.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What reaches go through the scripts of the sample tree, as they are and as those of other releases are. */
class GoVariablesTest {

    private static final String SCRIPT = "hack/lib/golang.sh";
    private static final SortedMap<Platform, String> NO_COMPILERS = new TreeMap<>();
    private static final BinarySettings DEBUG =
            new BinarySettings(true, false, false, List.of(), List.of(), NO_COMPILERS);
    private static final GoSettings PLAIN = new GoSettings(Optional.empty(), Optional.empty(), Optional.empty(), false);

    private static final String LINKER = "goldflags=\"${GOLDFLAGS=-s -w -buildid=} $(kube::version::ldflags)\"";
    private static final String COMPILER = "gogcflags=\"${GOGCFLAGS:-} -trimpath=${KUBE_ROOT}\"";

    /** How releases put the flags together ({@code kube::golang::build_binaries}). */
    private enum Release {
        V1_2(
                "goldflags=\"${KUBE_GOLDFLAGS:-} $(kube::version::ldflags)\"",
                "eval \"goflags=(${KUBE_GOFLAGS:-})\"\n    gogcflags=",
                "1.4"),
        V1_4("goldflags=\"${KUBE_GOLDFLAGS:-} $(kube::version::ldflags)\"", "gogcflags=\"${KUBE_GOGCFLAGS:-}\"", "1.6"),
        V1_11("goldflags=\"${GOLDFLAGS:-} $(kube::version::ldflags)\"", "gogcflags=\"${GOGCFLAGS:-}\"", "1.10.2"),
        V1_13("goldflags=\"${GOLDFLAGS:-} -s -w $(kube::version::ldflags)\"", COMPILER, "1.11.1"),
        V1_20(LINKER, COMPILER, "1.15.0"),
        V1_24(
                "goldflags=\"all=$(kube::version::ldflags) ${GOLDFLAGS:-}\"\n"
                        + "    [[ ${DBG:-} == 1 ]] || goldflags+=\" -s -w\"",
                "gogcflags=\"all=-trimpath=${KUBE_ROOT} ${GOGCFLAGS:-}\"\n"
                        + "    [[ ${DBG:-} != 1 ]] || gogcflags=\"${gogcflags} -N -l\"",
                "1.18"),
        V1_30(
                "goldflags=\"all=$(kube::version::ldflags) ${GOLDFLAGS:-}\"\n"
                        + "    [[ ${DBG:-} == 1 ]] || goldflags+=\" -s -w\"",
                "gogcflags=\"${GOGCFLAGS:-}\"\n" + "    [[ ${DBG:-} != 1 ]] || gogcflags=\"${gogcflags} all=-N -l\"",
                "1.19");

        private final String linker;
        private final String compiler;
        private final String minimumGo;

        Release(String linker, String compiler, String minimumGo) {
            this.linker = linker;
            this.compiler = compiler;
            this.minimumGo = minimumGo;
        }

        boolean knowsPatterns() {
            return compareTo(V1_4) > 0;
        }
    }

    private final FakeBench bench;
    private final StubTree tools;

    GoVariablesTest(@TempDir Path directory) throws Exception {
        this.bench = FakeBench.in(directory.resolve("bench"));
        this.tools = StubTree.in(Files.createDirectories(directory.resolve("stub")));
        // The version comes from a file in the container, which this machine has not.
        Files.writeString(bench.tree().file("hack/lib/version.sh"), """
                kube::version::get_version_vars() { :; }
                kube::version::ldflags() { echo "-X 'k8s.io/version.gitVersion=v1.20.2'"; }
                """);
    }

    @ParameterizedTest
    @EnumSource
    void debugKeepsSymbolsAndLeavesOptimisationOutInEveryRelease(Release release) throws Exception {
        as(release);

        assertThat(record(bench.request().scripts(DEBUG)).commands()).hasSize(2).allSatisfy(command -> {
            assertThat(words(command, "ldflags"))
                    .doesNotContain("-s", "-w")
                    .contains("'k8s.io/version.gitVersion=v1.20.2'");
            assertThat(words(command, "gcflags")).contains("-l");
            assertThat(command.flag("gcflags").orElse(""))
                    .matches(release.knowsPatterns() ? " *all=.*-N -l.*" : "-N -l");
        });
    }

    @ParameterizedTest
    @EnumSource
    void withoutItTheTreesFlagsStay(Release release) throws Exception {
        as(release);
        boolean strips = release.compareTo(Release.V1_13) >= 0;

        assertThat(record(bench.request()).commands()).allSatisfy(command -> {
            assertThat(words(command, "ldflags").contains("-s")).isEqualTo(strips);
            assertThat(words(command, "gcflags")).doesNotContain("-N", "all=-N", "-l");
        });
    }

    @Test
    void flagsOfTheUserStandBesideThoseOfDebug() throws Exception {
        GoSettings mine = new GoSettings(Optional.empty(), Optional.of("-v"), Optional.of("all=-m"), false);

        assertThat(record(bench.request().scripts(DEBUG).go(mine)).commands()).allSatisfy(command -> {
            assertThat(command.flag("ldflags").orElse("")).startsWith("-v ");
            assertThat(command.flag("gcflags").orElse("")).startsWith("all=-N -l -m -trimpath=");
        });
    }

    @Test
    void overridesDecideWhatIsLinkedStatically() throws Exception {
        BinarySettings turned = new BinarySettings(
                false, false, false, List.of("kubectl", "kubeadm"), List.of("kubelet"), NO_COMPILERS);

        assertThat(linkage(record(bench.request())))
                .containsOnly(Map.entry("kubectl", "static"), Map.entry("kubelet", "cgo"));
        assertThat(linkage(record(bench.request().scripts(turned))))
                .containsOnly(Map.entry("kubectl", "cgo"), Map.entry("kubelet", "static"));
    }

    @Test
    void compilersReachTheirPlatform() throws Exception {
        // Any program will do: nothing is compiled here.
        SortedMap<Platform, String> compilers = new TreeMap<>(Map.of(new Platform("linux", "arm64"), "env"));
        BinarySettings settings = new BinarySettings(false, false, false, List.of(), List.of(), compilers);

        List<GoCommand> commands = record(bench.request().scripts(settings), "linux/amd64", "linux/arm64")
                .commands();
        assertThat(commands)
                .filteredOn(command -> command.variable("GOARCH").equals(Optional.of("arm64")))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command.variable("CC")).contains("env"));
        assertThat(commands)
                .filteredOn(command -> command.variable("GOARCH").equals(Optional.of("amd64")))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command.variable("CC")).isEmpty());
    }

    @Test
    void theRaceDetectorIsForWhatIsNotStatic() throws Exception {
        edit("    build_args=(${goflags", "    build_args=(${KUBE_RACE:-} ${goflags");
        BinarySettings race = new BinarySettings(false, true, false, List.of(), List.of(), NO_COMPILERS);

        assertThat(record(bench.request().scripts(race)).commands())
                .allSatisfy(command -> assertThat(command.argv().contains("-race"))
                        .isEqualTo(command.variable("CGO_ENABLED").isEmpty()));
    }

    @Test
    void theGoThatIsAskedForIsTheSameForRecordingAndCompiling() throws Exception {
        ToolSettings go = new ToolSettings(Optional.of("go1.19.8"), Optional.empty(), Optional.empty());

        assertThat(record(bench.request().scripts(go)).commands())
                .allSatisfy(
                        command -> assertThat(command.variable("GOTOOLCHAIN")).contains("go1.19.8"));
        ToolSettings other = new ToolSettings(Optional.of("go1.22.5"), Optional.empty(), Optional.empty());
        assertThatThrownBy(() -> record(bench.request().scripts(other)))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube.goToolchain is go1.22.5, but the workspace's go is go1.19.8");
    }

    @Test
    void whatTheTreeHasNoUseForIsSaidBeforeAnythingRuns() throws IOException {
        BinarySettings settings = new BinarySettings(
                false,
                true,
                true,
                List.of(),
                List.of(),
                new TreeMap<>(Map.of(new Platform("linux", "arm64"), "gcc", new Platform("plan9", "386"), "gcc")));

        assertThat(problems(bench.request().scripts(settings)))
                .containsExactlyInAnyOrder(
                        "kube.race is set, but this tree has no use for it",
                        "kube.compilers for plan9/386 is set, but this tree has no use for it");
        assertThat(problems(bench.request().scripts(settings).unpackaged()))
                .as("tests read KUBE_RACE in every tree")
                .containsExactly("kube.compilers for plan9/386 is set, but this tree has no use for it");
        edit("-z ${KUBE_BUILD_WITH_COVERAGE:-} || ", "");
        assertThat(problems(bench.request().scripts(settings)))
                .contains("kube.coverage is set, but this tree has no use for it");
    }

    @Test
    void namesOfProgramsAreChecked() throws IOException {
        BinarySettings settings = new BinarySettings(
                false,
                false,
                false,
                List.of("kubectll", "kubectl"),
                List.of("kubectl", "kube-apiserver"),
                NO_COMPILERS);

        assertThat(problems(bench.request().scripts(settings)))
                .containsExactly("kube.cgoOverrides has kubectll, which is no program of this tree");
        edit("${KUBE_STATIC_OVERRIDES:-}; do", "\"${KUBE_STATIC_OVERRIDES[@]}\"; do");
        edit("for name in ${KUBE_CGO_OVERRIDES:-}; do [[ $1 != */\"${name}\" ]] || return 1; done", ":");
        assertThat(problems(bench.request().scripts(settings)))
                .containsExactly(
                        "kube.cgoOverrides is set, but this tree has no use for it",
                        "kube.staticOverrides has 2 names, and this tree can take one");
    }

    @Test
    void whatContradictsDebugIsSaid() throws IOException {
        Optional<String> none = Optional.empty();
        Requests debug = bench.request().scripts(DEBUG);

        assertThat(problems(debug.go(PLAIN))).isEmpty();
        assertThat(problems(debug.go(new GoSettings(none, Optional.of("-w"), Optional.of("k8s.io/...=-m"), true))))
                .containsExactly(
                        "kube.goLdFlags is -w, which strips what kube.debug keeps",
                        "kube.goGcFlags is k8s.io/...=-m, which cannot stand beside kube.debug in this tree");
        as(Release.V1_30);
        assertThat(problems(debug.go(new GoSettings(none, none, Optional.of("-m"), false))))
                .containsExactly("kube.goGcFlags is -m, which cannot stand beside kube.debug in this tree");
        assertThat(problems(debug.go(new GoSettings(none, none, none, true)))).isEmpty();
    }

    @Test
    void aTreeThatStripsAlwaysCannotBeDebuggedByItsOwnMake() throws IOException {
        as(Release.V1_13);
        GoSettings make = new GoSettings(Optional.empty(), Optional.empty(), Optional.empty(), true);

        assertThat(problems(bench.request().scripts(DEBUG).go(make)))
                .containsExactly("kube.debug cannot be had where this tree's own make compiles");
    }

    private static List<String> words(GoCommand command, String flag) {
        return Arrays.asList(command.flag(flag).orElse("").split(" ", -1));
    }

    private static Map<String, String> linkage(Recording recording) {
        Map<String, String> linkage = new TreeMap<>();
        for (GoCommand command : recording.commands()) {
            String how = command.variable("CGO_ENABLED").equals(Optional.of("0")) ? "static" : "cgo";
            command.packages().forEach(name -> linkage.put(name.substring(name.lastIndexOf('/') + 1), how));
        }
        return linkage;
    }

    private Recording record(Requests request, String... platforms) throws Exception {
        List<String> wanted = platforms.length == 0 ? List.of("linux/amd64") : List.of(platforms);
        List<String> targets = List.of("cmd/kubectl", "cmd/kubelet");
        Verified verified = new Verified(
                "request",
                new GitVersion("abc", "clean", "v1.20.2", "1", "20"),
                "abc",
                12,
                FakeBench.CROSS,
                "sha256:1",
                "engine",
                wanted,
                targets,
                false);
        try (BuildContext context =
                bench.context(request.targets(targets.toArray(String[]::new)).build())) {
            context.state().write(Verified.NAME, verified);
            return new Planner(context).record(tools.workspace(bench.tree().root(), Map.of()));
        }
    }

    private List<String> problems(Requests request) {
        try (BuildContext context = bench.context(request.build())) {
            Description description = new Description(Map.of(
                    "KUBE_CLIENT_TARGETS",
                    List.of("cmd/kubectl"),
                    "KUBE_SERVER_TARGETS",
                    List.of("cmd/kube-apiserver")));
            return new GoVariables(context.request(), GoScript.of(context.tree()))
                    .problems(Optional.of(description)).stream()
                            .map(Problem::what)
                            .toList();
        }
    }

    private void as(Release release) throws IOException {
        edit(LINKER, release.linker);
        edit(COMPILER, release.compiler);
        edit("minimum_go_version=go1.15.0", "minimum_go_version=go" + release.minimumGo);
        if (release == Release.V1_2) {
            edit("-gcflags \"${gogcflags}\" ", "");
        }
        if (release.linker.contains("KUBE_GOLDFLAGS")) {
            Path makefile = bench.tree().file("build/root/Makefile");
            Files.writeString(
                    makefile,
                    Files.readString(makefile)
                            + "KUBE_GOFLAGS := $(GOFLAGS)\nKUBE_GOLDFLAGS := $(GOLDFLAGS)\n"
                            + "KUBE_GOGCFLAGS := $(GOGCFLAGS)\n");
        }
    }

    private void edit(String from, String to) throws IOException {
        Path script = bench.tree().file(SCRIPT);
        String text = Files.readString(script);
        assertThat(text).contains(from);
        Files.writeString(script, text.replace(from, to));
    }
}
