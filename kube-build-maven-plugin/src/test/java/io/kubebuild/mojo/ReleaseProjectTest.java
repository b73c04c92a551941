package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.release.ReleaseArtifact;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.model.Dependency;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseProjectTest {

    private static final List<ReleaseArtifact> RELEASE = List.of(
            artifact("", "tar.gz", "kubernetes.tar.gz"),
            artifact("src", "tar.gz", "kubernetes-src.tar.gz"),
            artifact("image-kube-proxy-amd64", "tar", "kube-proxy.tar"));

    private final MavenProject project = project("kube-release");
    private final List<BuildListener.Event> events = new ArrayList<>();
    private final AttachedFiles attached = new AttachedFiles();

    @Test
    void theTarballWithoutAClassifierIsTheMainArtifact() {
        new ReleaseProject(project).attach(RELEASE, attached, events::add);

        assertThat(project.getArtifact().getFile()).hasName("kubernetes.tar.gz");
        assertThat(attached.names)
                .containsExactly("src:tar.gz:kubernetes-src.tar.gz", "image-kube-proxy-amd64:tar:kube-proxy.tar");
        assertThat(events).containsExactly(new BuildListener.Fact("artifacts", "3 files attached to g:a:1.20.2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pom", "jar"})
    void aProjectOfAnotherPackagingHasThemAllAttached(String packaging) {
        MavenProject other = project(packaging);

        new ReleaseProject(other).attach(RELEASE, attached, events::add);

        assertThat(other.getArtifact().getFile()).isNull();
        assertThat(attached.names)
                .containsExactly(
                        ":tar.gz:kubernetes.tar.gz",
                        "src:tar.gz:kubernetes-src.tar.gz",
                        "image-kube-proxy-amd64:tar:kube-proxy.tar");
        assertThat(events).containsExactly(new BuildListener.Fact("artifacts", "3 files attached to g:a:1.20.2"));
    }

    @Test
    void goalsThatRunTwiceAttachOnce() {
        new ReleaseProject(project).attach(RELEASE, attached, events::add);
        new ReleaseProject(project).attach(RELEASE, attached, events::add);

        assertThat(attached.names).hasSize(2);
        assertThat(events).hasSize(2).noneMatch(BuildListener.Warning.class::isInstance);
    }

    @Test
    void twoReleasesInOneProjectAreTold() {
        MavenProject other = project("pom");

        new ReleaseProject(other).attach(RELEASE, attached, events::add);
        new ReleaseProject(other)
                .attach(
                        List.of(
                                artifact("src", "tar.gz", "second/kubernetes-src.tar.gz"),
                                artifact("server-linux-arm64", "tar.gz", "second/server.tar.gz")),
                        attached,
                        events::add);

        assertThat(attached.names).hasSize(4).contains("server-linux-arm64:tar.gz:server.tar.gz");
        assertThat(events)
                .contains(
                        new BuildListener.Warning("not attached to g:a:1.20.2, which has other files of these names:"
                                + " kubernetes-src.tar.gz; build each release in a project of its own"),
                        new BuildListener.Fact("artifacts", "1 files attached to g:a:1.20.2"));
    }

    @Test
    void twoFilesOfOneNameAreRefused() {
        assertThatThrownBy(() -> new ReleaseProject(project)
                        .attach(
                                List.of(artifact("src", "tar.gz", "a.tar.gz"), artifact("src", "tar.gz", "b.tar.gz")),
                                attached,
                                events::add))
                .hasMessageContaining("b.tar.gz");
    }

    @Test
    void whereNothingIsBuiltNothingIsInstalledAndDeployed() {
        new ReleaseProject(project).leaveOut(List.of(project("jar")), events::add);

        assertThat(project.getProperties())
                .containsEntry("maven.install.skip", "true")
                .containsEntry("maven.deploy.skip", "true");
        assertThat(events)
                .containsExactly(new BuildListener.Fact(
                        "artifacts", "none, as kube.skip is true: g:a:1.20.2 is neither installed nor deployed"));
    }

    @Test
    void modulesThatTakeWhatIsNotBuiltAreNamed() {
        MavenProject taker = project("pom");
        taker.setArtifactId("distribution");
        Dependency dependency = new Dependency();
        dependency.setGroupId("g");
        dependency.setArtifactId("a");
        taker.getDependencies().add(dependency);

        new ReleaseProject(project).leaveOut(List.of(project("jar"), taker), events::add);

        assertThat(events).hasSize(2).last().isInstanceOfSatisfying(BuildListener.Warning.class, warning -> assertThat(
                        warning.text())
                .startsWith("g:a:1.20.2 is not built, as kube.skip is true, but its artifacts are dependencies of"
                        + " distribution: ")
                .contains("-pl '!:distribution'"));
    }

    @Test
    void aProjectWithAnArtifactOfItsOwnIsInstalledAllTheSame() {
        MavenProject other = project("jar");
        new ReleaseProject(other).leaveOut(List.of(), events::add);
        project.getArtifact().setFile(new File("kubernetes.tar.gz"));
        new ReleaseProject(project).leaveOut(List.of(), events::add);

        assertThat(other.getProperties()).isEmpty();
        assertThat(project.getProperties()).isEmpty();
        assertThat(events).isEmpty();
    }

    @Test
    void anotherVersionThanTheTreesIsAWarningAsSoonAsItIsKnown() {
        BuildListener listener = new ReleaseProject(project).comparing(events::add);

        listener.on(new BuildListener.VersionFound("v1.20.3"));
        listener.on(new BuildListener.StepStarted("build-image"));

        assertThat(events)
                .containsExactly(
                        new BuildListener.VersionFound("v1.20.3"),
                        new BuildListener.Warning("the POM's version is 1.20.2, but the tree is v1.20.3; for the"
                                + " same, let the POM's version be 1.20.3, or build as -Dkube.git.version=v1.20.2"),
                        new BuildListener.StepStarted("build-image"));
    }

    @Test
    void projectsOfOtherPackagingsHaveVersionsOfTheirOwn() {
        new ReleaseProject(project("pom")).comparing(events::add).on(new BuildListener.VersionFound("v1.20.3"));

        assertThat(events).containsExactly(new BuildListener.VersionFound("v1.20.3"));
    }

    @ParameterizedTest
    @CsvSource({
        "1.20.2, v1.20.2",
        "v1.20.2, v1.20.2",
        "1.20.2-SNAPSHOT, v1.20.2",
        "1.20.2-SNAPSHOT, v1.20.2-dirty",
        "1.20.2-SNAPSHOT, v1.20.2-4+1234567890abcd",
        "1.20.3-SNAPSHOT, v1.20.3-rc.0.5+1234567890abcd",
        "1.20.3-rc.0-SNAPSHOT, v1.20.3-rc.0.5+1234567890abcd",
        "1.20.2-corp1, v1.20.2",
        "1.20.2-corp1, v1.20.2-4+1234567890abcd-dirty",
        "1.20.2.redhat-00001, v1.20.2",
        "1.20.2-corp1-SNAPSHOT, v1.20.2",
        "1.21.0-rc.1, v1.21.0-rc.1",
        "1.21.0-rc.1-corp2, v1.21.0-rc.1"
    })
    void aVersionFits(String pom, String tree) {
        assertThat(new ProjectVersion(pom).fits(tree)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1.20.2, v1.20.3",
        "1.20.2, v1.20.2-dirty",
        "1.20.2, v1.20.2-rc.1",
        "1.20.2-rc.1, v1.20.2",
        "1.20.2-corp1, v1.20.3",
        "1.20.2-corp1, v1.20.2-rc.1",
        "1.20.2-SNAPSHOT, v1.20.21",
        "1.0-SNAPSHOT, v1.20.2",
        "1-SNAPSHOT, v1.20.2"
    })
    void aVersionDoesNotFit(String pom, String tree) {
        assertThat(new ProjectVersion(pom).fits(tree)).isFalse();
    }

    @Test
    void nobodyIsAdvisedToPutSnapshotIntoPrograms() {
        assertThat(new ProjectVersion("1.21.0-SNAPSHOT").advice("v1.20.2"))
                .endsWith("let the POM's version be 1.20.2-SNAPSHOT, or build as -Dkube.git.version=v1.21.0");
    }

    private static MavenProject project(String packaging) {
        MavenProject project = new MavenProject();
        project.setGroupId("g");
        project.setArtifactId("a");
        project.setPackaging(packaging);
        project.setVersion("1.20.2");
        project.setArtifact(
                new DefaultArtifact("g", "a", "1.20.2", null, packaging, null, new DefaultArtifactHandler(packaging)));
        return project;
    }

    private static ReleaseArtifact artifact(String classifier, String type, String file) {
        return new ReleaseArtifact(Path.of(file), Optional.of(classifier).filter(name -> !name.isEmpty()), type);
    }

    /** Attaches as Maven's own does, which needs Maven's container. */
    private static final class AttachedFiles implements MavenProjectHelper {
        private final List<String> names = new ArrayList<>();

        @Override
        @SuppressWarnings("deprecation") // Maven's own helper calls it as well
        public void attachArtifact(MavenProject project, String type, String classifier, File file) {
            names.add(classifier + ":" + type + ":" + file.getName());
            Artifact artifact = new DefaultArtifact(
                    project.getGroupId(),
                    project.getArtifactId(),
                    project.getVersion(),
                    null,
                    type,
                    classifier.isEmpty() ? null : classifier,
                    new DefaultArtifactHandler(type));
            artifact.setFile(file);
            project.addAttachedArtifact(artifact);
        }

        @Override
        public void attachArtifact(MavenProject project, File file, String classifier) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void attachArtifact(MavenProject project, String type, File file) {
            attachArtifact(project, type, "", file);
        }

        @Override
        public void addResource(MavenProject project, String directory, List<String> includes, List<String> excludes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void addTestResource(
                MavenProject project, String directory, List<String> includes, List<String> excludes) {
            throw new UnsupportedOperationException();
        }
    }
}
