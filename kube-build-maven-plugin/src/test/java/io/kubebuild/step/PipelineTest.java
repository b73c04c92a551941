package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.WorkspaceNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineTest {

    private final FakeBench bench;

    PipelineTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
    }

    @Test
    void aGoalAloneNamesTheFirstGoalThatIsMissing() {
        missing(StepName.CROSS_COMPILE, "kube:cross-compile needs what kube:verify-prereqs makes");
        run(StepName.VERIFY_PREREQS);
        missing(StepName.CROSS_COMPILE, "kube:cross-compile needs what kube:build-image makes");
        run(StepName.BUILD_IMAGE);
        missing(StepName.CROSS_COMPILE, "kube:cross-compile needs what kube:sync makes");
    }

    @Test
    void anEarlierGoalDoesNotStandWhereSomethingElseIsAskedFor() {
        run(StepName.VERIFY_PREREQS);

        assertThatThrownBy(() -> bench.pipeline(
                                bench.request().platforms("linux/arm64").build())
                        .run(List.of(StepName.BUILD_IMAGE), false))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("run kube:verify-prereqs first");
    }

    /** As two modules of one run of Maven do. */
    @Test
    void twoRequestsOfOneTreeTakeTurnsGoalByGoal() {
        BuildRequest one = bench.request().build();
        BuildRequest other = bench.request().gitVersion("v1.20.2-corp.1").build();

        for (StepName step : List.of(StepName.VERIFY_PREREQS, StepName.BUILD_IMAGE)) {
            for (BuildRequest request : List.of(one, other)) {
                bench.pipeline(request).run(List.of(step), false);
            }
        }

        assertThat(bench.engine().builds()).as("what is equal is shared").hasSize(1);
        assertThat(bench.context(one).state().read(bench.context(one).ofRequest(Verified.NAME), Verified.class))
                .get()
                .extracting(verified -> verified.version().version())
                .isEqualTo("v1.20.2");
    }

    /** What one of them needs and the other has made anew is made again, as it was. */
    @Test
    void whatAnotherRequestHasChangedIsMadeAgain() throws IOException {
        BuildRequest one = bench.request().build();
        bench.pipeline(one).run(List.of(StepName.VERIFY_PREREQS), false);
        bench.pipeline(one).run(List.of(StepName.BUILD_IMAGE), false);
        Path dockerfile = bench.tree().file("build/build-image/Dockerfile");
        Files.writeString(dockerfile, Files.readString(dockerfile) + "RUN true\n");
        bench.pipeline(bench.request().gitVersion("v1.20.2-corp.1").build())
                .run(List.of(StepName.VERIFY_PREREQS), false);

        bench.pipeline(one).run(List.of(StepName.BUILD_IMAGE), false);

        assertThat(bench.heard().reasons()).contains("verify-prereqs: another build of this tree came between");
    }

    @Test
    void aDescriptionOfOtherScriptsDoesNotStand() throws IOException {
        run(StepName.VERIFY_PREREQS);
        Files.writeString(bench.tree().file("build/more.sh"), "# more\n");

        missing(StepName.BUILD_IMAGE, "kube:verify-prereqs");
    }

    @Test
    void aBuildImageOfAnotherDockerfileDoesNotStand() throws IOException {
        run(StepName.VERIFY_PREREQS);
        run(StepName.BUILD_IMAGE);
        Path dockerfile = bench.tree().file("build/build-image/Dockerfile");
        Files.writeString(dockerfile, Files.readString(dockerfile) + "RUN true\n");
        run(StepName.VERIFY_PREREQS);

        missing(StepName.SYNC, "kube:build-image");
        run(StepName.BUILD_IMAGE);
        assertThat(bench.engine().builds()).hasSize(2);
    }

    @Test
    void nothingIsBuiltTwice() {
        run(StepName.VERIFY_PREREQS);
        run(StepName.BUILD_IMAGE);
        run(StepName.BUILD_IMAGE);

        assertThat(bench.engine().builds()).hasSize(1);
        assertThat(bench.heard().outcomes()).containsEntry("build-image", "up to date");
    }

    @Test
    void cleaningOutputsAsksNoEngine() throws IOException {
        run(StepName.VERIFY_PREREQS);

        Pipeline.of(bench.request().build(), bench.heard(), (request, home) -> {
                    throw new AssertionError("an engine was asked for");
                })
                .clean(false);

        assertThat(bench.tree().file("_output")).doesNotExist();
        assertThat(bench.heard().facts("removed"))
                .containsExactly(bench.tree().file("_output").toString());
    }

    @Test
    void cleaningTheWorkspaceTakesWhatUpstreamMadeAndLeavesWhatOthersMade() {
        WorkspaceNames names = namesOf(bench.request().build());
        Map<String, String> ours = Map.of(
                Labels.HOST,
                "host-of-the-test",
                Labels.PATH,
                bench.tree().root().toString());
        Map<String, String> others = Map.of(Labels.HOST, "elsewhere", Labels.PATH, "/tree");
        create(names.dataContainer(), ours);
        create(names.rsyncContainer(), Map.of());
        create(names.buildContainer() + "-x", others);
        create("kube-build-data-0123456789-5", Map.of());
        bench.engine().addImage(names.image(), ours);
        bench.engine().addImage("kube-build:build-0123456789-5", Map.of());

        bench.pipeline(bench.request().build()).clean(true);

        assertThat(bench.engine().containers(""))
                .extracting(ContainerInfo::name)
                .containsExactlyInAnyOrder(names.buildContainer() + "-x", "kube-build-data-0123456789-5");
        assertThat(bench.engine().imageTags("kube-build")).containsExactly("kube-build:build-0123456789-5");
        assertThat(bench.heard().warnings())
                .containsExactly(
                        "container " + names.buildContainer() + "-x stays: it was made for /tree on elsewhere");
    }

    /** Git tells root no branch of another user's tree, and names have it in them. */
    @Test
    void cleaningAnotherUsersTreeTakesTheOwnersWorkspace() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root has another user's tree");
        BuildRequest request = bench.request().build();
        WorkspaceNames ofOwner = namesOf(request);
        create(ofOwner.dataContainer(), Map.of());
        bench.engine().addImage(ofOwner.image(), Map.of());
        Files.setAttribute(bench.tree().root(), "unix:uid", 4711);
        assertThat(namesOf(request)).isNotEqualTo(ofOwner);
        create(namesOf(request).dataContainer(), Map.of());

        bench.pipeline(request).clean(true);

        assertThat(bench.engine().containers("")).isEmpty();
        assertThat(bench.engine().imageTags("kube-build")).isEmpty();
    }

    @Test
    void aSharedWorkspaceIsCleanedWhoeverMadeIt() {
        BuildRequest request = bench.request().workspaceId("agent").build();
        WorkspaceNames names = namesOf(request);
        create(names.dataContainer(), Map.of(Labels.HOST, "elsewhere", Labels.PATH, "/tree"));

        bench.pipeline(request).clean(true);

        assertThat(bench.engine().containers("")).isEmpty();
    }

    @Test
    void whatIsLeftOfTreesThatAreGoneIsRemovedAndNothingElse() {
        Map<String, String> gone = Map.of(Labels.HOST, "host-of-the-test", Labels.PATH, "/no/such/tree");
        Map<String, String> there = Map.of(
                Labels.HOST,
                "host-of-the-test",
                Labels.PATH,
                bench.tree().root().toString());
        Map<String, String> others = Map.of(Labels.HOST, "elsewhere", Labels.PATH, "/no/such/tree");
        create("kube-build-data-1", gone);
        create("kube-build-data-2", there);
        create("kube-build-data-3", others);
        create("kube-build-data-4", Map.of());
        create("kube-build-5", gone);
        bench.engine().start("kube-build-5");
        bench.engine().addImage("kube-build:build-1", gone);
        bench.engine().addImage("kube-build:build-2", there);
        bench.engine().addImage("kube-build:build-3", others);

        bench.pipeline(bench.request().build()).cleanOrphans();

        assertThat(bench.engine().containers(""))
                .extracting(ContainerInfo::name)
                .containsExactlyInAnyOrder(
                        "kube-build-data-2", "kube-build-data-3", "kube-build-data-4", "kube-build-5");
        assertThat(bench.engine().imageTags("kube-build"))
                .containsExactlyInAnyOrder("kube-build:build-2", "kube-build:build-3");
        assertThat(bench.heard().warnings())
                .containsExactly("container kube-build-5 stays: it runs, although its tree /no/such/tree is gone");
    }

    private WorkspaceNames namesOf(BuildRequest request) {
        try (BuildContext context = bench.context(request)) {
            return context.names();
        }
    }

    private void create(String name, Map<String, String> labels) {
        bench.engine()
                .create(ContainerSpec.of(name, FakeBench.CROSS, List.of("true")).withLabels(labels));
    }

    private void run(StepName step) {
        bench.pipeline(bench.request().build()).run(List.of(step), false);
    }

    private void missing(StepName step, String message) {
        assertThatThrownBy(() -> run(step)).isInstanceOf(KubeException.class).hasMessageContaining(message);
    }
}
