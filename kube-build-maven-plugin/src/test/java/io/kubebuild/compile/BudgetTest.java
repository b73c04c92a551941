package io.kubebuild.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.plan.Toolchain;
import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.Workspace;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

    @ParameterizedTest
    @CsvSource({
        // CPUs, GiB, jobs, Go, jobs at once, processes of each
        "2, 24, 4, go1.19.8, 1, 2",
        "8, 32, 4, go1.19.8, 2, 4",
        "32, 128, 4, go1.19.8, 4, 8",
        "32, 128, 1, go1.19.8, 1, 32",
        // Memory binds where it is scarce, but there is always one.
        "8, 4, 4, go1.19.8, 1, 2",
        "8, 1, 4, go1.19.8, 1, 1",
        // Without a build cache, commands would meet in GOPATH/pkg.
        "32, 128, 4, go1.9.7, 1, 32",
        "32, 128, 4, '', 1, 32"
    })
    void sharesOutWhatThereIs(int cpus, long gigabytes, int jobCount, String go, int jobs, int processes) {
        Toolchain toolchain = new Toolchain(new Platform("linux", "amd64"), go, "/usr/local/go");

        assertThat(Budget.of(new Workspace.Capacity(cpus, gigabytes << 30), jobCount, toolchain))
                .isEqualTo(new Budget(jobs, processes));
    }
}
