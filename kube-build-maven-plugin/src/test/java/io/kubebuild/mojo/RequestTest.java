package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.image.PullPolicy;
import io.kubebuild.image.TarFixture;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Certificates;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.maven.model.Build;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.project.DefaultMavenProjectHelper;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From parameters to the request. */
class RequestTest {

    private final Path directory;

    RequestTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void withoutAnyParameterTheTreeDecides() {
        BuildRequest request = step().request();

        assertThat(request.tree()).isEqualTo(directory.toAbsolutePath());
        assertThat(request.outputDirectory()).isEmpty();
        assertThat(request.selection())
                .isEqualTo(new BuildRequest.Selection(
                        List.of(),
                        false,
                        List.of(),
                        BuildRequest.Packaging.RELEASE,
                        java.util.Optional.empty(),
                        java.util.Optional.empty()));
        assertThat(request.images().pull()).isEqualTo(PullPolicy.MISSING);
        assertThat(request.offline()).isFalse();
        assertThat(request.force()).isEqualTo(BuildRequest.Force.NOTHING);
        assertThat(request.projectFiles())
                .contains("pom.xml", ".mvn", "target", "mvnw", ".flattened-pom.xml", ".project");
        assertThat(request.pluginVersion()).isEqualTo("0.1.0-test");
    }

    @Test
    void whatRunsInTheWorkspaceNeedsNoBaseImages() {
        GoalBench run = GoalBench.of(new RunMojo(), "run", directory).property("command", "make vet");

        assertThat(run.request().selection().packaging()).isEqualTo(BuildRequest.Packaging.NOTHING);
        assertThat(step().request().selection().packaging()).isEqualTo(BuildRequest.Packaging.RELEASE);
    }

    @Test
    void aCommandMustBeNamed() {
        assertThatThrownBy(() -> GoalBench.of(new RunMojo(), "run", directory).request())
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("kube:run does not know what to run")
                .hasMessageContaining("-Dcommand=");
    }

    @Test
    void aQuickReleaseIsQuickUnlessSomebodySaysOtherwise() {
        GoalBench quick =
                GoalBench.of(new QuickReleaseMojo(new DefaultMavenProjectHelper()), "quick-release", directory);

        assertThat(quick.request().selection().quick()).isTrue();
        assertThat(quick.property("kube.quick", "false").request().selection().quick())
                .isFalse();
    }

    @Test
    void imagesOfAReleaseMayHaveTargetsWithThem() {
        GoalBench images = GoalBench.of(
                        new QuickReleaseImagesMojo(new DefaultMavenProjectHelper()), "quick-release-images", directory)
                .property("kube.extraWhat", "cmd/kubeadm,cmd/kubelet");

        assertThat(images.request().selection())
                .isEqualTo(new BuildRequest.Selection(
                        List.of(),
                        true,
                        List.of("cmd/kubeadm", "cmd/kubelet"),
                        BuildRequest.Packaging.IMAGES,
                        java.util.Optional.empty(),
                        java.util.Optional.empty()));
    }

