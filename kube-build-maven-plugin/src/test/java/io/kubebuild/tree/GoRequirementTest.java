package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Go a tree builds with, before there is anything to ask it in. */
class GoRequirementTest {

    private static final GoRequirement V1_20 = new GoRequirement(Optional.of("1.15.0"), Optional.empty(), false);
    private static final GoRequirement V1_31 = new GoRequirement(Optional.of("1.22"), Optional.of("1.22.5"), false);

    @Test
    void isReadFromTheTreesFiles(@TempDir Path directory) throws IOException {
        TestTree tree = TestTree.rsync(directory).write("hack/lib/golang.sh", """
                  minimum_go_version=go1.15.0
                  if [[ "${minimum_go_version}" != $(echo "${go_version[2]}" | sort) ]]; then
                """);
        assertThat(GoRequirement.of(tree.located())).isEqualTo(V1_20);

        tree.write("hack/lib/golang.sh", "  minimum_go_version=go1.22\n").write(".go-version", "1.22.5\n");
        assertThat(GoRequirement.of(tree.located())).isEqualTo(V1_31);

        tree.delete(".go-version")
                .write("hack/lib/golang.sh", "  if [[ \"${go_version[2]}\" < \"go1.9.1\" && x != \"devel\" ]]; then\n");
        assertThat(GoRequirement.of(tree.located()))
                .isEqualTo(new GoRequirement(Optional.of("1.9.1"), Optional.empty(), true));
    }

    @ParameterizedTest
    @CsvSource({
        "go1.15.0, true",
        "go1.15, true",
        "go1.19.8, true",
        "go1.9.7, false",
        "go1.15rc1, false",
        "go1.14.15, false"
    })
    void comparesNumbersAsNumbers(String version, boolean builds) {
        assertThat(V1_20.problems(version, "the SDK").isEmpty()).isEqualTo(builds);
    }

    @Test
    void comparesTextWhereTheTreeDoes() {
        GoRequirement old = new GoRequirement(Optional.of("1.9.1"), Optional.empty(), true);

        assertThat(old.problems("go1.9.2", "the SDK")).isEmpty();
        assertThat(old.problems("go1.19.8", "the SDK"))
                .singleElement()
                .extracting(Problem::text)
                .asString()
                .contains("the SDK is go1.19.8, and this tree needs go1.9.1 or newer")
                .contains("compares versions as text");
    }

    @Test
    void anotherPatchReleaseThanTheTreeAsksForWillDoAndIsTold() {
        assertThat(V1_31.problems("go1.22.12", "the SDK")).isEmpty();
        assertThat(V1_31.remark("go1.22.12"))
                .hasValueSatisfying(text -> assertThat(text).contains("asks for 1.22.5", "will have go1.22.12"));
        assertThat(V1_31.remark("go1.22.5")).isEmpty();
    }

    @Test
    void anotherReleaseWillNot() {
        assertThat(texts(V1_31.problems("go1.23.1", "the SDK")))
                .containsExactly("the SDK is go1.23.1, and the tree's .go-version asks for 1.22.5");
        assertThat(texts(V1_31.problems("go1.21.9", "the SDK")))
                .containsExactly("the SDK is go1.21.9, and this tree needs go1.22 or newer");
        assertThat(texts(V1_31.problems("devel +abc", "the SDK")))
                .containsExactly("the SDK says that it is Go 'devel +abc'");
    }

    private static List<String> texts(List<Problem> problems) {
        return problems.stream().map(Problem::what).toList();
    }
}
