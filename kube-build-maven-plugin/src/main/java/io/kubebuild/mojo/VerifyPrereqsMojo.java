package io.kubebuild.mojo;

import io.kubebuild.request.StepName;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Checks everything that a build needs before it starts: the tree, the engine and its resources, the cross image, platforms and
 * targets. It fixes the version for all later goals. All problems are reported at once.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "verify-prereqs",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.VALIDATE,
        requiresProject = false,
        threadSafe = true)
public final class VerifyPrereqsMojo extends KubeMojo {

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.run(List.of(StepName.VERIFY_PREREQS), false);
    }
}