    @Test
    void everyParameterReachesTheRequest() throws Exception {
        Path ca = Files.writeString(
                directory.resolve("company.pem"), Certificates.in(directory).authority());
        Path archive = Files.write(
                directory.resolve("go-runner.tar"),
                new TarFixture().file("manifest.json", "[]").bytes());
        for (String pem : List.of("ca.pem", "cert.pem", "key.pem")) {
            Files.createFile(directory.resolve(pem));
        }
        BuildRequest request = step().property("kube.root", directory.toString())
                .property("kube.outputDirectory", "out")
                .property("kube.platforms", "linux/amd64 linux/arm64,windows/amd64")
                .property("kube.quick", "true")
                .property("kube.conformance", "false")
                .property("kube.hyperkube", "true")
                .property("kube.git.version", "v1.20.2-acme.1+abc")
                .property("kube.git.treeState", "clean")
                .property("kube.git.commit", "faecb196815e248d3ecfb03c680a4507229c2a56")
                .property("kube.sourceDateEpoch", "1610560000")
                .property("kube.goFlags", "-v -x")
                .property("kube.goLdFlags", "none")
                .property("kube.goGcFlags", "all=-N")
                .property("kube.registry", "registry.example.com/k8s")
                .property("kube.imageTag", "v1")
                .property("kube.baseImageRegistry", "nexus.example.com")
                .property("kube.pull", "never")
                .property("kube.mirrors", "k8s.gcr.io=m1:5000/k8s,k8s.gcr.io=m2:80,docker.io=m1:5000")
                .property("kube.baseImageArchives", "go-runner:v1=go-runner.tar")
                .property("kube.docker.host", "tcp://engine:2376")
                .property("kube.docker.certPath", directory.toString())
                .property("kube.httpProxy", "http://p:1")
                .property("kube.httpsProxy", "none")
                .property("kube.noProxy", "localhost")
                .property("kube.ca", "company.pem")
                .property("kube.workspaceId", "agent-7")
                .property("kube.force", "true")
                .property("kube.verbose", "4")
                .property("kube.transport", "rsync")
                .property("kube.rsync.port", "8730")
                .property("kube.rsync.compress", "9")
                .offline()
                .request();

        assertThat(request.outputDirectory()).contains(Path.of("out"));
        assertThat(request.selection())
                .isEqualTo(new BuildRequest.Selection(
                        List.of("linux/amd64", "linux/arm64", "windows/amd64"),
                        true,
                        List.of(),
                        BuildRequest.Packaging.RELEASE,
                        java.util.Optional.of(false),
                        java.util.Optional.of(true)));
        assertThat(request.version().gitVersion()).contains("v1.20.2-acme.1+abc");
        assertThat(request.version().gitTreeState()).contains("clean");
        assertThat(request.version().gitCommit()).contains("faecb196815e248d3ecfb03c680a4507229c2a56");
        assertThat(request.version().sourceDateEpoch()).isEqualTo(OptionalLong.of(1610560000));
        assertThat(request.go().goFlags()).contains("-v -x");
        assertThat(request.go().goLdFlags()).contains("");
        assertThat(request.go().goGcFlags()).contains("all=-N");
        assertThat(request.images().registry()).contains("registry.example.com/k8s");
        assertThat(request.images().imageTag()).contains("v1");
        assertThat(request.images().baseImageRegistry()).contains("nexus.example.com");
        assertThat(request.images().pull()).isEqualTo(PullPolicy.NEVER);
        assertThat(request.images().baseImageArchives()).isEqualTo(Map.of("go-runner:v1", archive));
        assertThat(request.engine().host()).contains("tcp://engine:2376");
        assertThat(request.engine().certificates()).contains(directory);
        assertThat(request.network().httpProxy()).contains("http://p:1");
        assertThat(request.network().httpsProxy())
                .as("none, whatever others say")
                .contains("");
        assertThat(request.network().proxies().https()).isEmpty();
        assertThat(request.network().noProxy()).hasToString("localhost");
        assertThat(request.network().authorities()).containsExactly(ca);
        assertThat(request.network().mirrors())
                .isEqualTo(Map.of("k8s.gcr.io", List.of("m1:5000/k8s", "m2:80"), "docker.io", List.of("m1:5000")));
        assertThat(request.workspaceId()).contains("agent-7");
        assertThat(request.force()).isEqualTo(BuildRequest.Force.EVERYTHING);
        assertThat(request.verbose()).contains("4");
        assertThat(request.transport())
                .isEqualTo(new BuildRequest.TransportSettings(BuildRequest.TransportSettings.Kind.RSYNC, 8730, 9));
        assertThat(request.offline()).isTrue();
    }

    @Test
    void memoryIsASizeInWhichSomethingCanBeCompiled() {
        assertThat(step().request().engine().memory()).isEmpty();
        assertThat(step().property("kube.memory", "6g").request().engine().memory())
                .hasValue(6L << 30);
        assertThat(step().property("kube.memory", "512M").request().engine().memory())
                .hasValue(512L << 20);
        for (String bad : List.of("511m", "6", "6gb", "-1g", "0g", "99999999g", "much")) {
            assertThatThrownBy(() -> step().property("kube.memory", bad).request())
                    .hasMessageContaining("-Dkube.memory=" + bad + " is not valid");
        }
    }

