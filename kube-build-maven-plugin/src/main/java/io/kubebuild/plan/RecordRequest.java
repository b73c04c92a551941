package io.kubebuild.plan;

import io.kubebuild.tree.Platform;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What to ask the tree's scripts for.
 *
 * @param mode which script
 * @param environment variables for it, as upstream hands them to its build container (GOFLAGS, GOLDFLAGS,
 *     KUBE_BUILD_PLATFORMS, KUBE_OUTPUT_SUBPATH, KUBE_GIT_VERSION_FILE, SOURCE_DATE_EPOCH …)
 * @param requested every target and platform that must come out; the tree may plan more, never less
 */
public record RecordRequest(Mode mode, Map<String, String> environment, List<RequestedOutput> requested) {

    /** Upstream's default of KUBE_OUTPUT_SUBPATH ({@code hack/lib/init.sh}). */
    private static final String DEFAULT_SUBPATH = "_output/local";

    /** Which script is asked. */
    public sealed interface Mode {
        /** Everything that a release needs: {@code hack/make-rules/cross.sh} ({@code hack/build-cross.sh} to v1.3). */
        record Cross() implements Mode {}

        /** Certain targets: {@code make all WHAT=…}. */
        record What(List<String> targets) implements Mode {
            public What {
                targets = List.copyOf(targets);
                if (targets.isEmpty()) {
                    throw new IllegalArgumentException("no targets");
                }
            }
        }
    }

    public RecordRequest {
        environment = Map.copyOf(environment);
        requested = requested.stream().distinct().sorted().toList();
        if (requested.isEmpty()) {
            throw new IllegalArgumentException("nothing requested");
        }
    }

    /** A release's worth. */
    public static RecordRequest cross(Map<String, String> environment, List<RequestedOutput> requested) {
        return new RecordRequest(new Mode.Cross(), environment, requested);
    }

    /** Each of these targets for each of these platforms. */
    public static RecordRequest what(List<String> targets, List<Platform> platforms, Map<String, String> environment) {
        Map<String, String> variables = new TreeMap<>(environment);
        variables.put(
                "KUBE_BUILD_PLATFORMS",
                platforms.stream().map(Platform::toString).collect(Collectors.joining(" ")));
        List<RequestedOutput> requested = targets.stream()
                .flatMap(target -> platforms.stream().map(platform -> new RequestedOutput(target, platform)))
                .toList();
        return new RecordRequest(new Mode.What(targets), variables, requested);
    }

    /** Where the tree's scripts put {@code go/} and {@code bin/}, relative to its root. */
    public String outputSubpath() {
        String subpath = environment.getOrDefault("KUBE_OUTPUT_SUBPATH", "");
        return subpath.isEmpty() ? DEFAULT_SUBPATH : subpath;
    }

    /** Where {@code place_bins} of {@code hack/lib/golang.sh} puts a program. */
    public String placedPath(String root, Platform platform, String program) {
        return root + "/" + outputSubpath() + "/bin/" + platform + "/" + program;
    }
}
