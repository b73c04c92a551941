package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubebuild.docker.EngineException;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.BuildRequest.GoSettings;
import io.kubebuild.request.BuildRequest.WorkspaceKind;
import io.kubebuild.request.BuildRequest.WorkspaceSettings;
import io.kubebuild.request.StepName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Builds on this machine, with a Go that compiles nothing: everything up to the compile. */
@EnabledOnOs(OS.LINUX)
class HostBuildTest {

    private static final BuildContext.EngineSource NO_ENGINE = (request, home) -> {
        throw new EngineException(EngineException.Kind.UNREACHABLE, "connection refused", null);
    };

    private final FakeBench bench;
    private final Path home;
    private final Path sdk;

    HostBuildTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
        this.home = directory.resolve("home");
        this.sdk = directory.resolve("sdk");
        Files.createDirectories(sdk.resolve("bin"));
        go("go1.19.8");
    }

    private void go(String version) throws IOException {
        Path go = sdk.resolve("bin/go");
        Files.writeString(
                go,
                "#!/bin/sh\ncase $1 in version) echo go version " + version + " linux/amd64 ;; env) echo " + sdk
                        + " ;; *) exit 1 ;; esac\n");
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private WorkspaceSettings host() {
        return new WorkspaceSettings(Optional.of(WorkspaceKind.HOST), Optional.of(sdk), Optional.empty());
    }

    private BuildRequest request() {
        return bench.request().unpackaged().workspace(host()).build();
    }

    private Pipeline pipeline(BuildRequest request) {
        return Pipeline.of(request, bench.heard(), NO_ENGINE);
    }

    private Path workspace() throws IOException {
        try (java.util.stream.Stream<Path> all = Files.list(home.resolve(".cache/kube-build/workspaces"))) {
            return all.findFirst().orElseThrow();
        }
    }

    @Test
    void theTreeDescribesItselfAndItsSourcesAreCopied() throws Exception {
        pipeline(request()).run(List.of(StepName.SYNC), true);

        assertThat(workspace().resolve("go/src/k8s.io/kubernetes/cmd/kubectl/main.go"))
                .hasSameBinaryContentAs(bench.tree().file("cmd/kubectl/main.go"));
        assertThat(workspace().resolve("go/src/k8s.io/kubernetes/.git")).doesNotExist();
        assertThat(bench.heard().facts("Go")).containsExactly("go1.19.8 in " + sdk);
        assertThat(bench.heard().outcomes()).containsKeys("verify-prereqs", "build-image", "sync");
        assertThat(bench.heard().skipped()).containsExactly("the host workspace has no build image");
        assertThat(home.resolve(".cache/kube-build/workspaces")).isDirectoryNotContaining("glob:**/.describe-*");

        pipeline(request()).run(List.of(StepName.SYNC), true);
        assertThat(bench.heard().outcomes()).containsEntry("sync", "up to date");
    }

    @Test
    void stepsAloneStandOnEachOther() throws Exception {
        pipeline(request()).run(List.of(StepName.VERIFY_PREREQS), false);
        pipeline(request()).run(List.of(StepName.BUILD_IMAGE), false);
        pipeline(request()).run(List.of(StepName.SYNC), false);

        go("go1.20.1");
        assertThatThrownBy(() -> pipeline(request()).run(List.of(StepName.SYNC), false))
                .hasMessageContaining("needs what kube:verify-prereqs makes");
    }

    @Test
    void aCommandRunsOnACopyOfTheSources() throws Exception {
        pipeline(request()).runCommand("echo mine > cmd/mine; echo here: $(pwd) $(go version)", false);

        assertThat(bench.heard().printed())
                .singleElement()
                .asString()
                .startsWith("here: ")
                .endsWith("/go/src/k8s.io/kubernetes go version go1.19.8 linux/amd64");
        assertThat(bench.tree().file("cmd/mine")).doesNotExist();
        assertThatThrownBy(() -> pipeline(request()).runCommand("exit 3", false))
                .hasMessageContaining("the command ended with exit code 3");
    }

    @Test
    void aCommandSeesNothingOfTheRepositoryThatMavenRunsIn() throws Exception {
        BuildRequest request = bench.request()
                .unpackaged()
                .workspace(host())
                .variable("GIT_DIR", "/elsewhere/.git")
                .variable("GIT_WORK_TREE", "/elsewhere")
                .variable("GIT_INDEX_FILE", "/elsewhere/.git/index")
                .build();

        pipeline(request).runCommand("env | grep ^GIT_ || echo nothing", false);

        assertThat(bench.heard().printed()).containsExactly("nothing");
    }

    /** As trees from v1.31 on have it. */
    private void sendGit() throws Exception {
        Path common = bench.tree().file("build/common.sh");
        Files.writeString(common, Files.readString(common).replace("    --filter='H /.git' \\\n", ""));
        bench.tree().git("commit", "-q", "-a", "-m", "git travels");
    }

    @Test
    void aRepositoryTravelsThatSaysTheSameAndHoldsNoSecrets() throws Exception {
        sendGit();
        bench.tree().git("config", "http.extraHeader", "Authorization: basic c2VjcmV0");
        bench.tree().git("remote", "add", "origin", "https://me:secret@example.org/kubernetes");

        pipeline(request()).run(List.of(StepName.SYNC), true);

        Path git = workspace().resolve("go/src/k8s.io/kubernetes/.git");
        assertThat(git.resolve("HEAD")).isRegularFile();
        assertThat(git.resolve("config")).content().doesNotContain("http").doesNotContain("remote");
        assertThat(git.resolve("logs")).doesNotExist();
        assertThat(git.resolve("hooks")).doesNotExist();
        pipeline(request()).run(List.of(StepName.SYNC), true);
        assertThat(bench.heard().outcomes()).containsEntry("sync", "up to date");
        bench.tree().git("branch", "another");
        bench.tree().git("status");
        pipeline(request()).run(List.of(StepName.SYNC), true);
        assertThat(bench.heard().outcomes()).containsEntry("sync", "up to date");

        pipeline(request())
                .runCommand("git -c safe.directory='*' describe; git -c safe.directory='*' status -s", false);
        assertThat(bench.heard().printed()).singleElement().asString().startsWith("v1.20.2-1-g");
    }

    @Test
    void aRepositoryThatGitDoesNotReadStaysHere() throws Exception {
        sendGit();
        Files.delete(bench.tree().file(".git/HEAD"));
        BuildRequest request = bench.request()
                .unpackaged()
                .workspace(host())
                .gitVersion("v1.20.2")
                .build();

        pipeline(request).run(List.of(StepName.SYNC), true);

        assertThat(bench.heard().warnings())
                .filteredOn(warning -> warning.contains("stays here"))
                .containsExactly("the tree's .git stays here, so Go writes no commit into programs: "
                        + bench.tree().root() + " is in no git repository");
        assertThat(workspace().resolve("go/src/k8s.io/kubernetes/.git")).doesNotExist();
    }

    @Test
    void aRepositoryThatGitDoesNotReadThereIsSaidBeforeTheCompile() throws Exception {
        sendGit();
        pipeline(request()).run(List.of(StepName.SYNC), true);
        Files.writeString(workspace().resolve("go/src/k8s.io/kubernetes/.git/index"), "of a newer git");

        assertThatThrownBy(() -> pipeline(request()).run(List.of(StepName.CROSS_COMPILE), false))
                .hasMessageContaining("git in the workspace cannot read the tree's .git")
                .hasMessageContaining("fatal: ")
                .hasMessageContaining("-Dkube.goFlags=-buildvcs=false");

        BuildRequest unstamped = bench.request()
                .unpackaged()
                .workspace(host())
                .go(new GoSettings(Optional.of("-buildvcs=false"), Optional.empty(), Optional.empty(), false))
                .build();
        assertThatThrownBy(() -> pipeline(unstamped).run(List.of(StepName.CROSS_COMPILE), true))
                .hasMessageNotContaining("cannot read the tree's .git");
    }

    @Test
    void thisMachineStepsInWhereNoEngineAnswersAndNobodyNamedOne() throws Exception {
        BuildRequest request = bench.request()
                .unpackaged()
                .workspace(WorkspaceSettings.UNSAID)
                .variable("PATH", sdk.resolve("bin") + ":/usr/bin:/bin")
                .build();

        pipeline(request).run(List.of(StepName.VERIFY_PREREQS), true);

        assertThat(bench.heard().warnings()).anySatisfy(warning -> assertThat(warning)
                .startsWith("building on this machine itself, since no Docker engine answers")
                .contains("-Dkube.workspace=container"));
    }

    @Test
    void anEngineThatIsNamedIsInsistedOn() {
        BuildRequest named = bench.request()
                .workspace(WorkspaceSettings.UNSAID)
                .variable("DOCKER_HOST", "unix:///nowhere.sock")
                .build();

        assertThat(problems(named)).containsExactly("the Docker engine cannot be used");
        assertThat(problems(bench.request().build())).containsExactly("the Docker engine cannot be used");
    }

    @Test
    void anEngineThatAnswersIsTaken() {
        bench.pipeline(bench.request().workspace(WorkspaceSettings.UNSAID).build())
                .run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(bench.described()).isEqualTo(1);
    }

    @Test
    void whatIsWrongWithTheSdkIsToldWithEverythingElse() throws Exception {
        go("go1.9.7");
        BuildRequest old =
                bench.request().unpackaged().workspace(host()).gitVersion("v1'").build();

        assertThat(problems(old))
                .anySatisfy(what -> assertThat(what).contains("is go1.9.7, and this tree needs go1.15.0 or newer"))
                .anySatisfy(what -> assertThat(what).contains("kube.git.version"));
    }

    @Test
    void goalsThatNeedAnEngineSaySo() {
        assertThatThrownBy(() -> pipeline(request()).images(Optional.empty(), false, Optional.empty()))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube:images needs a Docker engine")
                .hasMessageContaining("the host workspace has no Docker engine");
    }

    @Test
    void cleaningNeedsNoEngineAndLeavesNothing() throws Exception {
        pipeline(request()).run(List.of(StepName.SYNC), true);
        Path workspace = workspace();
        pipeline(request()).clean(false);
        assertThat(workspace).exists();
        pipeline(request()).clean(true);
        assertThat(workspace).doesNotExist();
        assertThat(bench.heard().facts("removed")).contains("workspace " + workspace);
    }

    @Test
    void workspacesOfTreesThatAreGoneAreRemoved() throws Exception {
        pipeline(request()).run(List.of(StepName.SYNC), true);
        Path workspace = workspace();
        pipeline(request()).cleanOrphans();
        assertThat(workspace).exists();
        Files.move(bench.tree().root(), bench.tree().root().resolveSibling("moved"));
        pipeline(request()).cleanOrphans();
        assertThat(workspace).doesNotExist();
    }

    private List<String> problems(BuildRequest request) {
        return catchThrowableOfType(
                        KubeException.class, () -> pipeline(request).run(List.of(StepName.VERIFY_PREREQS), false))
                .problems()
                .stream()
                .map(Problem::what)
                .toList();
    }
}
