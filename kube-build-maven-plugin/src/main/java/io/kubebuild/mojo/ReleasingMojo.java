package io.kubebuild.mojo;

import io.kubebuild.step.BuildResult;
import io.kubebuild.step.Pipeline;
import io.kubebuild.step.StepName;
import java.util.List;
import org.apache.maven.project.MavenProjectHelper;

/** What the goals that make a whole release have in common: the six steps, and artifacts where there is a project. */
abstract class ReleasingMojo extends KubeMojo {

    private final MavenProjectHelper helper;

    /** For a Mojo of this package. */
    ReleasingMojo(MavenProjectHelper helper) {
        this.helper = helper;
    }

    @Override
    final void build(Pipeline pipeline, LogListener listener) {
        BuildResult result = pipeline.run(List.of(StepName.values()), true);
        if (hasPom()) {
            ReleaseProject release = new ReleaseProject(projectOrFail());
            release.compareVersion(result.version(), listener);
            release.attach(result.artifacts(), helper);
        }
    }
}
