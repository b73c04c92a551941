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
import org.apache.maven.artifact.DefaultArtifact;
import org.apache.maven.artifact.handler.DefaultArtifactHandler;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;
import org.junit.jupiter.api.Test;

class ReleaseProjectTest {

    private final MavenProject project = project("kube-release");
    private final List<BuildListener.Event> events = new ArrayList<>();

    @Test
    void theTarballWithoutAClassifierIsTheMainArtifact() {
        AttachedFiles attached = new AttachedFiles();

        new ReleaseProject(project)
                .attach(
                        List.of(
                                artifact("", "tar.gz", "kubernetes.tar.gz"),
                                artifact("src", "tar.gz", "kubernetes-src.tar.gz"),
                                artifact("image-kube-proxy-amd64", "tar", "kube-proxy.tar")),
                        attached);

        assertThat(project.getArtifact().getFile()).hasName("kubernetes.tar.gz");
        assertThat(attached.names)
                .containsExactly("src:tar.gz:kubernetes-src.tar.gz", "image-kube-proxy-amd64:tar:kube-proxy.tar");
    }

    @Test
    void otherPackagingsAreLeftAlone() {
        AttachedFiles attached = new AttachedFiles();
        MavenProject other = project("pom");

        new ReleaseProject(other).attach(List.of(artifact("", "tar.gz", "kubernetes.tar.gz")), attached);

        assertThat(other.getArtifact().getFile()).isNull();
    }

    @Test
    void twoFilesOfOneNameAreRefused() {
        assertThatThrownBy(() -> new ReleaseProject(project)
                        .attach(
                                List.of(artifact("src", "tar.gz", "a.tar.gz"), artifact("src", "tar.gz", "b.tar.gz")),
                                new AttachedFiles()))
                .hasMessageContaining("b.tar.gz");
    }

    @Test
    void anotherVersionThanTheTreesIsAWarning() {
        new ReleaseProject(project).compareVersion("v1.20.3", events::add);

        assertThat(events)
                .containsExactly(
                        new BuildListener.Warning(
                                "the POM's version is 1.20.2, but the tree is v1.20.3; for the"
                                        + " same, put <version>1.20.3</version> into the POM, or build as -Dkube.git.version=v1.20.2"));
    }

    @Test
    void theSameVersionIsNone() {
        new ReleaseProject(project).compareVersion("v1.20.2", events::add);
        new ReleaseProject(project("pom")).compareVersion("v1.20.3", events::add);

        assertThat(events).isEmpty();
    }

    private static MavenProject project(String packaging) {
        MavenProject project = new MavenProject();
        project.setPackaging(packaging);
        project.setVersion("1.20.2");
        project.setArtifact(
                new DefaultArtifact("g", "a", "1.20.2", null, packaging, null, new DefaultArtifactHandler(packaging)));
        return project;
    }

    private static ReleaseArtifact artifact(String classifier, String type, String file) {
        return new ReleaseArtifact(Path.of(file), Optional.of(classifier).filter(name -> !name.isEmpty()), type);
    }

    private static final class AttachedFiles implements MavenProjectHelper {
        private final List<String> names = new ArrayList<>();

        @Override
        public void attachArtifact(MavenProject project, String type, String classifier, File file) {
            names.add(classifier + ":" + type + ":" + file.getName());
        }

        @Override
        public void attachArtifact(MavenProject project, File file, String classifier) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void attachArtifact(MavenProject project, String type, File file) {
            throw new UnsupportedOperationException();
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
