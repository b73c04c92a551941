package io.kubebuild.mojo;

import io.kubebuild.request.StepName;
import io.kubebuild.step.BuildResult;
import io.kubebuild.step.Pipeline;
import java.util.List;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Makes the server images and the release tarballs, in <code>_output/release-tars</code> and <code>_output/release-images</code>. In
 * a project of packaging <code>kube-release</code> they become the project's artifacts. Needs <code>kube:copy-output</code> to have
 * run.
 */
@Mojo(
        name = "package-tarballs",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.PACKAGE,
        requiresProject = false,
        threadSafe = true)
public final class PackageTarballsMojo extends KubeMojo {

    private final MavenProjectHelper helper;

    @Inject
    PackageTarballsMojo(MavenProjectHelper helper) {
        this.helper = helper;
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        BuildResult result = pipeline.run(List.of(StepName.PACKAGE_TARBALLS), false);
        if (hasPom()) {
            new ReleaseProject(projectOrFail()).attach(result.artifacts(), helper);
        }
    }
}
