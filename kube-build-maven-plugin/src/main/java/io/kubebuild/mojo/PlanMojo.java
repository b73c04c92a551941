package io.kubebuild.mojo;

import io.kubebuild.step.Pipeline;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a release would do, and does nothing of it: the go commands with their platforms and targets, the images with their bases,
 * the tarballs with what is in them. In the log a line for each, in a file all of it as JSON. For this the build image is built and the
 * sources are sent to the workspace, where the tree's scripts are recorded.
 *
 * @since 0.1.0
 */
@Mojo(name = "plan", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class PlanMojo extends KubeMojo {

    /**
     * Where <code>kube:plan</code> writes the plan as JSON, relative to the tree if relative, and not among its sources. Default:
     * <code>kube-release-plan.json</code> in the output directory.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.plan.file")
    @Nullable
    String planFile;

    private Optional<Path> file = Optional.empty();

    @Override
    boolean packages() {
        return false;
    }

    @Override
    void readMore(ParameterReader reader) {
        file = files(reader).toWrite(ParameterName.of("kube.plan.file"), planFile);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.showPlan(file);
    }
}
