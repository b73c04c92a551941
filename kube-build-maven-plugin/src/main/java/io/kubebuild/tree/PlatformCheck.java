package io.kubebuild.tree;

import io.kubebuild.problem.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Platforms as the user wrote them, checked.
 *
 * @param platforms the good ones, each once, in the user's order
 * @param problems everything wrong with the others
 */
public record PlatformCheck(List<Platform> platforms, List<Problem> problems) {

    public PlatformCheck {
        platforms = List.copyOf(platforms);
        problems = List.copyOf(problems);
    }

    /** Checks the syntax alone, for where the tree could not be described. */
    public static PlatformCheck syntax(List<String> written) {
        return check(written, Optional.empty());
    }

    /** Checks that the tree's script speaks of each platform: what can be told before the script runs. */
    public static PlatformCheck against(GoScript script, List<String> written) {
        return check(written, Optional.of(script.platforms()).filter(platforms -> !platforms.isEmpty()));
    }

    /** Checks that the tree builds something for each platform. */
    public static PlatformCheck against(Description description, List<String> written) {
        return check(written, Optional.of(description.supportedPlatforms()));
    }

    /**
     * What is wrong with asking for these platforms in a release of this tree; empty where it takes the choice. Scripts to v1.7 build a
     * release for all platforms, or for the quick ones: KUBE_BUILD_PLATFORMS has no say there ({@code hack/lib/golang.sh}).
     */
    public Optional<Problem> ignoredBy(Description description) {
        Set<Platform> more = new LinkedHashSet<>();
        for (TargetGroup group : TargetGroup.values()) {
            more.addAll(description.platforms(group));
        }
        more.removeAll(platforms);
        return platforms.isEmpty() || more.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "kube.platforms is set, but this tree does not let a release's platforms be chosen",
                        "its scripts would also build for "
                                + more.stream().map(Platform::toString).collect(Collectors.joining(", ")),
                        "leave kube.platforms out for all of them, take -Dkube.quick=true for linux/amd64 alone, or compile"
                                + " single targets with -Dwhat"));
    }

    private static PlatformCheck check(List<String> written, Optional<List<Platform>> supported) {
        Set<Platform> good = new LinkedHashSet<>();
        List<Problem> problems = new ArrayList<>();
        List<String> names =
                supported.orElse(List.of()).stream().map(Platform::toString).toList();
        // One setting holds several: with commas, as Maven's lists, or with blanks, as upstream's variable.
        List<String> words = written.stream()
                .flatMap(text -> Stream.of(text.split("[,\\s]+")))
                .filter(word -> !word.isEmpty())
                .toList();
        for (String word : words) {
            Optional<Platform> platform = Platform.parse(word);
            if (platform.isEmpty()) {
                problems.add(malformed(word, names));
            } else if (supported.isPresent() && !supported.get().contains(platform.get())) {
                problems.add(unknown(word, names));
            } else {
                good.add(platform.get());
            }
        }
        return new PlatformCheck(List.copyOf(good), problems);
    }

    private static Problem malformed(String word, List<String> names) {
        return new Problem(
                "kube.platforms has " + word + ", which is no platform",
                "a platform is <operating system>/<architecture> in lower case, as Go names them",
                fix(word, names).orElse("-Dkube.platforms=linux/amd64"));
    }

    private static Problem unknown(String word, List<String> names) {
        return new Problem(
                "kube.platforms has " + word + ", which this tree does not build for",
                "it builds for " + names.stream().collect(Collectors.joining(", ")),
                fix(word, names).orElse("take one of these, or leave kube.platforms out for all"));
    }

    private static Optional<String> fix(String word, List<String> names) {
        String likely =
                word.toLowerCase(java.util.Locale.ROOT).replace('-', '/').replace('_', '/');
        return NearestMatch.of(likely, names).map(name -> "-Dkube.platforms=" + name);
    }
}
