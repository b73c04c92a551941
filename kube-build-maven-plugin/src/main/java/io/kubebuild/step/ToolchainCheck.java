package io.kubebuild.step;

import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.ToolSettings;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.GoRequirement;
import io.kubebuild.tree.GoVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the Go of the cross image is one that the tree can be built with, and the one that it asks for. From v1.27 on {@code
 * kube::golang::internal::verify_go_version} (hack/lib/golang.sh) would fetch another one over the network in mid-build; a build of ours
 * never does, so that who builds has to say before it starts that the Go at hand will do. And since nothing is fetched
 * (GOTOOLCHAIN=local), the go command refuses a module that asks for a newer one.
 */
final class ToolchainCheck {

    /** Upstream's default. */
    private static final String AUTO = "auto";

    private static final String LOCAL = "local";

    private final GoRequirement requirement;
    private final BuildRequest request;
    private final Description description;

    /** The check of a tree that has described itself: the description says which Go there is. */
    ToolchainCheck(GoRequirement requirement, Description description, BuildRequest request) {
        this.requirement = requirement;
        this.description = description;
        this.request = request;
    }

    /** What keeps the build from starting. */
    List<Problem> problems() {
        Optional<Problem> problem = unreachable().or(this::tooOld).or(this::another);
        return problem.map(List::of).orElse(List.of());
    }

    /** Another Go is asked for, by a parameter, than this one is or can become; in the host workspace, too. */
    Optional<Problem> unreachable() {
        return found().flatMap(go -> GoVariables.unreachable(request, go));
    }

