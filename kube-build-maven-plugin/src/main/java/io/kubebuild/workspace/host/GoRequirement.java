package io.kubebuild.workspace.host;

import io.kubebuild.problem.Problem;
import io.kubebuild.tree.TreeRoot;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which Go a tree builds with ({@code kube::golang::verify_go_version}, hack/lib/golang.sh).
 *
 * @param minimum the oldest that the scripts or go.mod accept
 * @param comparesText whether the scripts compare by text, as those up to v1.13 do, so that go1.19 is too old for go1.6
 * @param wanted the one that releases are built with ({@code .go-version}, from v1.26 on)
 */
public record GoRequirement(Optional<GoVersion> minimum, boolean comparesText, Optional<GoVersion> wanted) {

    private static final Pattern MINIMUM =
            Pattern.compile("(?:minimum_go_version=\"?|go_version\\[2]}\" < \")(go[0-9]+(?:\\.[0-9]+){1,2})");

    private static final Pattern COMPARES_TEXT = Pattern.compile("go_version\\[2]}\" < \"");

    /** Of go.mod; only Go from 1.21 on refuses for it, but where one is named that old ones do not know, none of them will do. */
    private static final Pattern MODULE = Pattern.compile("(?m)^go +([0-9]+\\.[0-9]+(?:\\.[0-9]+)?)\\s*$");

    /** From this version on go.mod says what is needed, and not only which language it is written in. */
    private static final int BINDING = 21;

    /** Reads it from a tree's files. */
    public static GoRequirement of(TreeRoot tree) {
        String script = tree.text("hack/lib/golang.sh").orElse("");
        Optional<GoVersion> ofScript = first(MINIMUM, script);
        Optional<GoVersion> ofModule =
                first(MODULE, tree.text("go.mod").orElse("")).filter(version -> version.minor() >= BINDING);
        return new GoRequirement(
                Stream.concat(ofScript.stream(), ofModule.stream()).max(GoVersion::compareTo),
                COMPARES_TEXT.matcher(script).find(),
                tree.text(".go-version").map(String::strip).flatMap(GoVersion::parse));
    }

    private static Optional<GoVersion> first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? GoVersion.parse(matcher.group(1)) : Optional.empty();
    }

    /** Whether the tree's scripts take it. */
    boolean isMetBy(GoSdk sdk) {
        return problem(sdk).isEmpty();
    }

    /** What is wrong with an SDK for this tree; one that is no release is taken, as the scripts do. */
    public Optional<Problem> problem(GoSdk sdk) {
        Optional<GoVersion> has = GoVersion.parse(sdk.version());
        if (has.isEmpty() || minimum.isEmpty()) {
            return Optional.empty();
        }
        GoVersion least = minimum.get();
        if (has.get().compareTo(least) < 0) {
            return Optional.of(new Problem(
                    "the Go SDK in " + sdk.root() + " is " + sdk.version() + ", and this tree needs " + least
                            + " or newer",
                    "",
                    fix(wanted.orElse(least))));
        }
        if (comparesText && has.get().text().compareTo(least.text()) < 0) {
            return Optional.of(new Problem(
                    "the Go SDK in " + sdk.root() + " is " + sdk.version()
                            + ", and this tree's scripts take it for older than " + least,
                    "kube::golang::verify_go_version (hack/lib/golang.sh) compares versions as text",
                    fix(least)));
        }
        return Optional.empty();
    }

    /** The words of a warning where releases are built with another one. */
    public Optional<String> difference(GoSdk sdk) {
        return wanted.filter(version ->
                        !GoVersion.parse(sdk.version()).filter(version::isSame).isPresent())
                .map(version -> "Go is " + sdk.version() + ", the tree's .go-version says " + version
                        + ": binaries differ from those that are released");
    }

    /** How to get another one. */
    static String fix(GoVersion version) {
        return String.join(
                "\n",
                List.of(
                        "name a Go SDK of " + version + ": -Dkube.goSdk=DIRECTORY",
                        "or have one fetched: -Dkube.goSdk.url=https://…/" + version
                                + ".linux-amd64.tar.gz -Dkube.goSdk.sha256=CHECKSUM"));
    }
}
