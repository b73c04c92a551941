package io.kubebuild.mojo;

import io.kubebuild.request.StepName;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Compiles everything that a release needs, for every platform asked for, as the tree itself would, but without doing anything twice.
 * Needs <code>kube:sync</code> to have run.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "cross-compile",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.COMPILE,
        requiresProject = false,
        threadSafe = true)
public final class CrossCompileMojo extends KubeMojo {

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.run(List.of(StepName.CROSS_COMPILE), false);
    }
}
