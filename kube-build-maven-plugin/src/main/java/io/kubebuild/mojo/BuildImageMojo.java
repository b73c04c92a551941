package io.kubebuild.mojo;

import io.kubebuild.request.StepName;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Builds the build image, in which everything is compiled, as the tree's own scripts do, under the name that they give it; older
 * images of the same tree are removed. Needs <code>kube:verify-prereqs</code> to have run.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "build-image",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.INITIALIZE,
        requiresProject = false,
        threadSafe = true)
public final class BuildImageMojo extends KubeMojo {

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.run(List.of(StepName.BUILD_IMAGE), false);
    }
}
