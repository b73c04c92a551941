package io.kubebuild.mojo;

import io.kubebuild.step.Pipeline;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Opens a shell in the build container, on the current sources, as <code>build/shell.sh</code> does. Needs a terminal and the docker
 * command. Nothing is copied out afterwards unless that is asked for.
 *
 * @since 0.1.0
 */
@Mojo(name = "shell", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class ShellMojo extends WorkspaceMojo {

    private boolean copiesOut;

    @Override
    void readMore(ParameterReader reader) {
        copiesOut = copiesOut(reader, false);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.shell(copiesOut);
    }
}
