package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyPrereqsTest {

    private final FakeBench bench;

    VerifyPrereqsTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.bench = FakeBench.in(directory);
    }

    @Test
    void whatTheTreeTellsIsReportedWithoutAnEngine() throws IOException {
        Files.writeString(bench.tree().file("_output"), "a file");
        BuildRequest request =
                bench.request().platforms("linux-amd64").gitVersion("v1'").build();

        assertThat(problems(request, (asked, home) -> {
                    throw new AssertionError("nobody needs an engine for that");
                }))
                .extracting(Problem::what)
                .satisfiesExactlyInAnyOrder(
                        what -> assertThat(what).contains("kube.git.version is \"v1'\""),
                        what -> assertThat(what).contains("kube.platforms has linux-amd64"),
                        what -> assertThat(what).contains("cannot write to the output directory"));
    }

    @Test
    void reportsEveryProblemWithTheTreeAtOnce() {
        BuildRequest request = bench.request()
                .platforms("linux/amd65", "linux/amd64")
                .targets("cmd/kubectl", "cmd/kubectll")
                .images(Optional.of(true), Optional.of(true))
                .build();

        assertThat(problems(request, bench.engines()))
                .extracting(Problem::what)
                .satisfiesExactlyInAnyOrder(
                        what -> assertThat(what).contains("linux/amd65"),
                        what -> assertThat(what).contains("cmd/kubectll"),
                        what -> assertThat(what).contains("kube.hyperkube is set, but this tree has no use for it"));
    }

    /** The tree's script would refuse it after minutes, the go command after the sources were sent. */
    @Test
    void aGoThatTheTreeCannotBeBuiltWithIsToldWithEverythingElse() throws IOException {
        Files.writeString(bench.tree().file("go.mod"), "module k8s.io/kubernetes\n\ngo 1.25.0\n");
        bench.hasGo("go1.24.4-fips");
        BuildRequest request = bench.request().gitVersion("v1'").build();

        assertThat(problems(request, bench.engines()))
                .extracting(Problem::what)
                .anyMatch(what -> what.contains("kube.git.version"))
                .contains("the cross image has go1.24.4-fips, and this tree needs go1.25.0 or newer");
        assertThat(bench.heard().outcomes()).isEmpty();

        bench.hasGo("go1.26.0-X:jsonv2");
        bench.pipeline(bench.request().force(true).build()).run(List.of(StepName.VERIFY_PREREQS), false);
        assertThat(bench.heard().outcomes()).containsExactly(java.util.Map.entry("verify-prereqs", "done"));
    }

    @Test
    void imagesAloneNeedTheTreesOwnScript() throws IOException {
        Files.delete(bench.tree().file("build/release-images.sh"));
        BuildRequest request = bench.request().imagesOnly("cmd/kubectll").build();

        assertThat(problems(request, bench.engines()))
                .extracting(Problem::what)
                .contains("kube:release-images needs build/release-images.sh, and this tree has none")
                .anyMatch(what -> what.startsWith("kube.extraWhat has cmd/kubectll"));
    }

    @Test
    void versionProblemsDoNotHideUnknownPlatforms() {
        BuildRequest request =
                bench.request().platforms("plan9/amd64").gitVersion("v1'").build();

        assertThat(problems(request, bench.engines())).hasSize(2);
    }

    @Test
    void aSettingThatATreeWithoutItHasAnywayIsNoProblem() {
        bench.pipeline(bench.request()
                        .images(Optional.of(true), Optional.of(false))
                        .build())
                .run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(bench.heard().outcomes()).containsExactly(java.util.Map.entry("verify-prereqs", "done"));
    }

    @Test
    void aMissingCrossImageIsTheUsersTurn() {
        bench.engine().removeImage(FakeBench.CROSS);

        KubeException thrown = catchThrowableOfType(
                KubeException.class,
                () -> bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false));
        assertThat(thrown.blame()).isEqualTo(KubeException.Blame.USER);
        assertThat(thrown).hasMessageContaining(FakeBench.CROSS);
    }

    @Test
    void everyImageThatIsMissingIsNamedBeforeTheCompile() {
        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false);
        bench.engine().removeImage(FakeBench.CROSS);
        bench.engine().removeImage(FakeBench.CONFORMANCE_BASE);
        // What was kept of the base on this machine would do.
        BuildRequest request = bench.request()
                .variable("XDG_CACHE_HOME", bench.tree().file("another-cache").toString())
                .build();

        assertThat(problems(request, bench.engines()))
                .extracting(Problem::text)
                .satisfiesExactlyInAnyOrder(
                        text -> assertThat(text)
                                .contains(
                                        FakeBench.CROSS,
                                        "docker pull --platform linux/amd64 " + FakeBench.CROSS,
                                        "mvn kube:cross-image"),
                        text -> assertThat(text)
                                .contains(
                                        "base image docker.io/library/debian:stretch-slim for linux/amd64",
                                        "docker pull --platform linux/amd64 debian:stretch-slim",
                                        "-Dkube.baseImageArchives=debian:stretch-slim=<file>"));
    }

    @Test
    void imagesThatAreNotMadeNeedNoBase() {
        bench.engine().removeImage(FakeBench.CONFORMANCE_BASE);

        bench.pipeline(bench.request()
                        .images(Optional.of(false), Optional.empty())
                        .build())
                .run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(bench.heard().outcomes()).containsExactly(java.util.Map.entry("verify-prereqs", "done"));
    }

    @Test
    void describesATreeAgainWhenItsScriptsChangeAndOnlyThen() throws IOException {
        BuildRequest request = bench.request().build();
        bench.pipeline(request).run(List.of(StepName.VERIFY_PREREQS), false);
        bench.pipeline(request).run(List.of(StepName.VERIFY_PREREQS), false);
        assertThat(bench.described()).isEqualTo(1);

        Files.writeString(bench.tree().file("hack/lib/more.sh"), "# more\n");
        bench.pipeline(request).run(List.of(StepName.VERIFY_PREREQS), false);
        assertThat(bench.described()).isEqualTo(2);
        assertThat(bench.engine().containers("")).isEmpty();
    }

    @Test
    void keepsTheVersionWhereUpstreamLooksForIt() {
        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(bench.tree().file(".dockerized-kube-version-defs")).content().contains("KUBE_GIT_VERSION='v1.20.2'");
        assertThat(bench.tree().file(".dockerized-kube-version-defs.part")).doesNotExist();
    }

    @Test
    void theVersionIsWrittenThroughNoLink(@TempDir Path host) throws IOException {
        Path victim = Files.writeString(host.resolve("victim"), "precious");
        Path version = Files.createSymbolicLink(bench.tree().file(".dockerized-kube-version-defs"), victim);
        Files.createSymbolicLink(bench.tree().file(".dockerized-kube-version-defs.part"), victim);
        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(version)).isFalse();
        assertThat(version).content().contains("KUBE_GIT_VERSION='v1.20.2");
    }

    @Test
    void aTreeWithLineEndsOfWindowsIsRefusedBeforeItsScriptsRun() throws IOException {
        for (String script : List.of("build/common.sh", "hack/lib/version.sh")) {
            Path file = bench.tree().file(script);
            Files.writeString(file, Files.readString(file).replace("\n", "\r\n"));
        }

        assertThatThrownBy(() -> bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("has scripts that bash cannot run: build/common.sh, hack/lib/version.sh")
                .hasMessageContaining("git config core.autocrlf false");
        assertThat(bench.described()).isZero();
    }

    @Test
    void theVersionIsTold() {
        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(bench.heard().versions()).containsExactly("v1.20.2");
    }

    @Test
    void filesOfTheProjectAreNeitherDirtNorSources() throws IOException {
        write("ci/reports/of-yesterday");
        write("ci/pom.xml");
        write("mvnw");
        BuildRequest request = bench.request()
                .projectFiles("mvnw", "ci/reports", "ci/pom.xml", "is-not-there")
                .build();

        bench.pipeline(request).run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(bench.heard().facts("version")).first().asString().startsWith("v1.20.2 (clean");
        assertThat(sources(request)).doesNotContain("mvnw", "ci/reports/of-yesterday", "ci/pom.xml", "ci/reports");
    }

    @Test
    void filesOfTheProjectThatGitTracksAreSources() throws Exception {
        write("mvnw");
        write("pom.xml");
        bench.tree().git("add", "-f", "pom.xml");
        bench.tree().git("commit", "-q", "-m", "Build with Maven");
        bench.tree().git("tag", "-f", "-a", "-m", "Sample", "v1.20.2");
        BuildRequest request = bench.request().projectFiles("mvnw", "pom.xml").build();

        assertThat(sources(request)).contains("pom.xml").doesNotContain("mvnw");
        Files.writeString(bench.tree().file("pom.xml"), "<project> </project>");
        bench.pipeline(request).run(List.of(StepName.VERIFY_PREREQS), false);
        assertThat(bench.heard().facts("version")).first().asString().startsWith("v1.20.2-dirty (dirty");
    }

    private void write(String path) throws IOException {
        Path file = bench.tree().file(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<project/>");
    }

    private Set<String> sources(BuildRequest request) {
        try (BuildContext context = bench.context(request)) {
            return context.look().now(Optional.empty()).entries().keySet();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<Problem> problems(BuildRequest request, BuildContext.EngineSource engines) {
        return catchThrowableOfType(KubeException.class, () -> Pipeline.of(request, bench.heard(), engines)
                        .run(List.of(StepName.VERIFY_PREREQS), false))
                .problems();
    }
}
