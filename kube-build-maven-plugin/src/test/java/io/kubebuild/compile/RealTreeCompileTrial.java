package io.kubebuild.compile;

import io.kubebuild.event.BuildListener;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PlanFile;
import io.kubebuild.workspace.HostShellWorkspace;
import io.kubebuild.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** By hand only: runs the plan that RealTreeRecordingTrial left, in the same container. */
@EnabledIfSystemProperty(named = "kube.trial.container", matches = ".+")
class RealTreeCompileTrial {

    @Test
    void replaysTheRecordedPlan() throws Exception {
        Plan plan = new PlanFile()
                .read(Path.of(System.getProperty("kube.trial.plan", "target/trial-plan.json")))
                .orElseThrow();
        Workspace workspace = new HostShellWorkspace(
                List.of("docker", "exec", "-i", System.getProperty("kube.trial.container")),
                "/go/src/k8s.io/kubernetes",
                Map.of("PATH", "/usr/local/go/bin:/usr/bin:/bin"),
                new Workspace.Capacity(2, 16L << 30));
        BuildListener listener = event -> System.err.println(event);
        CompileSettings settings = new CompileSettings(Path.of("target/trial-compile.log"));
        long start = System.nanoTime();
        System.err.println(new Compiler().run(plan, workspace, settings, listener));
        System.err.println("compiled in " + (System.nanoTime() - start) / 1_000_000 + " ms");
        System.err.println("again: " + new Compiler().run(plan, workspace, settings, listener));
    }
}
