package io.kubebuild.plan;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A target as the tree's lists write it, and the package paths under which scripts hand it to go.
 *
 * <p>Sources: {@code kube::golang::binaries_from_targets} (the module's path in front), and from v1.30 its successor, which
 * asks {@code go list} (no {@code vendor/} or {@code staging/src/} left); {@code ginkgo} became a name without a path.
 *
 * @param name {@code cmd/kubectl}, {@code test/e2e/e2e.test}, {@code vendor/github.com/onsi/ginkgo/ginkgo}
 */
public record Target(String name) {

    private static final List<String> PREFIXES_THAT_GO = List.of("vendor/", "staging/src/");

    public Target {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a target without a name");
        }
    }

    /** Whether it is a compiled test: {@code go test -c} of the directory it lies in. */
    public boolean isTest() {
        return name.endsWith(".test");
    }

    /** File name of what comes out, without {@code .exe}. */
    public String program() {
        String path = path();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether this word of a go command names the target's package. */
    public boolean isPackage(String word) {
        return packageTails().stream().anyMatch(tail -> word.equals(tail) || word.endsWith("/" + tail));
    }

    /** Alternatives of a shell's {@code case} that match the words for which {@link #isPackage} is true. */
    String shellPattern() {
        return packageTails().stream()
                .map(tail -> "'" + tail.replace("'", "'\\''") + "'")
                .map(quoted -> quoted + "|*/" + quoted)
                .collect(Collectors.joining("|"));
    }

    /** Where its package lies, below the root. */
    String directory() {
        String path = path();
        return isTest() && path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : path;
    }

    private Set<String> packageTails() {
        String path = directory();
        Set<String> tails = new LinkedHashSet<>(List.of(path));
        for (String prefix : PREFIXES_THAT_GO) {
            if (path.startsWith(prefix)) {
                tails.add(path.substring(prefix.length()));
            }
        }
        return tails;
    }

    private String path() {
        String path = name;
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        while (path.length() > 1 && path.endsWith("/")) {
            path = path.substring(0, path.length() - 1);
        }
        return path;
    }

    @Override
    public String toString() {
        return name;
    }
}
