package io.kubebuild.tree;

import io.kubebuild.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which Go a tree accepts, read from its files without running any of them: for the time before there is a cross image.
 *
 * @param minimum the oldest that {@code kube::golang::verify_go_version} (hack/lib/golang.sh) lets pass: {@code 1.15.0}
 * @param wanted what {@code .go-version} asks for, from v1.26 on: {@code 1.22.5}
 * @param comparesText whether that function compares versions as text, as it does up to v1.13: {@code go1.10} is then older than
 *     {@code go1.9}
 */
public record GoRequirement(Optional<String> minimum, Optional<String> wanted, boolean comparesText) {

    private static final Pattern COMPARED_AS_TEXT = Pattern.compile("go_version\\[2]}\"? < \"?go[0-9]");
    private static final Pattern VERSION =
            Pattern.compile("(?:go)?([0-9]+)\\.([0-9]+)(?:\\.([0-9]+))?(?:(beta|rc)([0-9]+))?(?:[ +-].*)?");

    /** What a tree requires. */
    public static GoRequirement of(TreeRoot tree) {
        String script = tree.text("hack/lib/golang.sh").orElse("");
        Matcher minimum = Description.MINIMUM_GO.matcher(script);
        return new GoRequirement(
                minimum.find() ? Optional.of(minimum.group(1)) : Optional.empty(),
                tree.text(".go-version").map(String::strip).filter(text -> !text.isEmpty()),
                COMPARED_AS_TEXT.matcher(script).find());
    }

    /**
     * Why the tree does not build with a Go; empty where it does.
     *
     * @param version {@code go1.22.5}
     * @param origin who has it, for the message ("the SDK /usr/local/go")
     */
    public List<Problem> problems(String version, String origin) {
        if (!VERSION.matcher(version).matches()) {
            return List.of(new Problem(
                    origin + " says that it is Go '" + version + "'",
                    "that is no version of Go, such as go1.22.5",
                    "name the SDK of a release of Go"));
        }
        List<Problem> problems = new ArrayList<>();
        minimum.filter(oldest -> isOlder(version, oldest))
                .ifPresent(oldest -> problems.add(new Problem(
                        origin + " is " + version + ", and this tree needs go" + oldest + " or newer",
                        comparesText && !precedes(version, oldest)
                                ? "its hack/lib/golang.sh compares versions as text, so that a newer one can count as older"
                                : "hack/lib/golang.sh refuses an older one",
                        "name an SDK of go" + wanted.orElse(oldest))));
        wanted.filter(asked -> problems.isEmpty() && !minor(asked).equals(minor(version)))
                .ifPresent(asked -> problems.add(new Problem(
                        origin + " is " + version + ", and the tree's .go-version asks for " + asked,
                        "its scripts would fetch the other one in mid-build; a build here uses what the image has",
                        "name an SDK of go" + minor(asked) + ", or write the version that you want into .go-version")));
        return problems;
    }

    /** What to know about a Go that will do. */
    public Optional<String> remark(String version) {
        return wanted.filter(asked -> !("go" + asked).equals(version))
                .map(asked -> "the tree's .go-version asks for " + asked + ", the image will have " + version
                        + ": binaries say so, and are not those of upstream byte for byte");
    }

    private boolean isOlder(String version, String oldest) {
        return comparesText ? version.compareTo("go" + oldest) < 0 : precedes(version, oldest);
    }

    private static String minor(String version) {
        Matcher matcher = VERSION.matcher(version);
        return matcher.matches() ? matcher.group(1) + "." + matcher.group(2) : version;
    }

    /** Whether one version is older than another, numbers compared as numbers, and a candidate older than its release. */
    static boolean precedes(String version, String other) {
        Matcher one = VERSION.matcher(version);
        Matcher two = VERSION.matcher(other);
        if (!one.matches() || !two.matches()) {
            return false;
        }
        for (int group = 1; group <= 3; group++) {
            int difference = Integer.compare(number(one.group(group)), number(two.group(group)));
            if (difference != 0) {
                return difference < 0;
            }
        }
        return one.group(4) != null && two.group(4) == null;
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }
}