    @Test
    void theNetworkIsLeftToThePluginOrOn() {
        assertThat(step().request().engine().network()).isFalse();
        assertThat(step().property("kube.network", "auto").request().engine().network())
                .isFalse();
        assertThat(step().property("kube.network", "on").request().engine().network())
                .isTrue();
        assertThatThrownBy(() -> step().property("kube.network", "off").request())
                .hasMessageContaining("-Dkube.network=off is not valid")
                .hasMessageContaining("auto or on");
    }

    @Test
    void singleStepsAreForcedOrLeftOut() {
        BuildRequest.Force one =
                step().property("kube.force.cross-compile", "true").request().force();
        BuildRequest.Force allButOne = step().property("kube.force", "true")
                .property("kube.force.package-tarballs", "false")
                .request()
                .force();

        assertThat(one).isEqualTo(new BuildRequest.Force(Set.of(StepName.CROSS_COMPILE), false));
        assertThat(allButOne.steps())
                .contains(StepName.COPY_OUTPUT, StepName.VERIFY_PREREQS)
                .doesNotContain(StepName.PACKAGE_TARBALLS);
    }

    @Test
    void upstreamsVariablesAreTheLowestDefaults() {
        BuildRequest request = step().environment(Map.of(
                        "KUBE_BUILD_PLATFORMS", "linux/arm64 linux/amd64",
                        "KUBE_FASTBUILD", "true",
                        "KUBE_BUILD_CONFORMANCE", "n",
                        "KUBE_BUILD_PULL_LATEST_IMAGES", "y",
                        "OUT_DIR", "_output-v1.20.2",
                        "KUBE_DOCKER_IMAGE_TAG", "v1.20.2",
                        "GOLDFLAGS", ""))
                .property("kube.imageTag", "mine")
                .request();

        assertThat(request.selection().platforms()).containsExactly("linux/arm64", "linux/amd64");
        assertThat(request.selection().quick()).isTrue();
        assertThat(request.selection().conformance()).contains(false);
        assertThat(request.images().pull()).isEqualTo(PullPolicy.ALWAYS);
        assertThat(request.outputDirectory()).contains(Path.of("_output-v1.20.2"));
        assertThat(request.images().imageTag()).contains("mine");
        assertThat(request.go().goLdFlags()).contains("");
    }

    @Test
    void theVersionsVariablesAreLeftToTheTree() {
        BuildRequest request = step().environment(Map.of("KUBE_GIT_VERSION", "v9.9.9", "SOURCE_DATE_EPOCH", "1"))
                .request();

        assertThat(request.version().gitVersion()).isEmpty();
        assertThat(request.version().sourceDateEpoch()).isEmpty();
        assertThat(request.environment()).containsEntry("KUBE_GIT_VERSION", "v9.9.9");
    }

