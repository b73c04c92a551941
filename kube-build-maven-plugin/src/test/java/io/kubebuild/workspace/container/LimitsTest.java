package io.kubebuild.workspace.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.workspace.Workspace.Capacity;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {

    private static final Capacity ENGINE = new Capacity(8, 32L << 30);

    @ParameterizedTest
    @CsvSource({
        // What the kernel shows, CPUs, GiB
        "'memory max|quota max 100000|cpus 8', 8, 32",
        "'memory 8589934592|quota 200000 100000|cpus 8', 2, 8",
        "'memory 8589934592|quota 150000 100000|cpus 8', 2, 8",
        "'quota 50000 100000|cpus 4', 1, 32",
        "'cpus 4', 4, 32",
        // Version 1: no limit is a number that no machine has, or a negative one; the limit of a group above counts.
        "'memory 9223372036854771712|memory 9223372036854771712|quota -1 100000|cpus 8', 8, 32",
        "'memory 9223372036854771712|memory 4294967296|quota -1 100000|cpus 8', 8, 4",
        "'memory|quota|nonsense 3|', 8, 32"
    })
    void takesTheLeastOfAllLimits(String lines, int cpus, long gigabytes) {
        assertThat(Limits.within(ENGINE, Arrays.asList(lines.split("\\|", -1))))
                .isEqualTo(new Capacity(cpus, gigabytes << 30));
    }

    @Test
    void withoutAnAnswerTheEngineCounts() {
        assertThat(Limits.within(ENGINE, List.of())).isEqualTo(ENGINE);
    }
}
