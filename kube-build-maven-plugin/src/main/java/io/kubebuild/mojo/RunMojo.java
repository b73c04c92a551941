package io.kubebuild.mojo;

import io.kubebuild.problem.Problem;
import io.kubebuild.step.Pipeline;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Runs a command in the build container, on the current sources, as <code>build/run.sh</code> does: <code>mvn kube:run
 * -Dcommand="make vet"</code>. What the command prints appears in the log; if it fails, so does the build. Binaries and generated
 * sources are copied out afterwards.
 *
 * @since 0.1.0
 */
@Mojo(name = "run", configurator = ParameterConfigurator.HINT, requiresProject = false, threadSafe = true)
public final class RunMojo extends WorkspaceMojo {

    /**
     * The command, for bash in the tree's root; for example <code>make test WHAT=./pkg/kubelet</code>. Required.
     *
     * @since 0.1.0
     */
    @Parameter(property = "command")
    @Nullable
    String command;

    private String wanted = "";
    private boolean copiesOut;

    @Override
    void readMore(ParameterReader reader) {
        wanted = reader.text(ParameterName.of("command"), command).orElse("");
        if (wanted.isEmpty()) {
            reader.problem(new Problem(
                    "kube:run does not know what to run",
                    "the parameter command is missing",
                    "name a command: -Dcommand=\"make test WHAT=./pkg/kubelet\""));
        }
        copiesOut = copiesOut(reader, true);
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.runCommand(wanted, copiesOut);
    }
}
