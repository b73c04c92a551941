package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoVersionTest {

    /** From the oldest, with what counts as the same beside it. */
    private static final List<String> ORDERED = List.of(
            "go1",
            "go1.2.1",
            "go1.6.3",
            "1.9",
            "go1.10",
            "go1.15beta1",
            "go1.15rc1",
            "go1.15rc2",
            "go1.15rc10",
            "go1.15",
            "go1.15.1",
            "go1.18.5b7",
            "go1.18.5",
            "go1.19.8",
            "1.21",
            "go1.21rc2",
            "go1.21.0",
            "go1.21.9",
            "go1.21.13-fips",
            "devel go1.25-abcdef",
            "1.25rc1+auto",
            "go1.25.0-X:jsonv2",
            "go1.25.1 X:boringcrypto",
            "go1.99",
            "go2.1");

    private static GoVersion version(String text) {
        return GoVersion.parse(text).orElseThrow();
    }

    @Test
    void areInTheOrderOfTheGoCommand() {
        List<GoVersion> expected = ORDERED.stream().map(GoVersionTest::version).toList();
        List<GoVersion> sorted = new ArrayList<>(expected);
        Collections.shuffle(sorted, new Random(4));
        Collections.sort(sorted);

        assertThat(sorted).isEqualTo(expected);
        for (int i = 1; i < expected.size(); i++) {
            assertThat(expected.get(i - 1)).isLessThan(expected.get(i));
            assertThat(expected.get(i - 1).isOlderThan(expected.get(i))).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1.22.0, go1.22.0, same",
        "1.15, go1.15.0, same",
        "go1.22.5+auto, go1.22.5, same",
        "go1.22.4 X:boringcrypto, go1.22.4, another",
        "go1.21.13-fips, go1.21.13, another",
        "go1.25-devel_abc, devel go1.25-devel_abc, another",
        "1.22, go1.22.0, other",
        "1.22rc1, go1.22.0, other",
    })
    void areTheSameGoWhereTheyMakeTheSameBytes(String one, String two, String expected) {
        assertThat(version(one).isSame(version(two))).isEqualTo(expected.equals("same"));
        assertThat(version(one).compareTo(version(two)) == 0).isEqualTo(!expected.equals("other"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "devel",
                "devel +abc Mon Jan 1",
                "go",
                "local",
                "go1.99999999999",
                "go1.022",
                "1.22.",
                "v1.22.5",
                "go1.22.5.6",
                "1.22\n1.23"
            })
    void areNotReadFromWhatHasNoNumber(String text) {
        assertThat(GoVersion.parse(text)).isEmpty();
    }

    @Test
    void checkThemselves() {
        assertThatThrownBy(() -> new GoVersion("1.22")).hasMessageContaining("no version of Go: 1.22");
    }

    @ParameterizedTest
    @CsvSource({
        "go1.22, true, go1.22, go1.22.0",
        "go1.22rc1, false, go1.22, go1.22rc1",
        "go1.22.5-fips, false, go1.22, go1.22.5-fips",
        "go1.15.0, false, go1.15, go1.15",
        "go1.15.15, false, go1.15, go1.15.15",
        "go1.20, false, go1.20, go1.20",
        "devel go1.25-abc, true, go1.25, go1.25.0"
    })
    void knowTheirLanguageAndAReleaseThatIsPublished(String text, boolean isLanguage, String language, String release) {
        assertThat(version(text).isLanguage()).isEqualTo(isLanguage);
        assertThat(version(text).language()).hasToString(language);
        assertThat(version(text).release()).hasToString(release);
        assertThat(version(text).hasLanguageOf(version(language))).isTrue();
    }
}
