package io.kubebuild.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShownTest {

    @Test
    void leavesOrdinaryTextsAlone() {
        assertThat(Shown.text("größe 日本 👩‍💻\n\tx")).isEqualTo("größe 日本 👩‍💻\n\tx");
        assertThat(Shown.name("a b/ü")).isEqualTo("a b/ü");
    }

    @Test
    void takesColoursAwayAndSpellsOutWhatMovesTheCursor() {
        assertThat(Shown.text("\u001b[1;31mred\u001b[0m \u001b[2J\r\b\u009b\u202egpj\0"))
                .isEqualTo("red \\u001b[2J\\u000d\\u0008\\u009b\\u202egpj\\u0000");
        assertThat(Shown.text("half \ud83d")).isEqualTo("half \\ud83d");
    }

    @Test
    void namesStayOnOneLineAndAreShortened() {
        assertThat(Shown.name("a\n[INFO] BUILD SUCCESS")).isEqualTo("a\\u000a[INFO] BUILD SUCCESS");
        assertThat(Shown.name("n".repeat(300))).hasSize(201).endsWith("n…");
    }

    @Test
    void aProblemIsShownSo() {
        assertThat(new Problem("\u001b[2J", "a\u0007", "c").text()).isEqualTo("\\u001b[2J\n  why: a\\u0007\n  fix: c");
    }
}
