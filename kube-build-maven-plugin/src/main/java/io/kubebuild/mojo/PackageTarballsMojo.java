package io.kubebuild.mojo;

import io.kubebuild.event.BuildListener;
import io.kubebuild.request.StepName;
import io.kubebuild.step.Pipeline;
import java.util.List;
import javax.inject.Inject;
import org.apache.maven.execution.ProjectDependencyGraph;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Makes the server images and the release tarballs, in <code>_output/release-tars</code> and <code>_output/release-images</code>. In
 * a project they become artifacts of it. Needs <code>kube:copy-output</code> to have run.
 *
 * @since 0.1.0
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
        attach(pipeline.run(List.of(StepName.PACKAGE_TARBALLS), false), helper, listener);
    }

    @Override
    boolean isFollowed() {
        return false;
    }

    @Override
    void skipped(BuildListener listener) {
        if (hasPom()) {
            ProjectDependencyGraph graph = session.getProjectDependencyGraph();
            release()
                    .leaveOut(
                            graph == null ? List.of() : graph.getDownstreamProjects(projectOrFail(), false), listener);
        }
    }
}
