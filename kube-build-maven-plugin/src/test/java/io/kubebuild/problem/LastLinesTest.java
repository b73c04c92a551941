package io.kubebuild.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LastLinesTest {

    private static List<String> lines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "line " + i).toList();
    }

    @Test
    void keepAsManyAsFitAScreen() {
        assertThat(LastLines.of(lines(3))).isEqualTo("line 1\nline 2\nline 3");
        assertThat(LastLines.of(lines(500)).lines())
                .hasSize(LastLines.SHOWN)
                .startsWith("line 481")
                .endsWith("line 500");
        assertThat(LastLines.of("")).isEmpty();
    }

    @Test
    void keepBothEndsOfALineWithoutEnd() {
        String line = "begins" + "x".repeat(100_000) + "ends";

        assertThat(LastLines.of(line)).hasSizeLessThan(600).startsWith("begins").endsWith("ends");
    }

    @Test
    void leaveOutWhatScriptsSayOfTheirProgress() {
        LastLines last = LastLines.ofScript();
        last.accept("pkg/a.go:3: undefined: b");
        for (int i = 0; i < 100; i++) {
            last.accept("+++ [1127 10:00:00] Building go targets for linux/amd64:");
            last.accept("    cmd/kube-apiserver");
        }
        last.accept("!!! Error in hack/lib/golang.sh:1");

        assertThat(last.text()).isEqualTo("pkg/a.go:3: undefined: b\n!!! Error in hack/lib/golang.sh:1");
        assertThat(last.below("exit code 2")).startsWith("exit code 2\npkg/a.go");
        assertThat(LastLines.ofAny().below("exit code 2")).isEqualTo("exit code 2");
    }

    @Test
    void noReasonIsLongerThanAScreenWhereverItComesFrom() {
        Problem long1 = new Problem("it failed", String.join("\n", lines(5000)), "try again");
        assertThat(long1.text().lines())
                .hasSizeLessThan(25)
                .contains("  why: … (4980 lines before)", "       line 5000");

        Problem list = new Problem("they are wrong", Shown.lines(lines(300)), "mend them");
        assertThat(list.why()).startsWith("line 1\n").endsWith("line 10 and 290 more");
        assertThat(Shown.names(lines(300))).endsWith("line 10 and 290 more");
        assertThat(Shown.names(lines(2))).isEqualTo("line 1, line 2");

        String whole = lines(30).stream().collect(Collectors.joining("\n"));
        assertThat(new Problem("it failed", whole, "try again").why()).isEqualTo(whole);
    }
}