    /** What is to be known of a Go that will do. */
    List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        if (problems().isEmpty() && found().isPresent()) {
            String found = found().get();
            chosen().filter(go -> !isSame(go, found))
                    .ifPresent(go -> remarks.add(
                            go + " is fetched by " + found + " of the cross image, as kube.goToolchain has it"));
            asked().filter(one -> !isSame(one.version(), found))
                    .flatMap(one -> answer().map(answer ->
                            found + " of the cross image, where the tree asks for " + one + ", because of " + answer))
                    .ifPresent(remarks::add);
            suggestion().ifPresent(remarks::add);
            requirement.misread(building(found)).ifPresent(remarks::add);
        }
        return remarks;
    }

    private Optional<String> found() {
        return description.go();
    }

    /** The one that is fetched because the user says so. */
    private Optional<String> chosen() {
        return request.scripts().tools().goToolchain().filter(go -> !go.equals(LOCAL));
    }

    private String building(String found) {
        return chosen().orElse(found);
    }

    private static boolean isSame(String version, String other) {
        Optional<GoVersion> second = GoVersion.parse(other);
        return GoVersion.parse(version)
                .map(first -> second.filter(first::isSame).isPresent())
                .orElse(version.equals(other));
    }

    /** Whatever is forced: it would be refused in mid-build. */
    private Optional<Problem> tooOld() {
        return found().flatMap(found -> requirement
                .refusing(building(found))
                .map(floor -> new Problem(
                        (chosen().isPresent() ? "kube.goToolchain is " : "the cross image has ") + building(found)
                                + ", and this tree needs " + floor.oldest() + " or newer",
                        floor.reason(),
                        remedies(found))));
    }

    /** The release that will do, and how to get it. */
    private String remedies(String found) {
        String good = requirement.recommended().map(GoVersion::text).orElseThrow();
        if (chosen().isPresent()) {
            return "-Dkube.goToolchain=" + good;
        }
        List<String> ways = new ArrayList<>();
        ways.add("name a cross image that has " + good + ": -Dkube.crossImage=NAME -Dkube.crossVersion=TAG");
        ToolSettings tools = request.scripts().tools();
        if (tools.crossImage().isPresent() || tools.crossVersion().isPresent()) {
            ways.add("or leave kube.crossImage and kube.crossVersion out: the tree names a cross image itself");
        }
        ways.add("or make one of an SDK of it: mvn kube:cross-image -Dkube.force=true -Dkube.cross.goSdk=SDK"
                + " -Dkube.cross.baseImage=IMAGE");
        fetching(found, good).ifPresent(ways::add);
        ways.add("or build on this machine with such an SDK: -Dkube.workspace=host -Dkube.goSdk=DIRECTORY");
        return String.join("\n", ways);
    }

    /** What a Go that can fetch another one offers besides. */
    private static Optional<String> fetching(String found, String good) {
        return GoVersion.parse(found)
                .filter(go -> !go.isOlderThan(GoVersion.FIRST_WITH_TOOLCHAINS))
                .map(go -> "or have it fetched over the network: -Dkube.goToolchain=" + good);
    }

    /** Where the tree's scripts would fetch another one and nobody has said what is to become of that. */
    private Optional<Problem> another() {
        return found().flatMap(found -> asked().filter(one -> !isSame(one.version(), found))
                .filter(one -> chosen().isEmpty() && answer().isEmpty())
                .map(one -> new Problem(
                        "the cross image has " + found + ", and this tree asks for " + one,
                        "its scripts would fetch that Go over the network in the middle of the build",
                        choice(found, one))));
    }

    private static String choice(String found, Asked asked) {
        List<String> ways = new ArrayList<>();
        ways.add("to build with the Go that is there: -Dkube.goToolchain=local, or FORCE_HOST_GO=y in the environment");
        ways.add(
                "to build with the other, name a cross image that has it: -Dkube.crossImage=NAME -Dkube.crossVersion=TAG");
        GoVersion.parse(asked.version())
                .flatMap(go -> fetching(found, go.release().text()))
                .ifPresent(ways::add);
        return String.join("\n", ways);
    }

    /**
     * A Go that is asked for.
     *
     * @param version {@code go1.22.5}
     * @param source who asks
     */
    private record Asked(String version, String source) {
        @Override
        public String toString() {
            return version + " (" + source + ")";
        }
    }

    /** As the function has it: GOTOOLCHAIN, unless it leaves the choice open, then GO_VERSION, then the tree's file. */
    private Optional<Asked> asked() {
        if (!description.knows("FORCE_HOST_GO") && !description.knows("GOTOOLCHAIN")) {
            return Optional.empty();
        }
        // go1.22.5+auto: that one, or a newer one where a module wants it.
        String toolchain = variables().getOrDefault("GOTOOLCHAIN", "").replaceFirst("\\+.*", "");
        if (toolchain.startsWith("go")) {
            return Optional.of(new Asked(toolchain, "GOTOOLCHAIN"));
        }
        String version = variables().getOrDefault("GO_VERSION", "");
        if (!version.isEmpty()) {
            return Optional.of(new Asked("go" + version, "GO_VERSION"));
        }
        return requirement.wanted().map(go -> new Asked(go.text(), ".go-version"));
    }

    /** What says that the Go at hand will do. */
    private Optional<String> answer() {
        String toolchain = variables().getOrDefault("GOTOOLCHAIN", "");
        if (toolchain.equals(LOCAL)) {
            return Optional.of("GOTOOLCHAIN=local");
        }
        boolean open = toolchain.isEmpty() || toolchain.equals(AUTO);
        return open && !variables().getOrDefault("FORCE_HOST_GO", "").isEmpty()
                ? Optional.of("FORCE_HOST_GO")
                : Optional.empty();
    }

    /** What the environment says, and kube.goToolchain before it. */
    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>(request.environment());
        request.scripts().tools().goToolchain().ifPresent(go -> variables.put("GOTOOLCHAIN", go));
        return variables;
    }

    /** A toolchain line counts where no script says more: Go would fetch that one. It refuses nothing. */
    private Optional<String> suggestion() {
        return requirement
                .suggested()
                .filter(go -> chosen().isEmpty() && requirement.wanted().isEmpty())
                .flatMap(go -> found().filter(found -> GoVersion.parse(found)
                                .filter(there -> there.isOlderThan(go))
                                .isPresent())
                        .map(found -> found + " of the cross image: the toolchain line of the module suggests " + go
                                + ", and nothing is fetched"));
    }
}
