package io.kubebuild.step;

import io.kubebuild.problem.Problem;
import io.kubebuild.tree.Description;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the Go of the cross image is the one that a tree wants. From v1.27 on {@code kube::golang::internal::verify_go_version}
 * (hack/lib/golang.sh) would fetch another one over the network in mid-build; a build of ours does so only where it is told to, so
 * that who builds has to say before it starts which Go it shall be.
 *
 * @param problems what keeps the build from starting
 * @param remark what is to be known of the Go that builds
 */
record ToolchainCheck(List<Problem> problems, Optional<String> remark) {

    private static final Pattern VERSION = Pattern.compile("(?:go)?(\\d+)\\.(\\d+)(?:\\.(\\d+))?(?:(?:rc|beta).*)?");

    /** From here on go fetches another Go where GOTOOLCHAIN says so, and takes the go line of a module for a requirement. */
    private static final String FIRST_WITH_TOOLCHAINS = "1.21";

    /** Upstream's default. */
    private static final String AUTO = "auto";

    ToolchainCheck {
        problems = List.copyOf(problems);
    }

    /** The check of a tree that has described itself. */
    static ToolchainCheck of(Description description, BuildRequest request) {
        return description
                .go()
                .map(found -> of(description, found, variables(request)))
                .orElseGet(() -> new ToolchainCheck(List.of(), Optional.empty()));
    }

    /** What the environment says, and kube.goToolchain before it. */
    private static Map<String, String> variables(BuildRequest request) {
        Map<String, String> variables = new HashMap<>(request.environment());
        request.scripts().tools().goToolchain().ifPresent(go -> variables.put("GOTOOLCHAIN", go));
        return variables;
    }

    private static ToolchainCheck of(Description description, String found, Map<String, String> environment) {
        // go1.22.5+auto: that one, or a newer one where a module wants it.
        String toolchain = environment.getOrDefault("GOTOOLCHAIN", "").replaceFirst("\\+.*", "");
        if (toolchain.startsWith("go") && !toolchain.equals(found)) {
            return named(description, found, toolchain);
        }
        List<Problem> problems = tooOld(description, "the cross image has " + found, found);
        boolean fetches = description.knows("FORCE_HOST_GO") || description.knows("GOTOOLCHAIN");
        Optional<Wanted> wanted = wanted(description, environment)
                .filter(one -> fetches && problems.isEmpty() && !toolchain.equals(found))
                .filter(one -> !one.version().equals(found));
        if (wanted.isEmpty()) {
            return new ToolchainCheck(problems, Optional.empty());
        }
        String asked = wanted.get().version() + " (" + wanted.get().source() + ")";
        return answer(environment)
                .map(answer -> new ToolchainCheck(
                        List.of(),
                        Optional.of(found + " of the cross image, where the tree asks for " + asked + ", because of "
                                + answer)))
                .orElseGet(() -> new ToolchainCheck(
                        List.of(unanswered(found, asked, wanted.get().version())), Optional.empty()));
    }

    private static Problem unanswered(String found, String asked, String version) {
        String fetch = knowsToolchains(found) ? "; to have the other fetched: -Dkube.goToolchain=" + version : "";
        return new Problem(
                "the cross image has " + found + ", and this tree asks for " + asked,
                "its scripts would fetch that Go over the network in the middle of the build",
                "to build with the Go that is there: -Dkube.goToolchain=local, or FORCE_HOST_GO=y in the environment"
                        + fetch
                        + "; or name a cross image that has it: -Dkube.crossImage=NAME -Dkube.crossVersion=TAG");
    }

    /** Somebody wants another Go than the one at hand, by its name. */
    private static ToolchainCheck named(Description description, String found, String toolchain) {
        if (!knowsToolchains(found)) {
            return new ToolchainCheck(
                    List.of(new Problem(
                            "the cross image has " + found + ", which cannot fetch " + toolchain,
                            "a Go before 1.21 does not know GOTOOLCHAIN",
                            "leave kube.goToolchain (and GOTOOLCHAIN) out, or name a cross image with that Go:"
                                    + " -Dkube.crossVersion=TAG")),
                    Optional.empty());
        }
        return new ToolchainCheck(
                tooOld(description, "kube.goToolchain (or GOTOOLCHAIN) is " + toolchain, toolchain),
                Optional.of(toolchain + ", which " + found + " of the cross image fetches over the network"));
    }

    private static boolean knowsToolchains(String found) {
        return !precedes(found, FIRST_WITH_TOOLCHAINS);
    }

    private static List<Problem> tooOld(Description description, String what, String go) {
        return oldest(description)
                .filter(oldest -> precedes(go, oldest))
                .map(oldest -> new Problem(
                        what + ", and this tree needs go" + oldest + " or newer",
                        "its hack/lib/golang.sh, or the go line of its module, refuses an older one",
                        "use the cross image of this tree's version, or name another: -Dkube.crossImage=NAME"
                                + " -Dkube.crossVersion=TAG"))
                .stream()
                .toList();
    }

    /**
     * A Go that is asked for.
     *
     * @param version {@code go1.22.5}
     * @param source who asks
     */
    private record Wanted(String version, String source) {}

    /** As the function has it where GOTOOLCHAIN leaves the choice open: GO_VERSION, then the tree's file. */
    private static Optional<Wanted> wanted(Description description, Map<String, String> environment) {
        String version = environment.getOrDefault("GO_VERSION", "");
        return version.isEmpty()
                ? description.goVersion().map(text -> new Wanted("go" + text, ".go-version"))
                : Optional.of(new Wanted("go" + version, "GO_VERSION"));
    }

    /** What says that the Go at hand will do. */
    private static Optional<String> answer(Map<String, String> environment) {
        String toolchain = environment.getOrDefault("GOTOOLCHAIN", "");
        if (toolchain.equals("local")) {
            return Optional.of("GOTOOLCHAIN=local");
        }
        boolean open = toolchain.isEmpty() || toolchain.equals(AUTO);
        return open && !environment.getOrDefault("FORCE_HOST_GO", "").isEmpty()
                ? Optional.of("FORCE_HOST_GO")
                : Optional.empty();
    }

    /** The newest of what the script and the module say is the oldest; up to Go 1.20 the module's line refuses nothing. */
    private static Optional<String> oldest(Description description) {
        Optional<String> line = description.goLine().filter(text -> !precedes(text, FIRST_WITH_TOOLCHAINS));
        return description
                .minimumGo()
                .filter(minimum -> line.isEmpty() || precedes(line.get(), minimum))
                .or(() -> line);
    }

    /** Whether a release is older than another; what is no release, such as {@code devel}, is not. */
    private static boolean precedes(String version, String other) {
        Matcher one = VERSION.matcher(version);
        Matcher two = VERSION.matcher(other);
        if (!one.matches() || !two.matches()) {
            return false;
        }
        for (int part = 1; part <= 3; part++) {
            int difference = Integer.compare(number(one.group(part)), number(two.group(part)));
            if (difference != 0) {
                return difference < 0;
            }
        }
        return false;
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
