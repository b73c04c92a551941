package io.kubebuild.mojo;

import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** What the goals that let the user into the workspace have in common. */
abstract class WorkspaceMojo extends KubeMojo {

    /**
     * <code>true</code> to copy binaries and generated sources out after the command has succeeded, <code>false</code> to leave them in
     * the workspace. Default: <code>true</code> with kube:run, <code>false</code> with kube:shell. Upstream's variable:
     * KUBE_RUN_COPY_OUTPUT (<code>y</code> or <code>n</code>).
     *
     * @since 0.1.0
     */
    @Parameter(property = "kube.run.copyOutput")
    @Nullable
    String runCopyOutput;

    /** For a Mojo of this package. */
    WorkspaceMojo() {}

    @Override
    final boolean packages() {
        return false;
    }

    final boolean copiesOut(ParameterReader reader, boolean byDefault) {
        return reader.flag(ParameterName.of("kube.run.copyOutput", "KUBE_RUN_COPY_OUTPUT"), runCopyOutput, "y", "n")
                .orElse(byDefault);
    }
}
