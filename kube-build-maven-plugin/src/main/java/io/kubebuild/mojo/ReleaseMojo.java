package io.kubebuild.mojo;

import io.kubebuild.step.BuildResult;
import io.kubebuild.step.Pipeline;
import io.kubebuild.step.StepName;
import java.util.List;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Makes a whole release: the six steps from <code>verify-prereqs</code> to <code>package-tarballs</code>, in one go. What is up to
 * date is not done again. Works with and without a POM.
 */
@Mojo(name = "release", requiresProject = false, threadSafe = true)
public final class ReleaseMojo extends KubeMojo {

    private final MavenProjectHelper helper;

    @Inject
    ReleaseMojo(MavenProjectHelper helper) {
        this.helper = helper;
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        BuildResult result = pipeline.run(List.of(StepName.values()), true);
        if (hasPom()) {
            ReleaseProject release = new ReleaseProject(projectOrFail());
            release.compareVersion(result.version(), listener);
            release.attach(result.artifacts(), helper);
        }
    }
}
