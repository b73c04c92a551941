package io.kubebuild.mojo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of a project that a tree is released in, as Maven has it after it has filled in properties such as <code>${revision}</code>.
 *
 * @param text {@code 1.20.2}, {@code 1.20.2-SNAPSHOT}, {@code 1.20.2-corp1}
 */
record ProjectVersion(String text) {

    private static final String SNAPSHOT = "-SNAPSHOT";

    private static final String PRE_RELEASE = "(?:alpha|beta|rc)\\.[0-9]+";

    /** A version of Kubernetes, and what somebody has put behind it. */
    private static final Pattern SUFFIXED =
            Pattern.compile("v?([0-9]+\\.[0-9]+\\.[0-9]+(?:-" + PRE_RELEASE + ")?)[-+._](?!" + PRE_RELEASE + ")(.+)");

    /**
     * Whether what is deployed is what its coordinates say. A snapshot stands for any state of the version's tree, between tags and with
     * changes too; another suffix is the project's own name for a state of it, but for none before the release.
     *
     * @param tree the tree's version, {@code v1.20.2} or {@code v1.20.2-4+1234567890abcd-dirty}
     */
    boolean fits(String tree) {
        String expected = withoutV(tree);
        if (withoutV(text).equals(expected)) {
            return true;
        }
        Matcher suffixed = SUFFIXED.matcher(text);
        if (!suffixed.matches() || !expected.startsWith(suffixed.group(1))) {
            return false;
        }
        String rest = expected.substring(suffixed.group(1).length());
        boolean early = rest.matches("-" + PRE_RELEASE + ".*");
        return rest.isEmpty() || (rest.matches("[-+.].*") && (isSnapshot() || !early));
    }

    /** What to do where it does not fit. */
    String advice(String tree) {
        String wanted = withoutV(tree) + (isSnapshot() ? SNAPSHOT : "");
        String built = isSnapshot() ? text.substring(0, text.length() - SNAPSHOT.length()) : text;
        return "the POM's version is " + text + ", but the tree is " + tree
                + "; for the same, let the POM's version be " + wanted + ", or build as -Dkube.git.version=v"
                + withoutV(built);
    }

    private boolean isSnapshot() {
        return text.endsWith(SNAPSHOT);
    }

    private static String withoutV(String version) {
        return version.startsWith("v") ? version.substring(1) : version;
    }
}
