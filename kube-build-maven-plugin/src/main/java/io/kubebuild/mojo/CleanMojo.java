package io.kubebuild.mojo;

import io.kubebuild.step.Pipeline;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Removes what builds left behind. In the lifecycle (<code>mvn clean</code>) only the outputs, so that the next build finds its
 * workspace warm; on the command line (<code>mvn kube:clean</code>) also this tree's containers, with the data in them, and its build
 * image. Containers and images of other trees are never touched. Outputs of another user, such as root, are given to you first, by root
 * of a container, where an engine of this machine answers.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "clean",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.CLEAN,
        requiresProject = false,
        threadSafe = true)
public final class CleanMojo extends KubeMojo {

    /**
     * <code>true</code> to remove this tree's containers and build image too, <code>false</code> to keep them. Default:
     * <code>false</code> in the lifecycle, <code>true</code> where the goal is called by name.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.clean.workspace")
    @Nullable
    String cleanWorkspace;

    /**
     * <code>true</code> to remove, instead, containers and build images that builds on this host made for trees that no longer exist; the
     * current directory need not be a tree. Those that run, that another host made or that carry no label of this plugin stay. Default:
     * <code>false</code>.
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.clean.all")
    @Nullable
    String cleanAll;

    private boolean workspaceToo;
    private boolean all;

    @Override
    void readMore(ParameterReader reader) {
        boolean calledByName = execution.getLifecyclePhase() == null;
        workspaceToo = reader.flag(ParameterName.of("kube.clean.workspace"), cleanWorkspace)
                .orElse(calledByName);
        all = reader.flag(ParameterName.of("kube.clean.all"), cleanAll).orElse(false);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        if (all) {
            pipeline.cleanOrphans();
        } else {
            pipeline.clean(workspaceToo);
        }
    }

    boolean workspaceToo() {
        return workspaceToo;
    }
}
