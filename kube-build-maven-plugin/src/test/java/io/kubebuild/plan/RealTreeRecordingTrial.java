package io.kubebuild.plan;

import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.HostShellWorkspace;
import io.kubebuild.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** By hand only: records the real tree in a container that somebody has prepared ({@code -Dkube.trial.container=NAME}). */
@EnabledIfSystemProperty(named = "kube.trial.container", matches = ".+")
class RealTreeRecordingTrial {

    @Test
    void recordsWhatTheRealScriptsPlan() throws Exception {
        String container = System.getProperty("kube.trial.container");
        List<Platform> platforms =
                List.of(System.getProperty("kube.trial.platforms", "linux/amd64")
                                .split(" "))
                        .stream()
                        .map(text -> Platform.parse(text).orElseThrow())
                        .toList();
        Map<String, String> environment = new TreeMap<>(Map.of(
                "HOME", "/tmp",
                "KUBE_OUTPUT_SUBPATH", "_output/dockerized",
                "KUBE_GIT_VERSION_FILE", "/go/src/k8s.io/kubernetes/.dockerized-kube-version-defs",
                "SOURCE_DATE_EPOCH", "1610543941"));
        String image = "/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        HostShellWorkspace workspace = new HostShellWorkspace(
                List.of("docker", "exec", "-i", container),
                "/go/src/k8s.io/kubernetes",
                Map.of("PATH", image, "GOPATH", "/go", "GOROOT", "/usr/local/go", "HOSTNAME", "trial"),
                new Workspace.Capacity(2, 16L << 30));
        String what = System.getProperty("kube.trial.what", "");
        RecordRequest request;
        if (what.isEmpty()) {
            environment.put(
                    "KUBE_BUILD_PLATFORMS",
                    String.join(" ", platforms.stream().map(Platform::toString).toList()));
            List<RequestedOutput> requested = new ArrayList<>();
            for (String target : System.getProperty("kube.trial.targets").split(" ", -1)) {
                requested.add(new RequestedOutput(target, new Platform("linux", "amd64")));
            }
            request = RecordRequest.cross(environment, requested);
        } else {
            request = RecordRequest.what(List.of(what.split(" ")), platforms, environment);
        }
        long start = System.nanoTime();
        Recording recording = new Recorder().record(workspace, request, System.err::println);
        System.err.println("recorded " + recording.commands().size() + " commands in "
                + (System.nanoTime() - start) / 1_000_000 + " ms");
        Plan plan = new PlanMerger().merge(recording);
        plan.jobs()
                .forEach(job ->
                        System.err.println(job.title() + " " + job.command().packages()));
        new PlanFile().write(plan, Path.of(System.getProperty("kube.trial.plan", "target/trial-plan.json")));
        List<String> raw = recording.commands().stream()
                .map(c -> c.environment() + "\n  " + c.argv() + "\n")
                .toList();
        Files.write(Path.of("target/trial-raw.txt"), raw);
    }
}
