package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.tree.GoRequirement.Floor;
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

    private static final String SCRIPT = "hack/lib/golang.sh";

    /** As in hack/lib/golang.sh of v1.14 and later. */
    private static final String BY_NUMBER = """
            # once: minimum_go_version=go1.2
              minimum_go_version=go%s
              if [[ "${minimum_go_version}" != $(echo -e "${minimum_go_version}\\n${go_version[2]}" | sort -s -t. -k 1,1 -k 2,2n) ]]; then
            """;

    /** As in v1.8 to v1.13. */
    private static final String BY_TEXT = """
              minimum_go_version=go%s
              if [[ "${go_version[2]}" < "${minimum_go_version}" && "${go_version[2]}" != "devel" ]]; then
            """;

    private final TestTree tree;

    GoRequirementTest(@TempDir Path directory) throws IOException {
        this.tree = TestTree.rsync(directory);
    }

    private static GoVersion version(String text) {
        return GoVersion.parse(text).orElseThrow();
    }

    private GoRequirement of(String script) throws IOException {
        tree.write(SCRIPT, script);
        return GoRequirement.of(tree.located());
    }

    private GoRequirement atLeast(String minimum) throws IOException {
        return of(BY_NUMBER.formatted(minimum));
    }

    private GoRequirement ofModule(String line) throws IOException {
        tree.write("go.mod", "module k8s.io/kubernetes\n\n" + line + "\n\nrequire x v1.0.0\n");
        return GoRequirement.of(tree.located());
    }

    @Test
    void isReadFromEveryFormOfTheScript() throws IOException {
        assertThat(atLeast("1.15.0"))
                .isEqualTo(new GoRequirement(
                        List.of(new Floor(version("1.15.0"), SCRIPT)), Optional.empty(), Optional.empty(), false));
        assertThat(of(BY_TEXT.formatted("1.10.2")))
                .isEqualTo(new GoRequirement(
                        List.of(new Floor(version("1.10.2"), SCRIPT)), Optional.empty(), Optional.empty(), true));
        assertThat(of("  if [[ \"${go_version[2]}\" < \"go1.6\" && x != \"devel\" ]]; then\n"))
                .isEqualTo(new GoRequirement(
                        List.of(new Floor(version("1.6"), SCRIPT)), Optional.empty(), Optional.empty(), true));
        assertThat(of("go version\n").floors()).isEmpty();
    }

    @Test
    void theNewerOfScriptAndModuleCounts() throws IOException {
        tree.write("go.work", "// generated\n\ngo 1.23.0\r\n\nuse (\n\t.\n)\n").write(".go-version", "1.22.5\n");
        GoRequirement requirement = atLeast("1.22");

        assertThat(requirement.oldest()).contains(version("1.23.0"));
        assertThat(requirement.wanted()).contains(version("1.22.5"));
        assertThat(requirement.recommended()).contains(version("1.23.0"));
        assertThat(requirement.refusing("go1.22.12")).contains(new Floor(version("1.23.0"), "go.work"));
        assertThat(requirement.refusing("go1.23.1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // The word for each is the same as in the script but for candidates of a release that is named in full.
        "1.15.0, go1.15.0, yes",
        "1.15.0, go1.15, yes",
        "1.15.0, go1.19.8, yes",
        "1.15.0, go1.9.7, no",
        "1.15.0, go1.15rc1, no",
        "1.15.0, go1.14.15, no",
        "1.22, go1.22rc1, yes",
        "1.22, go1.22.0, yes",
        "1.22, go1.21.13-fips, no",
        "1.21, go1.21.13-fips, yes",
        "1.22, go1.22.4 X:boringcrypto, yes",
        "1.25, go1.26.0-X:jsonv2, yes",
        "1.26, go1.26-devel_abcdef, yes",
        "1.26, go1.25-devel_abcdef, no",
        "1.26, devel go1.25-abcdef, yes",
        "1.22, devel, yes",
        "1.22, devel +abc, yes",
        "1.22, lorem, yes"
    })
    void theScriptRefusesWhatIsOlder(String minimum, String go, String builds) throws IOException {
        assertThat(atLeast(minimum).refusing(go).isEmpty() ? "yes" : "no").isEqualTo(builds);
    }

    @ParameterizedTest
    @CsvSource({
        "go 1.22.0, go1.22rc1, no",
        "go 1.22, go1.22rc1, yes",
        "go 1.22.0 // at least, go1.21.13-fips, no",
        "go 1.22.0, go1.22.0-fips, yes",
        "go 1.25.0, devel go1.25-abcdef, no",
        "go 1.25, devel go1.25-abcdef, yes",
        "go 1.23, go1.19.8, no",
        // To 1.20 the line says which language it is.
        "go 1.20, go1.19.8, yes"
    })
    void theGoCommandRefusesWhatIsOlderThanTheLineOfTheModule(String line, String go, String builds)
            throws IOException {
        GoRequirement requirement = ofModule(line);

        assertThat(requirement.refusing(go).isEmpty() ? "yes" : "no").isEqualTo(builds);
        requirement.refusing(go).ifPresent(floor -> assertThat(floor.reason())
                .isEqualTo(
                        "the go command refuses an older one, by the go line of go.mod, and is not to fetch another"));
    }

    @Test
    void aToolchainLineSuggestsAndRefusesNothing() throws IOException {
        GoRequirement requirement = ofModule("go 1.22.0\ntoolchain go1.23.4");

        assertThat(requirement.suggested()).contains(version("1.23.4"));
        assertThat(requirement.refusing("go1.22.5")).isEmpty();
        assertThat(ofModule("go 1.22.0\ntoolchain default").suggested()).isEmpty();
    }

    @Test
    void anotherGoThanReleasesAreBuiltWithIsTold() throws IOException {
        tree.write(".go-version", "1.22.5\n");
        GoRequirement requirement = atLeast("1.22");

        assertThat(requirement.wantedInsteadOf("go1.22.5")).isEmpty();
        for (String other : List.of("go1.22.12", "go1.22.5-fips", "devel", "go1.23.1")) {
            assertThat(requirement.wantedInsteadOf(other)).as(other).contains(version("1.22.5"));
        }
    }

    @Test
    void namesAReleaseThatIsPublished() throws IOException {
        assertThat(atLeast("1.25").recommended()).contains(version("1.25.0"));
        assertThat(atLeast("1.15.0").recommended()).contains(version("1.15"));
        assertThat(of("").recommended()).isEmpty();
    }

    /** What v1.5 to v1.13 would make of a later Go. */
    @ParameterizedTest
    @CsvSource({
        "1.9.1, go1.9.2, takes",
        "1.9.1, go1.19.8, misreads",
        "1.11.1, go1.19.8, takes",
        "1.9.1, go1.8.3, refuses",
        "1.10.2, go1.9.7, refuses"
    })
    void whatTextTakesForOlderBuildsAllTheSame(String minimum, String go, String does) throws IOException {
        GoRequirement requirement = of(BY_TEXT.formatted(minimum));

        assertThat(requirement.refusing(go).isPresent()).isEqualTo(does.equals("refuses"));
        assertThat(requirement.misread(go).isPresent()).isEqualTo(does.equals("misreads"));
        assertThat(atLeast(minimum).misread(go)).isEmpty();
    }
}