    @Test
    void reportsEveryBadParameterAtOnce() {
        GoalBench bench = step().property("kube.platforms", "linux-amd64")
                .property("kube.quick", "yes")
                .property("kube.git.version", "1.20.2")
                .property("kube.git.treeState", "tidy")
                .property("kube.git.commit", "HEAD")
                .property("kube.sourceDateEpoch", "yesterday")
                .property("kube.imageTag", "-v")
                .property("kube.pull", "allways")
                .property("kube.mirrors", "k8s.gcr.io")
                .property("kube.baseImageArchives", "image=no-such.tar")
                .property("kube.docker.host", "/var/run/docker.sock")
                .property("kube.docker.certPath", directory.resolve("no-such").toString())
                .property("kube.httpProxy", "proxy:3128")
                .property("kube.workspaceId", "a b")
                .property("kube.force", "1")
                .property("kube.verbose", "loud")
                .property("kube.transport", "Bind")
                .property("kube.rsync.port", "65536")
                .property("kube.rsync.compress", "10")
                .strayProperty("kube.platfroms");

        assertThatThrownBy(bench::request).isInstanceOfSatisfying(KubeException.class, error -> assertThat(
                        error.problems())
                .extracting(Problem::what)
                .containsExactlyInAnyOrder(
                        "-Dkube.platfroms is no parameter of this plugin",
                        "-Dkube.platforms=linux-amd64 is not valid",
                        "-Dkube.quick=yes is not valid",
                        "-Dkube.git.version=1.20.2 is not valid",
                        "-Dkube.git.treeState=tidy is not valid",
                        "-Dkube.git.commit=HEAD is not valid",
                        "-Dkube.sourceDateEpoch=yesterday is not valid",
                        "-Dkube.imageTag=-v is not valid",
                        "-Dkube.pull=allways is not valid",
                        "-Dkube.mirrors=k8s.gcr.io is not valid",
                        "kube.baseImageArchives names " + directory.resolve("no-such.tar") + ", which is not there",
                        "-Dkube.docker.host=/var/run/docker.sock is not valid",
                        "kube.docker.certPath names " + directory.resolve("no-such") + ", which is no directory",
                        "-Dkube.httpProxy=proxy:3128 is not valid",
                        "-Dkube.workspaceId=a b is not valid",
                        "-Dkube.force=1 is not valid",
                        "-Dkube.transport=Bind is not valid",
                        "-Dkube.rsync.port=65536 is not valid",
                        "-Dkube.rsync.compress=10 is not valid",
                        "-Dkube.verbose=loud is not valid"));
    }

    @Test
    void windowsIsRefusedWithAPointerToWsl() {
        GoalBench bench = step();
        bench.mojo().operatingSystem = "Windows 11";

        assertThatThrownBy(bench::request).hasMessageContaining("run the build in WSL 2");
    }

    @Test
    void whereAValueCameFromIsToldOnceInAProject() {
        MavenProject project = project("pom.xml");
        FakeLog log = new FakeLog();

        for (KubeMojo mojo : List.of(
                GoalBench.of(new SyncMojo(), "sync", directory)
                        .property("kube.verbose", "4")
                        .project(project)
                        .mojo(),
                GoalBench.of(new CopyOutputMojo(), "copy-output", directory)
                        .property("kube.verbose", "4")
                        .project(project)
                        .mojo())) {
            ParameterReader reader = mojo.reader();
            mojo.request(reader);
            mojo.tellOnce(reader.origins(), new LogListener(log, false, Clock.systemUTC(), new Summary()));
        }

        assertThat(log.lines).containsExactly("info kube.verbose: 4 (from the command line)");
    }

    @Test
    void aPropertyOfAnotherPluginIsLeftAlone() {
        assertThat(step().strayProperty("kube.namespace").request()).isNotNull();
    }

    @Test
    void compileWantsATarget() {
        assertThatThrownBy(GoalBench.of(new CompileMojo(), "compile", directory)::request)
                .hasMessageContaining("-Dwhat=cmd/kube-apiserver");
        assertThat(GoalBench.of(new CompileMojo(), "compile", directory)
                        .property("what", "cmd/kubectl,cmd/kubeadm")
                        .request()
                        .selection()
                        .targets())
                .containsExactly("cmd/kubectl", "cmd/kubeadm");
    }

    @Test
    void theProjectsDirectoryIsTheTreeAndItsFilesAreNoneOfKubernetes() {
        BuildRequest request = step().project(project("k8s-pom.xml")).request();

        assertThat(request.tree()).isEqualTo(directory);
        assertThat(request.projectFiles())
                .contains(
                        "pom.xml",
                        ".mvn",
                        "target",
                        "k8s-pom.xml",
                        "build/maven",
                        "pom.xml.releaseBackup",
                        "k8s-pom.xml.versionsBackup");
    }

    @Test
    void projectsOfTheSameBuildBelowTheTreeAreNoneOfKubernetesEither() {
        MavenProject module = project("packaging/pom.xml");
        module.getBuild().setDirectory(directory.resolve("packaging/target").toString());
        MavenProject elsewhere = project("../other/pom.xml");
        KubeMojo mojo = step().project(project("pom.xml")).mojo();
        mojo.session.setProjects(List.of(module, elsewhere));

        assertThat(mojo.request(mojo.reader()).projectFiles())
                .contains(
                        "packaging/pom.xml", "packaging/target", "packaging/.flattened-pom.xml", "packaging/.settings")
                .noneMatch(path -> path.contains("other"));
    }

