package io.kubebuild.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellFunctionTest {

    private static final String SCRIPT = """
            # function a::b() { not this one
            function a::b() {
              local -ra cmd=(
                run --volume "${ROOT}"   # isn't ended by this quote
                --filter='H /.git' \\
                --name "x y"z
              )
            }

            function a::bc {
              echo "a \\"quoted\\" word" '#'none
            }
            """;

    @Test
    void readsWordsWithoutQuotesAndComments() {
        assertThat(ShellFunction.find(SCRIPT, "a::b").orElseThrow().words())
                .containsExactly(
                        "local",
                        "-ra",
                        "cmd=(",
                        "run",
                        "--volume",
                        "${ROOT}",
                        "--filter=H /.git",
                        "--name",
                        "x yz",
                        ")");
    }

    @Test
    void findsAFunctionWithoutParentheses() {
        assertThat(ShellFunction.find(SCRIPT, "a::bc").orElseThrow().words())
                .containsExactly("echo", "a \"quoted\" word", "#none");
    }

    @Test
    void findsNothingUnderAnotherName() {
        assertThat(ShellFunction.find(SCRIPT, "b")).isEmpty();
    }
}
