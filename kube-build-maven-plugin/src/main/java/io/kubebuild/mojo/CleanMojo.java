package io.kubebuild.mojo;

import io.kubebuild.step.Pipeline;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Removes what builds left behind. In the lifecycle (<code>mvn clean</code>) only the outputs, so that the next build finds its
 * workspace warm; on the command line (<code>mvn kube:clean</code>) also this tree's containers, with the data in them, and its build
 * image. Containers and images of other trees are never touched.
 */
@Mojo(name = "clean", defaultPhase = LifecyclePhase.CLEAN, requiresProject = false, threadSafe = true)
public final class CleanMojo extends KubeMojo {

    /**
     * <code>true</code> to remove this tree's containers and build image too, <code>false</code> to keep them. Default:
     * <code>false</code> in the lifecycle, <code>true</code> where the goal is called by name.
     */
    @Parameter(property = "kube.clean.workspace")
    @Nullable
    String cleanWorkspace;

    private boolean workspaceToo;

    @Override
    void readMore(ParameterReader reader) {
        boolean calledByName = execution.getLifecyclePhase() == null;
        workspaceToo = reader.flag(ParameterName.of("kube.clean.workspace"), cleanWorkspace)
                .orElse(calledByName);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.clean(workspaceToo);
    }
}
