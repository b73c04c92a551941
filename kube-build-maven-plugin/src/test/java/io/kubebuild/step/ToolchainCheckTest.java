package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import io.kubebuild.testing.Requests;
import io.kubebuild.tree.Description;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ToolchainCheckTest {

    private final Map<String, List<String>> records = new HashMap<>(Map.of(
            "go", List.of("go1.22.12"),
            "go-version", List.of("1.22.5"),
            "go-line", List.of("1.22.0"),
            "function kube::golang::internal::verify_go_version", List.of("local minimum_go_version=go1.22"),
            "knows", List.of("FORCE_HOST_GO", "GOTOOLCHAIN", "GO_VERSION")));

    private ToolchainCheck check(String... variables) {
        Requests request = Requests.of(Path.of("tree"), Path.of("home"));
        for (int i = 0; i < variables.length; i += 2) {
            request.variable(variables[i], variables[i + 1]);
        }
        return ToolchainCheck.of(new Description(records), request.build());
    }

    private static void passes(ToolchainCheck check) {
        assertThat(check.problems()).isEmpty();
        assertThat(check.remark()).isEmpty();
    }

    @Test
    void anotherPatchReleaseIsToBeAnsweredBeforeTheStart() {
        assertThat(check().problems())
                .containsExactly(new Problem(
                        "the cross image has go1.22.12, and this tree asks for go1.22.5 (.go-version)",
                        "its scripts would fetch that Go over the network in the middle of the build",
                        "to build with the Go that is there: -Dkube.goToolchain=local, or FORCE_HOST_GO=y in the environment; to"
                                + " build with the other, name a cross image that has it: -Dkube.crossImage=NAME"
                                + " -Dkube.crossVersion=TAG"));
    }

    @Test
    void theGoAtHandWillDoWhereSomebodySaysSo() {
        assertThat(check("FORCE_HOST_GO", "y"))
                .isEqualTo(new ToolchainCheck(
                        List.of(),
                        java.util.Optional.of(
                                "go1.22.12 of the cross image, where the tree asks for go1.22.5 (.go-version),"
                                        + " because of FORCE_HOST_GO")));
        assertThat(check("GOTOOLCHAIN", "local").problems()).isEmpty();
        assertThat(check("GOTOOLCHAIN", "auto", "FORCE_HOST_GO", "1").problems())
                .isEmpty();
    }

    @Test
    void emptyVariablesSayNothing() {
        assertThat(check("FORCE_HOST_GO", "", "GOTOOLCHAIN", "").problems()).hasSize(1);
    }

    @Test
    void whatIsAskedForMayBeTheGoAtHand() {
        records.put("go-version", List.of("1.22.12"));
        passes(check());

        records.put("go-version", List.of("1.22.5"));
        passes(check("GO_VERSION", "1.22.12"));
        passes(check("GOTOOLCHAIN", "go1.22.12+auto"));
    }

    @Test
    void aToolchainThatIsNamedCountsForMoreThanForcing() {
        assertThat(check("GOTOOLCHAIN", "go1.23.1", "FORCE_HOST_GO", "y").problems())
                .extracting(Problem::what)
                .containsExactly("the cross image has go1.22.12, and this tree asks for go1.23.1 (GOTOOLCHAIN)");
    }

    @Test
    void aTreeThatFetchesNothingAsksForNothing() {
        records.put("knows", List.of("GOFLAGS"));

        passes(check());
    }

    @Test
    void aGoThatIsTooOldIsRefusedWhateverIsForced() {
        records.put("go", List.of("go1.19.8"));

        assertThat(check("FORCE_HOST_GO", "y").problems())
                .extracting(Problem::what)
                .containsExactly("the cross image has go1.19.8, and this tree needs go1.22.0 or newer");
    }

    @Test
    void theNewerOfScriptAndModuleIsTheOldestThatWillDo() {
        records.remove("go-version");
        records.put("go-line", List.of("1.23.0"));
        assertThat(check().problems())
                .extracting(Problem::what)
                .containsExactly("the cross image has go1.22.12, and this tree needs go1.23.0 or newer");

        // A line that Go did not take for a requirement.
        records.put("go-line", List.of("1.20"));
        passes(check());
    }

    @Test
    void anUnknownGoIsLeftToTheScripts() {
        records.put("go", List.of("devel"));
        records.remove("go-version");
        passes(check());

        records.remove("go");
        passes(check());
    }
}
