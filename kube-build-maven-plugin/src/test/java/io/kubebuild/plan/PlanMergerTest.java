package io.kubebuild.plan;

import static io.kubebuild.plan.StubTree.requested;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PlanMergerTest {

    private static final Toolchain GO = new Toolchain(new Platform("linux", "amd64"), "go1.19", "/usr/local/go");

    private static GoCommand go(Map<String, String> environment, String words) {
        SortedMap<String, String> variables = new TreeMap<>(Map.of("GOPATH", "/g", "GO111MODULE", "off"));
        variables.putAll(environment);
        return new GoCommand("/g/src/k8s.io/kubernetes", variables, List.of(("go " + words).split(" ", -1)));
    }

    private static Recording recording(List<GoCommand> commands, RequestedOutput... requested) {
        RecordRequest request =
                RecordRequest.cross(Map.of("KUBE_OUTPUT_SUBPATH", "_output/dockerized"), List.of(requested));
        return new Recording(request, "/root", GO, commands);
    }

    private static Plan merge(List<GoCommand> commands, RequestedOutput... requested) {
        return new PlanMerger().merge(recording(commands, requested));
    }

    @Test
    void mergesInstallsThatShareAllButTheirPackages() {
        Plan plan = merge(
                List.of(
                        go(
                                Map.of("WHAT", "a b", "SHLVL", "3"),
                                "install -tags x k8s.io/kubernetes/cmd/b k8s.io/kubernetes/cmd/a"),
                        go(
                                Map.of("WHAT", "b c", "SHLVL", "4"),
                                "install -tags x k8s.io/kubernetes/cmd/b k8s.io/kubernetes/cmd/c"),
                        go(Map.of("CGO_ENABLED", "0"), "install -tags x k8s.io/kubernetes/cmd/d")),
                requested("cmd/a", "linux/amd64"),
                requested("cmd/d", "linux/amd64"));

        assertThat(plan.jobs())
                .extracting(job -> job.command().packages())
                .containsExactly(
                        List.of("k8s.io/kubernetes/cmd/a", "k8s.io/kubernetes/cmd/b", "k8s.io/kubernetes/cmd/c"),
                        List.of("k8s.io/kubernetes/cmd/d"));
        assertThat(plan.outputs())
                .contains(
                        new PromisedOutput(
                                "cmd/a",
                                new Platform("linux", "amd64"),
                                "/g/bin/a",
                                "/root/_output/dockerized/bin/linux/amd64/a"),
                        new PromisedOutput(
                                "k8s.io/kubernetes/cmd/b",
                                new Platform("linux", "amd64"),
                                "/g/bin/b",
                                "/root/_output/dockerized/bin/linux/amd64/b"));
    }

    @Test
    void looksForOtherPeoplesProgramsWhereTreesOfV12KeepTheirPackages() {
        Plan plan = merge(
                List.of(go(
                        Map.of("GOPATH", "/g:/root/Godeps/_workspace"),
                        "install k8s.io/kubernetes/cmd/a github.com/onsi/ginkgo/ginkgo")),
                requested("cmd/a", "linux/amd64"),
                requested("github.com/onsi/ginkgo/ginkgo", "linux/amd64"));

        assertThat(plan.outputs())
                .extracting(PromisedOutput::path)
                .containsExactlyInAnyOrder("/g/bin/a", "/root/Godeps/_workspace/bin/ginkgo");
        assertThat(plan.outputs())
                .extracting(PromisedOutput::placedPath)
                .contains("/root/_output/dockerized/bin/linux/amd64/ginkgo");
    }

    @Test
    void neverMergesAcrossAVariableThatMayMatter() {
        Plan plan = merge(
                List.of(
                        go(Map.of("PWD", "/x"), "install k8s.io/kubernetes/cmd/a"),
                        go(Map.of("PWD", "/y"), "install k8s.io/kubernetes/cmd/b")),
                requested("cmd/a", "linux/amd64"));

        assertThat(plan.jobs()).hasSize(2);
    }

    @Test
    void dropsRepeatedTestsButNeverMergesThem() {
        GoCommand e2e = go(Map.of(), "test -c -o /g/bin/e2e.test k8s.io/kubernetes/test/e2e");
        GoCommand node = go(Map.of(), "test -c -o /g/bin/e2e_node.test k8s.io/kubernetes/test/e2e_node");
        Plan plan = merge(
                List.of(e2e, node, e2e),
                requested("test/e2e/e2e.test", "linux/amd64"),
                requested("test/e2e_node/e2e_node.test", "linux/amd64"));

        assertThat(plan.jobs())
                .extracting(CompileJob::targets)
                .containsExactly("test/e2e/e2e.test", "test/e2e_node/e2e_node.test");
    }

    @Test
    void refusesTwoPackagesWithOneOutputByName() {
        assertThatThrownBy(() -> merge(
                        List.of(
                                go(Map.of(), "install k8s.io/kubernetes/cmd/tool"),
                                go(Map.of(), "install k8s.io/kubernetes/vendor/example.org/tool")),
                        requested("cmd/tool", "linux/amd64"),
                        requested("vendor/example.org/tool", "linux/amd64")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("cmd/tool and vendor/example.org/tool would both be built as /g/bin/tool")
                .hasMessageContaining("-Dwhat=cmd/tool, then -Dwhat=vendor/example.org/tool");
    }

    @Test
    void refusesOneProgramBuiltTwoWaysAndSaysWhatDiffers() {
        assertThatThrownBy(() -> merge(
                        List.of(
                                go(Map.of("CGO_ENABLED", "0"), "install k8s.io/kubernetes/cmd/tool"),
                                go(Map.of(), "install k8s.io/kubernetes/cmd/tool")),
                        requested("cmd/tool", "linux/amd64")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("cmd/tool would be built twice, differently, as /g/bin/tool")
                .hasMessageContaining("the commands differ in CGO_ENABLED: 0 and (unset)");
    }

    @Test
    void knowsATargetByAllTheNamesThatTreesGiveIt() {
        Plan plan = merge(
                List.of(go(Map.of(), "install k8s.io/kube-aggregator github.com/onsi/ginkgo/v2/ginkgo")),
                requested("staging/src/k8s.io/kube-aggregator", "linux/amd64"),
                requested("ginkgo", "linux/amd64"));

        assertThat(plan.outputs())
                .extracting(PromisedOutput::target)
                .containsExactlyInAnyOrder("staging/src/k8s.io/kube-aggregator", "ginkgo");
    }

    /** What a build leaves behind, however its commands are cut. */
    private record Effect(String output, List<String> head, Map<String, String> environment) {}

    private static Set<Effect> effects(List<GoCommand> commands) {
        GoOutputs paths = new GoOutputs(GO);
        Set<Effect> effects = new HashSet<>();
        for (GoCommand command : commands) {
            MergeKey key = MergeKey.of(command);
            command.packages()
                    .forEach(name -> effects.add(new Effect(paths.path(command, name), key.head(), key.environment())));
        }
        return effects;
    }

    @Property(tries = 300)
    void losesNothingAndAddsNothing(@ForAll("commands") List<GoCommand> commands, @ForAll long seed) {
        Plan plan = merge(commands, requestedFirst(commands));
        List<GoCommand> planned = plan.jobs().stream().map(CompileJob::command).toList();

        assertThat(effects(planned)).isEqualTo(effects(commands));
        assertThat(plan.outputs()).extracting(PromisedOutput::path).doesNotHaveDuplicates();

        List<GoCommand> shuffled = new ArrayList<>(commands);
        java.util.Collections.shuffle(shuffled, new Random(seed));
        assertThat(merge(shuffled, requestedFirst(commands))).isEqualTo(plan);
    }

    private static RequestedOutput requestedFirst(List<GoCommand> commands) {
        GoCommand first = commands.get(0);
        String name = first.packages().get(0).replace("k8s.io/kubernetes/", "");
        String target =
                first.verb().equals("test") ? name + "/" + name.substring(name.lastIndexOf('/') + 1) + ".test" : name;
        return new RequestedOutput(target, first.platform(GO));
    }

    @Provide
    Arbitrary<List<GoCommand>> commands() {
        Arbitrary<Map<String, String>> environment = Combinators.combine(
                        Arbitraries.of("linux/amd64", "linux/arm64", "windows/amd64"), Arbitraries.of("a", "b c"))
                .as((platform, what) -> Map.of(
                        "GOOS",
                        platform.substring(0, platform.indexOf('/')),
                        "GOARCH",
                        platform.substring(platform.indexOf('/') + 1),
                        "WHAT",
                        what));
        // Static or not is a matter of the name, as in the tree: no name is built both ways.
        Arbitrary<GoCommand> statics = Combinators.combine(
                        environment, Arbitraries.of("a", "b", "c").set().ofMinSize(1))
                .as((variables, names) -> {
                    Map<String, String> all = new TreeMap<>(variables);
                    all.put("CGO_ENABLED", "0");
                    return go(all, "install -installsuffix static" + packages(names));
                });
        Arbitrary<GoCommand> others = Combinators.combine(
                        environment, Arbitraries.of("d", "e", "f").set().ofMinSize(1))
                .as((variables, names) -> go(variables, "install" + packages(names)));
        Arbitrary<GoCommand> tests = Combinators.combine(environment, Arbitraries.of("g", "h"))
                .as((variables, name) -> go(
                        variables,
                        "test -c -o /g/" + variables.get("GOOS") + variables.get("GOARCH") + "/" + name + ".test"
                                + ("windows".equals(variables.get("GOOS")) ? ".exe" : "")
                                + packages(Set.of(name))));
        return Arbitraries.oneOf(statics, others, tests).list().ofMinSize(1).ofMaxSize(20);
    }

    private static String packages(Set<String> names) {
        return names.stream()
                .map(name -> " k8s.io/kubernetes/cmd/" + name)
                .collect(java.util.stream.Collectors.joining());
    }
}
