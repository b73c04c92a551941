package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.ReleaseArtifact;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;

/** A project of packaging {@code kube-release}, whose artifacts are a release; other projects are left as they are. */
final class ReleaseProject {

    static final String PACKAGING = "kube-release";

    private final MavenProject project;

    ReleaseProject(MavenProject project) {
        this.project = project;
    }

    /** Makes the files of a release the project's artifacts: the one without a classifier the main one, the others attached. */
    void attach(List<ReleaseArtifact> artifacts, MavenProjectHelper helper) {
        if (!applies()) {
            return;
        }
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
        for (ReleaseArtifact artifact : artifacts) {
            if (artifact.classifier().isPresent()) {
                helper.attachArtifact(
                        project,
                        artifact.type(),
                        artifact.classifier().get(),
                        artifact.file().toFile());
            } else {
                project.getArtifact().setFile(artifact.file().toFile());
            }
        }
    }

    /** Warns where the POM's version is not the tree's: what is deployed would not be what its coordinates say. */
    void compareVersion(String treeVersion, BuildListener listener) {
        String expected = treeVersion.startsWith("v") ? treeVersion.substring(1) : treeVersion;
        String actual = project.getVersion();
        if (applies() && !actual.equals(expected) && !actual.equals(treeVersion)) {
            listener.on(new BuildListener.Warning("the POM's version is " + actual + ", but the tree is " + treeVersion
                    + "; for the same, put <version>" + expected
                    + "</version> into the POM, or build as -Dkube.git.version=v"
                    + (actual.startsWith("v") ? actual.substring(1) : actual)));
        }
    }

    private boolean applies() {
        return PACKAGING.equals(project.getPackaging());
    }
}
