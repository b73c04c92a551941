package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.ReleaseArtifact;
import java.io.File;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;

/**
 * A project that a release is built in. One of packaging {@code kube-release} has the release as its artifacts, the tarball without a
 * classifier as the main one. One of any other packaging has a main artifact of its own, and all files of the release are attached to it.
 */
final class ReleaseProject {

    static final String PACKAGING = "kube-release";

    private final MavenProject project;

    ReleaseProject(MavenProject project) {
        this.project = project;
    }

    /** Makes the files of a release the project's artifacts, and tells how many there are, and which another file stands in the way of. */
    void attach(List<ReleaseArtifact> artifacts, MavenProjectHelper helper, BuildListener listener) {
        refuseEqualNames(artifacts);
        List<String> inTheWay = new ArrayList<>();
        for (ReleaseArtifact artifact : artifacts) {
            Optional<File> present = present(artifact);
            File file = artifact.file().toFile();
            if (present.filter(other -> !other.equals(file)).isPresent()) {
                inTheWay.add(file.getName());
            } else if (isMain(artifact)) {
                project.getArtifact().setFile(file);
            } else if (present.isEmpty() && artifact.classifier().isPresent()) {
                helper.attachArtifact(
                        project, artifact.type(), artifact.classifier().get(), file);
            } else if (present.isEmpty()) {
                helper.attachArtifact(project, artifact.type(), file);
            }
        }
        if (!inTheWay.isEmpty()) {
            listener.on(
                    new BuildListener.Warning("not attached to " + name() + ", which has other files of these names: "
                            + String.join(", ", inTheWay) + "; build each release in a project of its own"));
        }
        listener.on(new BuildListener.Fact(
                "artifacts", artifacts.size() - inTheWay.size() + " files attached to " + name()));
    }

    private static void refuseEqualNames(List<ReleaseArtifact> artifacts) {
        Set<String> names = new HashSet<>();
        for (ReleaseArtifact artifact : artifacts) {
            String name = artifact.classifier().orElse("") + "." + artifact.type();
            if (!names.add(name)) {
                throw KubeException.build(
                        "two files of the release would be the artifact " + name,
                        "the second is " + artifact.file(),
                        "report this: each file must have a classifier of its own");
            }
        }
    }

    private boolean isMain(ReleaseArtifact artifact) {
        return isRelease() && artifact.classifier().isEmpty();
    }

    /** The file that the project has already under the name of an artifact: goals may run twice. */
    private Optional<File> present(ReleaseArtifact artifact) {
        if (isMain(artifact)) {
            return Optional.ofNullable(project.getArtifact().getFile());
        }
        return project.getAttachedArtifacts().stream()
                .filter(attached -> artifact.type().equals(attached.getType())
                        && artifact.classifier()
                                .orElse("")
                                .equals(Objects.requireNonNullElse(attached.getClassifier(), "")))
                .map(Artifact::getFile)
                .findFirst();
    }

    /**
     * What Maven's own goals would do with the artifacts is left out, for nothing has been built: without a main artifact they fail. A
     * property of the command line wins over this, as always.
     *
     * @param downstream the modules of the same build that come after this one
     */
    void leaveOut(List<MavenProject> downstream, BuildListener listener) {
        if (!isRelease() || project.getArtifact().getFile() != null) {
            return;
        }
        project.getProperties().setProperty("maven.install.skip", "true");
        project.getProperties().setProperty("maven.deploy.skip", "true");
        listener.on(new BuildListener.Fact(
                "artifacts", "none, as kube.skip is true: " + name() + " is neither installed nor deployed"));
        List<String> takers = downstream.stream()
                .filter(other -> other.getDependencies().stream()
                        .anyMatch(dependency -> project.getGroupId().equals(dependency.getGroupId())
                                && project.getArtifactId().equals(dependency.getArtifactId())))
                .map(MavenProject::getArtifactId)
                .toList();
        if (!takers.isEmpty()) {
            listener.on(new BuildListener.Warning(name()
                    + " is not built, as kube.skip is true, but its artifacts are dependencies of "
                    + String.join(", ", takers)
                    + ": they are taken from a repository, and where none has them that module"
                    + " fails; leave it out as well (-pl '!:" + takers.get(0) + "'), or build without kube.skip"));
        }
    }

    /** Listens to a build of a release, and compares the POM's version as soon as the tree's is known: before anything is built. */
    BuildListener comparing(BuildListener listener) {
        return event -> {
            listener.on(event);
            if (event instanceof BuildListener.VersionFound found && isRelease()) {
                ProjectVersion version = new ProjectVersion(project.getVersion());
                if (!version.fits(found.version())) {
                    listener.on(new BuildListener.Warning(version.advice(found.version())));
                }
            }
        };
    }

    private boolean isRelease() {
        return PACKAGING.equals(project.getPackaging());
    }

    private String name() {
        return project.getGroupId() + ":" + project.getArtifactId() + ":" + project.getVersion();
    }
}
