package io.kubebuild.mojo;

import io.kubebuild.request.StepName;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Copies binaries and generated sources from the workspace back to where upstream's scripts put them,
 * <code>_output/dockerized/bin</code> among them. Needs <code>kube:cross-compile</code> to have run.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "copy-output",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.PROCESS_CLASSES,
        requiresProject = false,
        threadSafe = true)
public final class CopyOutputMojo extends KubeMojo {

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.run(List.of(StepName.COPY_OUTPUT), false);
    }
}