    @Test
    void moreMayBeNamed() {
        assertThat(step().property("kube.projectFiles", "ci/reports/,./notes.txt")
                        .request()
                        .projectFiles())
                .contains("ci/reports", "notes.txt");
    }

    @Test
    void theProjectsTimestampIsReadAsMavenReadsIt() {
        MavenProject project = project("pom.xml");

        project.getProperties().setProperty("project.build.outputTimestamp", "2021-01-13T13:28:09+02:00");
        assertThat(step().project(project).request().version().outputTimestamp())
                .isEqualTo(OptionalLong.of(1610537289));
        project.getProperties().setProperty("project.build.outputTimestamp", "1610537289");
        assertThat(step().project(project).request().version().outputTimestamp())
                .isEqualTo(OptionalLong.of(1610537289));
        project.getProperties().setProperty("project.build.outputTimestamp", "-");
        assertThat(step().project(project).request().version().outputTimestamp())
                .isEmpty();
        project.getProperties().setProperty("project.build.outputTimestamp", "today");
        assertThatThrownBy(step().project(project)::request).hasMessageContaining(">today<");
    }

    @Test
    void theTimestampThatMaven4GivesToEveryProjectIsNobodysChoice() {
        MavenProject project = project("pom.xml");
        project.getProperties().setProperty("project.build.outputTimestamp", "1980-02-01T00:00:00Z");

        assertThat(step().project(project).request().version().outputTimestamp())
                .isEmpty();
    }

    @Test
    void skipDoesNothingAtAll() throws Exception {
        FakeLog log = new FakeLog();
        KubeMojo mojo = step().property("kube.skip", "true").mojo();
        mojo.setLog(log);

        mojo.execute();

        assertThat(log.lines).containsExactly("info sync: skipped (kube.skip is true)");
    }

    @Test
    void problemsAreAFailureOfTheGoal() {
        KubeMojo mojo = step().property("kube.pull", "sometimes").mojo();
        mojo.setLog(new FakeLog());

        assertThatThrownBy(mojo::execute)
                .isInstanceOf(MojoFailureException.class)
                .hasMessage("-Dkube.pull=sometimes is not valid\n"
                        + "  fix: allowed: always, missing or never; given by the command line");
    }

    @Test
    void cleanKeepsTheWorkspaceInTheLifecycleOnly() {
        assertThat(clean(null).workspaceToo()).isTrue();
        assertThat(clean("clean").workspaceToo()).isFalse();
    }

    @Test
    void everyParameterHasAPropertyNamedLikeItAndADescription() {
        for (MojoDescriptor goal : step().plugin().getMojos()) {
            if (goal.getGoal().equals("help")) {
                continue;
            }
            for (Parameter parameter : goal.getParameters()) {
                if (List.of("session", "project", "execution").contains(parameter.getName())) {
                    continue;
                }
                String property = parameter.getExpression().replaceAll("^\\$\\{|}$", "");
                assertThat(ParameterName.of(property).element()).isEqualTo(parameter.getName());
                assertThat(parameter.getDescription()).containsPattern("Default|Required");
            }
        }
    }

    private CleanMojo clean(@org.jspecify.annotations.Nullable String phase) {
        CleanMojo mojo = new CleanMojo();
        GoalBench bench = GoalBench.of(mojo, "clean", directory);
        mojo.execution.setLifecyclePhase(phase);
        bench.request();
        return mojo;
    }

    private GoalBench step() {
        return GoalBench.of(new SyncMojo(), "sync", directory);
    }

    private MavenProject project(String pom) {
        MavenProject project = new MavenProject();
        project.setFile(new File(directory.toFile(), pom));
        project.getModel().setBuild(new Build());
        project.getBuild().setDirectory(directory.resolve("build/maven").toString());
        return project;
    }
}
