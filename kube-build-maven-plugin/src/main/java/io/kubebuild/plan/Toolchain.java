package io.kubebuild.plan;

import io.kubebuild.tree.Platform;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Go that the tree's scripts find in the workspace.
 *
 * @param host the platform that it runs on (GOHOSTOS/GOHOSTARCH); programs for it land in GOPATH/bin itself
 * @param version {@code go1.19.8}; {@code devel} for what is no release
 * @param root GOROOT
 */
public record Toolchain(Platform host, String version, String root) {

    private static final Pattern RELEASE = Pattern.compile("go1\\.(\\d+).*");

    /** The 19 of {@code go1.19.8}; empty for what is no release. */
    public OptionalInt minor() {
        Matcher release = RELEASE.matcher(version);
        return release.matches() ? OptionalInt.of(Integer.parseInt(release.group(1))) : OptionalInt.empty();
    }
}
