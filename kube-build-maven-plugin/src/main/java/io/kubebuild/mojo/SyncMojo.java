package io.kubebuild.mojo;

import io.kubebuild.request.StepName;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Brings the sources into the workspace: only what changed since the last time, deletions included. Needs
 * <code>kube:build-image</code> to have run.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "sync",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.PROCESS_SOURCES,
        requiresProject = false,
        threadSafe = true)
public final class SyncMojo extends KubeMojo {

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.run(List.of(StepName.SYNC), false);
    }
}
