package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import io.kubebuild.request.ToolSettings;
import io.kubebuild.testing.Requests;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.GoRequirement;
import io.kubebuild.tree.GoRequirement.Floor;
import io.kubebuild.tree.GoVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolchainCheckTest {

    private final Map<String, List<String>> records = new HashMap<>(
            Map.of("go", List.of("go1.22.12"), "knows", List.of("FORCE_HOST_GO", "GOTOOLCHAIN", "GO_VERSION")));
    private final List<Floor> floors = new ArrayList<>(List.of(floor("1.22", "hack/lib/golang.sh")));
    private Optional<String> wanted = Optional.of("1.22.5");
    private Optional<String> suggested = Optional.empty();
    private boolean comparesText;
    private ToolSettings tools = ToolSettings.NONE;

    private static Floor floor(String oldest, String file) {
        return new Floor(GoVersion.parse(oldest).orElseThrow(), file);
    }

    private ToolchainCheck check(String... variables) {
        Requests request = Requests.of(Path.of("tree"), Path.of("home")).scripts(tools);
        for (int i = 0; i < variables.length; i += 2) {
            request.variable(variables[i], variables[i + 1]);
        }
        GoRequirement requirement = new GoRequirement(
                floors, wanted.flatMap(GoVersion::parse), suggested.flatMap(GoVersion::parse), comparesText);
        return new ToolchainCheck(requirement, new Description(records), request.build());
    }

    private void found(String go) {
        records.put("go", List.of(go));
    }

    private void choose(String go) {
        tools = new ToolSettings(Optional.of(go), Optional.empty(), Optional.empty());
    }

    private static void passes(ToolchainCheck check) {
        assertThat(check.problems()).isEmpty();
        assertThat(check.remarks()).isEmpty();
    }

    private static List<String> whats(ToolchainCheck check) {
        return check.problems().stream().map(Problem::what).toList();
    }

    @Test
    void anotherPatchReleaseIsToBeAnsweredBeforeTheStart() {
        assertThat(check().problems())
                .containsExactly(new Problem(
                        "the cross image has go1.22.12, and this tree asks for go1.22.5 (.go-version)",
                        "its scripts would fetch that Go over the network in the middle of the build",
                        """
                                to build with the Go that is there: -Dkube.goToolchain=local, or FORCE_HOST_GO=y in the environment
                                to build with the other, name a cross image that has it: -Dkube.crossImage=NAME -Dkube.crossVersion=TAG
                                or have it fetched over the network: -Dkube.goToolchain=go1.22.5"""));
    }

    @Test
    void theGoAtHandWillDoWhereSomebodySaysSo() {
        assertThat(check("FORCE_HOST_GO", "y").problems()).isEmpty();
        assertThat(check("FORCE_HOST_GO", "y").remarks())
                .containsExactly("go1.22.12 of the cross image, where the tree asks for go1.22.5 (.go-version),"
                        + " because of FORCE_HOST_GO");
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
        wanted = Optional.of("1.22.12");
        passes(check());

        wanted = Optional.of("1.22.5");
        passes(check("GO_VERSION", "1.22.12"));
        passes(check("GOTOOLCHAIN", "go1.22.12+auto"));
    }

    @Test
    void aGoOfSomebodysOwnIsAnotherThanTheReleaseOfThatNumber() {
        found("go1.22.5-fips");

        assertThat(whats(check()))
                .containsExactly("the cross image has go1.22.5-fips, and this tree asks for go1.22.5 (.go-version)");
        assertThat(check("FORCE_HOST_GO", "y").problems()).isEmpty();
    }

    @Test
    void aToolchainThatIsNamedCountsForMoreThanForcing() {
        assertThat(whats(check("GOTOOLCHAIN", "go1.23.1", "FORCE_HOST_GO", "y")))
                .containsExactly("the cross image has go1.22.12, and this tree asks for go1.23.1 (GOTOOLCHAIN)");
    }

    @Test
    void aTreeThatFetchesNothingAsksForNothing() {
        records.put("knows", List.of("GOFLAGS"));

        passes(check());
    }

    /** Where nothing is fetched, the go command refuses: whoever forces the Go at hand would learn it in mid-build. */
    @ParameterizedTest
    @CsvSource({
        "go1.22rc1, 1.22, hack/lib/golang.sh, ''",
        "go1.22rc1, 1.22.0, go.mod, go1.22.5",
        "go1.21.13-fips, 1.22, hack/lib/golang.sh, go1.22.5",
        "go1.19.8, 1.22.0, go.work, go1.22.5",
        "go1.24.13, 1.25.0, go.work, go1.25.0",
        "devel go1.25-abcdef, 1.25.0, go.mod, go1.25.0",
        "devel go1.25-abcdef, 1.26, hack/lib/golang.sh, ''"
    })
    void aGoThatIsTooOldIsRefusedWhateverIsForced(String go, String oldest, String file, String recommended) {
        found(go);
        floors.set(0, floor(oldest, file));
        ToolchainCheck check = check("FORCE_HOST_GO", "y");

        if (recommended.isEmpty()) {
            assertThat(check.problems()).isEmpty();
        } else {
            assertThat(check.problems()).singleElement().satisfies(problem -> {
                assertThat(problem.what())
                        .isEqualTo("the cross image has " + go + ", and this tree needs go" + oldest + " or newer");
                assertThat(problem.why()).contains(file);
                assertThat(problem.fix())
                        .contains(
                                recommended,
                                "-Dkube.crossImage=NAME -Dkube.crossVersion=TAG",
                                "mvn kube:cross-image -Dkube.force=true -Dkube.cross.goSdk=SDK",
                                "-Dkube.workspace=host -Dkube.goSdk=DIRECTORY");
            });
        }
    }

    @Test
    void aGoThatCanFetchAnotherIsToldTo() {
        floors.add(floor("1.25.0", "go.work"));
        wanted = Optional.of("1.25.3");
        assertThat(check().problems())
                .singleElement()
                .extracting(Problem::fix)
                .asString()
                .contains("-Dkube.goToolchain=go1.25.3");

        found("go1.19.8");
        assertThat(check().problems())
                .singleElement()
                .extracting(Problem::fix)
                .asString()
                .doesNotContain("goToolchain");
    }

    @Test
    void whoeverNamedTheImageIsToldThatTheTreeNamesOne() {
        found("go1.19.8");
        tools = new ToolSettings(Optional.empty(), Optional.empty(), Optional.of("v1.19.8-1"));

        assertThat(check().problems())
                .singleElement()
                .extracting(Problem::fix)
                .asString()
                .contains("or leave kube.crossImage and kube.crossVersion out");
    }

    @Test
    void whatIsFetchedIsWhatHasToDo() {
        floors.add(floor("1.25.0", "go.work"));
        choose("go1.25.1");
        assertThat(check().problems()).isEmpty();
        assertThat(check().remarks())
                .containsExactly("go1.25.1 is fetched by go1.22.12 of the cross image, as kube.goToolchain has it");

        choose("go1.24.1");
        assertThat(check().problems())
                .containsExactly(new Problem(
                        "kube.goToolchain is go1.24.1, and this tree needs go1.25.0 or newer",
                        "the go command refuses an older one, by the go line of go.work, and is not to fetch another",
                        "-Dkube.goToolchain=go1.25.0"));
    }

    @Test
    void aGoThatCanFetchNothingIsSaidBeforeAnythingIsRecorded() {
        found("go1.19.8");
        choose("go1.22.5");

        assertThat(whats(check())).containsExactly("kube.goToolchain is go1.22.5, but the workspace's go is go1.19.8");
        choose("go1.19.8");
        floors.set(0, floor("1.19", "hack/lib/golang.sh"));
        passes(check());
    }

    @Test
    void aToolchainLineIsToldWhereNobodySaysMore() {
        suggested = Optional.of("go1.23.4");
        wanted = Optional.empty();

        assertThat(check().problems()).isEmpty();
        assertThat(check().remarks())
                .containsExactly("go1.22.12 of the cross image: the toolchain line of the module suggests go1.23.4, and"
                        + " nothing is fetched");
        found("go1.23.5");
        passes(check());
    }

    @Test
    void scriptsThatTakeANewGoForAnOldOneAreToldAnotherNumber() {
        found("go1.19.8");
        floors.set(0, floor("1.9.1", "hack/lib/golang.sh"));
        wanted = Optional.empty();
        comparesText = true;

        assertThat(check().problems()).isEmpty();
        assertThat(check().remarks())
                .singleElement()
                .asString()
                .contains("compare versions of Go as text and would take go1.19.8 for older than go1.9.1");
    }

    @Test
    void anUnknownGoIsLeftToTheScripts() {
        found("devel");
        wanted = Optional.empty();
        passes(check());

        records.remove("go");
        passes(check());
    }
}
