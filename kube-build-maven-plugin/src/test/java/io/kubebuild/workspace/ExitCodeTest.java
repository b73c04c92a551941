package io.kubebuild.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {

    @ParameterizedTest
    @CsvSource({
        "137, want of memory, more memory",
        "143, an engine that is stopped, docker info",
        "130, the user interrupted it, run it again",
        "129, its terminal or session was closed, run it again",
        "124, a time limit, took so long"
    })
    void whoeverEndsACommandIsNamed(int code, String who, String fix) {
        assertThat(ExitCode.inWords(code)).startsWith(code + " (").contains(who);
        assertThat(ExitCode.fix(code, "see the lines above")).contains(fix);
    }

    @Test
    void aCommandThatEndsByItselfHasANumberAndAFixOfItsOwn() {
        assertThat(ExitCode.inWords(2)).isEqualTo("2");
        assertThat(ExitCode.fix(2, "see the lines above")).isEqualTo("see the lines above");
        assertThat(ExitCode.isOfSignal(2)).isFalse();
    }
}
