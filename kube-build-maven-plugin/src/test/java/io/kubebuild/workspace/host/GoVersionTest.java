package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoVersionTest {

    private static GoVersion version(String text) {
        return GoVersion.parse(text).orElseThrow();
    }

    @Test
    void areOrderedByTheirNumbersAndNotAsText() {
        assertThat(Stream.of(
                                "go1.19.8",
                                "1.9",
                                "go1.10",
                                "go1.21rc2",
                                "1.21",
                                "go1.21.10",
                                "go1.21.9",
                                "go1.21rc1",
                                "go1.6.3")
                        .map(GoVersionTest::version)
                        .sorted()
                        .map(GoVersion::toString))
                .containsExactly(
                        "go1.6.3",
                        "go1.9",
                        "go1.10",
                        "go1.19.8",
                        "go1.21rc1",
                        "go1.21rc2",
                        "go1.21",
                        "go1.21.9",
                        "go1.21.10");
    }

    @Test
    void areTheSameHoweverTheyAreWritten() {
        assertThat(version("1.22")).isEqualTo(version("go1.22.0")).hasSameHashCodeAs(version("go1.22.0"));
        assertThat(version("go1.22.4 X:boringcrypto")).isEqualTo(version("go1.22.4"));
        assertThat(version("1.22")).isNotEqualTo(version("1.22rc1"));
    }

    @Test
    void doNotExistForWhatIsNoRelease() {
        assertThat(GoVersion.parse("devel go1.20-abc")).isEmpty();
        assertThat(GoVersion.parse("")).isEmpty();
        assertThat(GoVersion.parse("go1")).isEmpty();
        assertThat(GoVersion.parse("go1.99999999999")).isEmpty();
    }
}
