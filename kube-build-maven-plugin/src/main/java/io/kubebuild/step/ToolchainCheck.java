package io.kubebuild.step;

import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.tree.Description;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the Go of the cross image is the one that a tree wants. From v1.27 on {@code kube::golang::internal::verify_go_version}
 * (hack/lib/golang.sh) would fetch another one over the network in mid-build; a build of ours never does, so that who builds has to
 * say before it starts that the Go at hand will do.
 *
 * @param problems what keeps the build from starting
 * @param remark what is to be known of the Go that builds
 */
record ToolchainCheck(List<Problem> problems, Optional<String> remark) {

    private static final Pattern VERSION = Pattern.compile("(?:go)?(\\d+)\\.(\\d+)(?:\\.(\\d+))?(?:(?:rc|beta).*)?");

    /** Upstream's default. */
    private static final String AUTO = "auto";

    ToolchainCheck {
        problems = List.copyOf(problems);
    }

    /** The check of a tree that has described itself. */
    static ToolchainCheck of(Description description, BuildRequest request) {
        return description
                .go()
                .map(found -> of(description, found, request))
                .orElseGet(() -> new ToolchainCheck(List.of(), Optional.empty()));
    }

    /** What the environment says, and kube.goToolchain before it. */
    private static Map<String, String> variables(BuildRequest request) {
        Map<String, String> variables = new HashMap<>(request.environment());
        request.scripts().tools().goToolchain().ifPresent(go -> variables.put("GOTOOLCHAIN", go));
        return variables;
    }

    private static ToolchainCheck of(Description description, String found, BuildRequest request) {
        Map<String, String> environment = variables(request);
        List<Problem> problems = new ArrayList<>();
        oldest(description)
                .filter(oldest -> precedes(found, oldest))
                .ifPresent(oldest -> problems.add(new Problem(
                        "the cross image has " + found + ", and this tree needs go" + oldest + " or newer",
                        "its hack/lib/golang.sh, or the go line of its module, refuses an older one",
                        "use the cross image of this tree's version, or name another: -Dkube.crossImage=NAME"
                                + " -Dkube.crossVersion=TAG")));
        boolean fetches = description.knows("FORCE_HOST_GO") || description.knows("GOTOOLCHAIN");
        Optional<Wanted> wanted = wanted(description, environment)
                .filter(one -> fetches && problems.isEmpty())
                .filter(one -> !one.version().equals(found));
        if (wanted.isEmpty()) {
            return new ToolchainCheck(problems, Optional.empty());
        }
        Optional<String> chosen = request.scripts().tools().goToolchain().filter(go -> !go.equals("local"));
        if (chosen.isPresent()) {
            return new ToolchainCheck(
                    problems,
                    Optional.of(chosen.get() + " is fetched by " + found
                            + " of the cross image, as kube.goToolchain has it"));
        }
        String asked = wanted.get().version() + " (" + wanted.get().source() + ")";
        Optional<String> answer = answer(environment);
        if (answer.isPresent()) {
            return new ToolchainCheck(
                    problems,
                    Optional.of(found + " of the cross image, where the tree asks for " + asked + ", because of "
                            + answer.get()));
        }
        problems.add(
                new Problem(
                        "the cross image has " + found + ", and this tree asks for " + asked,
                        "its scripts would fetch that Go over the network in the middle of the build",
                        "to build with the Go that is there: -Dkube.goToolchain=local, or FORCE_HOST_GO=y in the environment; to build with"
                                + " the other, name a cross image that has it: -Dkube.crossImage=NAME -Dkube.crossVersion=TAG"));
        return new ToolchainCheck(problems, Optional.empty());
    }

    /**
     * A Go that is asked for.
     *
     * @param version {@code go1.22.5}
     * @param source who asks
     */
    private record Wanted(String version, String source) {}

    /** As the function has it: GOTOOLCHAIN, unless it leaves the choice open, then GO_VERSION, then the tree's file. */
    private static Optional<Wanted> wanted(Description description, Map<String, String> environment) {
        // go1.22.5+auto: that one, or a newer one where a module wants it.
        String toolchain = environment.getOrDefault("GOTOOLCHAIN", "").replaceFirst("\\+.*", "");
        if (toolchain.startsWith("go")) {
            return Optional.of(new Wanted(toolchain, "GOTOOLCHAIN"));
        }
        String version = environment.getOrDefault("GO_VERSION", "");
        if (!version.isEmpty()) {
            return Optional.of(new Wanted("go" + version, "GO_VERSION"));
        }
        return description.goVersion().map(text -> new Wanted("go" + text, ".go-version"));
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
        Optional<String> line = description.goLine().filter(text -> !precedes(text, "1.21"));
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
