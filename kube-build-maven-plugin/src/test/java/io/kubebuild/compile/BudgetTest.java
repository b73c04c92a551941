package io.kubebuild.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Toolchain;
import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.Workspace;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

    @ParameterizedTest
    @CsvSource({
        // CPUs, GiB, jobs, Go, jobs at once, processes of each, threads of each process
        "2, 24, 4, go1.19.8, 1, 2, 1",
        "8, 32, 4, go1.19.8, 2, 4, 1",
        "32, 128, 4, go1.19.8, 4, 8, 2",
        "32, 128, 1, go1.19.8, 1, 32, 8",
        // Memory binds where it is scarce, but there is always one.
        "8, 4, 4, go1.19.8, 1, 2, 1",
        "8, 1, 4, go1.19.8, 1, 1, 1",
        // Without a build cache, commands would meet in GOPATH/pkg.
        "32, 128, 4, go1.9.7, 1, 32, 8",
        "32, 128, 4, '', 1, 32, 8"
    })
    void sharesOutWhatThereIs(
            int cpus, long gigabytes, int jobCount, String go, int jobs, int processes, String threads) {
        Budget budget = budget(cpus, gigabytes, jobCount, go);

        assertThat(budget.jobs()).isEqualTo(jobs);
        assertThat(budget.processesPerJob()).isEqualTo(processes);
        assertThat(budget.variables()).containsEntry("GOMAXPROCS", threads);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 24, go1.19.8, off, 6144MiB",
        "2, 9, go1.22.1, off, 2304MiB",
        "2, 24, go1.15.5, 400,",
        "2, 24, '', 400,",
        // Go's own default where a large link would need all there is.
        "2, 8, go1.19.8,,",
        "8, 16, go1.15.5,,"
    })
    void collectsGarbageLessWhereMemoryIsPlenty(
            int cpus, long gigabytes, String go, @Nullable String percent, @Nullable String limit) {
        Budget budget = budget(cpus, gigabytes, 1, go);

        assertThat(budget.variables().get("GOGC")).isEqualTo(percent);
        assertThat(budget.variables().get("GOMEMLIMIT")).isEqualTo(limit);
    }

    @Test
    void whoeverSaysHowManyProcessesKeepsThem() {
        Budget budget = budget(8, 32, 1, "go1.19.8");
        GoCommand command = new GoCommand("/go", new TreeMap<>(), List.of("go", "install", "-v", "./cmd/kubectl"));

        assertThat(budget.share(command).argv()).containsExactly("go", "install", "-v", "-p=8", "./cmd/kubectl");
        assertThat(budget.share(command.withFlag("-p=3")).argv())
                .containsExactly("go", "install", "-v", "-p=3", "./cmd/kubectl");
    }

    private static Budget budget(int cpus, long gigabytes, int jobCount, String go) {
        Toolchain toolchain = new Toolchain(new Platform("linux", "amd64"), go, "/usr/local/go");
        return Budget.of(new Workspace.Capacity(cpus, gigabytes << 30), jobCount, toolchain);
    }
}
