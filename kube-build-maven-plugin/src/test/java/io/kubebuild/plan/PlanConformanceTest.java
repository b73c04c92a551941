package io.kubebuild.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.tree.Description;
import io.kubebuild.tree.DescriptionProbe;
import io.kubebuild.tree.Platform;
import io.kubebuild.tree.TargetGroup;
import io.kubebuild.tree.TreeRoot;
import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.HostShellWorkspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the merged plan of a release builds is what the tree's scripts would have built, call by call: the same binaries with the same
 * flags in the same environment, none lost, none added. The scripts are real, the go is one that compiles nothing.
 *
 * <p>By hand, real trees too: {@code -Dkube.trial.trees=DIRECTORY,…}; they need no engine and no image.
 */
class PlanConformanceTest {

    private static final List<TargetGroup> RELEASED = List.of(
            TargetGroup.SERVER, TargetGroup.NODE, TargetGroup.CLIENT, TargetGroup.TEST, TargetGroup.SERVER_TEST);

    private final Path directory;
    private final Path tools;

    PlanConformanceTest(@TempDir Path directory) throws Exception {
        this.directory = directory.toRealPath();
        StubTree.in(Files.createDirectory(directory.resolve("stub")));
        tools = this.directory.resolve("stub/tools");
    }

    @Test
    void mergesTheScriptsOfTheSampleTree() throws Exception {
        Plan plan = conforms(SampleScripts.copyTo(directory.resolve("tree")));

        assertThat(plan.jobs().stream().map(job -> job.command().verb())).contains("install", "test");
    }

    @Test
    void mergesTheScriptsOfATreeOfV12() throws Exception {
        Plan plan = conforms(SampleScripts.copyTo(directory.resolve("tree"), "baked"));

        assertThat(plan.outputs())
                .extracting(PromisedOutput::path)
                .anyMatch(path -> path.endsWith("/Godeps/_workspace/bin/ginkgo"))
                .anyMatch(path -> path.endsWith("/windows_amd64/e2e.test.exe"));
    }

    @TestFactory
    Stream<DynamicTest> mergesTheScriptsOfRealTrees() {
        return Stream.of(System.getProperty("kube.trial.trees", "").split(","))
                .filter(name -> !name.isEmpty())
                .map(name -> DynamicTest.dynamicTest(name, () -> conforms(Path.of(name))));
    }

    private Plan conforms(Path root) throws Exception {
        HostShellWorkspace workspace = workspace(root);
        Recording recording =
                new Recorder().record(workspace, RecordRequest.cross(environment(), requested(root)), line -> {});
        assertThat(recording.commands()).isNotEmpty();

        Plan plan = new PlanMerger().merge(recording);

        List<GoCommand> merged = plan.jobs().stream().map(CompileJob::command).toList();
        assertThat(effects(merged, recording.toolchain()))
                .isEqualTo(effects(recording.commands(), recording.toolchain()));
        assertThat(plan.outputs()).extracting(PromisedOutput::path).doesNotHaveDuplicates();
        assertThat(merged).hasSizeLessThanOrEqualTo(recording.commands().size());
        return plan;
    }

    /** What one call leaves behind of one package. */
    private record Effect(String output, String directory, List<String> head, Map<String, String> environment) {}

    private static Set<Effect> effects(List<GoCommand> commands, Toolchain toolchain) {
        GoOutputs paths = new GoOutputs(toolchain);
        Set<Effect> effects = new HashSet<>();
        for (GoCommand command : commands) {
            Map<String, String> environment = new TreeMap<>(command.environment());
            environment.keySet().removeAll(MergeKey.CANNOT_MATTER);
            for (String name : command.packages()) {
                effects.add(new Effect(paths.path(command, name), command.directory(), command.head(), environment));
            }
        }
        return effects;
    }

    private HostShellWorkspace workspace(Path root) {
        return new HostShellWorkspace(
                root.toString(),
                Map.of(
                        "PATH",
                        tools + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "HOME",
                        directory.toString(),
                        "STUB_LOG",
                        directory.resolve("log").toString(),
                        "K8S_PATCHED_GOROOT",
                        "/usr/local/go"));
    }

    private Map<String, String> environment() throws Exception {
        Path version = Files.writeString(directory.resolve("version"), """
                KUBE_GIT_COMMIT='0123456789'
                KUBE_GIT_TREE_STATE='clean'
                KUBE_GIT_VERSION='v1.2.3'
                KUBE_GIT_MAJOR='1'
                KUBE_GIT_MINOR='2'
                """);
        return Map.of(
                "KUBE_OUTPUT_SUBPATH", "_output/dockerized",
                "KUBE_GIT_VERSION_FILE", version.toString(),
                "KUBE_FASTBUILD", System.getProperty("kube.trial.quick", "false"),
                "KUBE_BUILDER_OS", "linux-gnu",
                "SOURCE_DATE_EPOCH", "1610543941",
                "GO111MODULE", "off");
    }

    /** As a release asks for it: what the tree's own lists name. */
    private List<RequestedOutput> requested(Path root) throws Exception {
        DescriptionProbe probe = new DescriptionProbe(
                TreeRoot.locate(root),
                Map.of("KUBE_FASTBUILD", System.getProperty("kube.trial.quick", "false")),
                List.of());
        Path script = Files.writeString(directory.resolve("describe.sh"), probe.script());
        Path answer = directory.resolve("description");
        List<String> said = new ArrayList<>();
        int exit = workspace(root)
                .run(
                        new Command(
                                probe.command(script.toString(), root.toString(), answer.toString()),
                                probe.variables(),
                                root.toString(),
                                false),
                        said::add);
        assertThat(exit).as(() -> String.join("\n", said)).isZero();
        Description description = Description.parse(Files.readAllBytes(answer));
        List<RequestedOutput> requested = new ArrayList<>();
        for (TargetGroup group : RELEASED) {
            for (Platform platform : description.platforms(group)) {
                description.targets(group).forEach(target -> requested.add(new RequestedOutput(target, platform)));
            }
        }
        return requested;
    }
}
