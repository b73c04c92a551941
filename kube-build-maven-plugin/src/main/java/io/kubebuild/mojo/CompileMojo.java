package io.kubebuild.mojo;

import io.kubebuild.problem.Problem;
import io.kubebuild.request.StepName;
import io.kubebuild.step.Pipeline;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Compiles single targets and copies them out: the first five steps, for <code>-Dwhat=cmd/kube-apiserver</code>. Without
 * <code>kube.platforms</code> it builds for the engine's own platform.
 *
 * @since 0.1.0
 */
@Mojo(
        name = "compile",
        configurator = ParameterConfigurator.HINT,
        defaultPhase = LifecyclePhase.COMPILE,
        requiresProject = false,
        threadSafe = true)
public final class CompileMojo extends KubeMojo {

    /**
     * What to compile: targets as the tree's Makefile has them in WHAT, separated by commas or blanks; for example
     * <code>cmd/kube-apiserver,cmd/kubectl</code>. Required. A target that the tree does not have is an error. Upstream's
     * variable: WHAT.
     *
     * @since 0.1.0
     */
    @Parameter(property = "what")
    @Nullable
    List<String> what;

    @Override
    List<String> targets(ParameterReader reader) {
        List<String> targets = reader.words(ParameterName.of("what", "WHAT"), what);
        if (targets.isEmpty()) {
            reader.problem(
                    new Problem(
                            "kube:compile does not know what to compile",
                            "the parameter what is missing",
                            "name one or more targets: -Dwhat=cmd/kube-apiserver,cmd/kubectl; for all of a release use kube:release"));
        }
        return targets;
    }

    @Override
    boolean packages() {
        return false;
    }

    @Override
    void build(Pipeline pipeline, LogListener listener) {
        pipeline.run(
                List.of(
                        StepName.VERIFY_PREREQS,
                        StepName.BUILD_IMAGE,
                        StepName.SYNC,
                        StepName.CROSS_COMPILE,
                        StepName.COPY_OUTPUT),
                true);
    }
}
