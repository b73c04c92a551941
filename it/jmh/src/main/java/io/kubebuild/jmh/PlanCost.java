package io.kubebuild.jmh;

import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PlanMerger;
import io.kubebuild.plan.RecordRequest;
import io.kubebuild.plan.Recording;
import io.kubebuild.plan.RequestedOutput;
import io.kubebuild.plan.Toolchain;
import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Merging a recording with as many commands as {@code cross.sh} gives: five builds for each platform, which overlap. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlanCost {

    private static final int BUILDS = 5;
    private static final int PROGRAMS = 20;
    private static final Toolchain GO = new Toolchain(new Platform("linux", "amd64"), "go1.19", "/usr/local/go");

    /** How many platforms are built. */
    @Param({"1", "4"})
    public int platforms;

    private List<Recording> recording = List.of();

    /** Commands with an environment of the size that a recording has. */
    @Setup
    public void record() {
        List<String> architectures = List.of("amd64", "arm64", "386", "ppc64le").subList(0, platforms);
        List<GoCommand> commands = new ArrayList<>();
        List<RequestedOutput> requested = new ArrayList<>();
        for (String architecture : architectures) {
            for (int build = 0; build < BUILDS; build++) {
                commands.add(command(architecture, build));
            }
            requested.add(new RequestedOutput("cmd/program0", new Platform("linux", architecture)));
        }
        RecordRequest request = RecordRequest.cross(Map.of("KUBE_OUTPUT_SUBPATH", "_output/dockerized"), requested);
        recording = List.of(new Recording(request, "/root", GO, commands));
    }

    private static GoCommand command(String architecture, int build) {
        SortedMap<String, String> environment = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            environment.put("KUBE_VARIABLE_" + i, "value ".repeat(20) + i);
        }
        environment.putAll(Map.of("GOPATH", "/g", "GO111MODULE", "off", "GOOS", "linux", "GOARCH", architecture));
        environment.put("WHAT", "build " + build);
        List<String> words = new ArrayList<>(List.of("go", "install", "-trimpath", "-tags", "x"));
        for (int program = 0; program < PROGRAMS - build; program++) {
            words.add("k8s.io/kubernetes/cmd/program" + program);
        }
        return new GoCommand("/g/src/k8s.io/kubernetes", environment, words);
    }

    /** From a recording to a plan. */
    @Benchmark
    public List<Plan> merge() {
        return recording.stream().map(new PlanMerger()::merge).toList();
    }
}
