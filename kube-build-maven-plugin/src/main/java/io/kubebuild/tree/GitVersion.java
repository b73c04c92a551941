package io.kubebuild.tree;

import io.kubebuild.problem.Problem;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is stamped into binaries and images: upstream's five {@code KUBE_GIT_*} variables. An empty text stands for a variable
 * that is not set.
 *
 * @param commit KUBE_GIT_COMMIT, a full commit id
 * @param treeState KUBE_GIT_TREE_STATE: {@code clean}, {@code dirty} or {@code archive}
 * @param version KUBE_GIT_VERSION, with its leading v
 * @param major KUBE_GIT_MAJOR
 * @param minor KUBE_GIT_MINOR, with a plus sign behind it where the version is not a plain release
 */
public record GitVersion(String commit, String treeState, String version, String major, String minor) {

    /** Where upstream's scripts write and read it, relative to the root. */
    public static final String FILE = ".dockerized-kube-version-defs";

    private static final Pattern SEMVER =
            Pattern.compile("v([0-9]+)\\.([0-9]+)(\\.[0-9]+)?(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)=(?:'([^']*)'|\"([^\"$`\\\\]*)\"|([^\\s'\"$`\\\\;&|]*))\\s*");

    public GitVersion {
        for (String value : new String[] {commit, treeState, version, major, minor}) {
            if (value.contains("'") || value.contains("\n")) {
                throw new IllegalArgumentException("cannot be stamped: " + value);
            }
        }
    }

    /** The text of the version file, byte for byte as kube::version::save_version_vars (hack/lib/version.sh) writes it. */
    public String format() {
        return "KUBE_GIT_COMMIT='" + commit + "'\n"
                + "KUBE_GIT_TREE_STATE='" + treeState + "'\n"
                + "KUBE_GIT_VERSION='" + version + "'\n"
                + "KUBE_GIT_MAJOR='" + major + "'\n"
                + "KUBE_GIT_MINOR='" + minor + "'\n";
    }

    /**
     * Reads a version file. Upstream sources it as bash; plain assignments, quoted or not, and comments are what anyone writes
     * there, so anything else is refused.
     *
     * @return empty where a line is no plain assignment
     */
    public static Optional<GitVersion> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.stripLeading().startsWith("#")) {
                continue;
            }
            Matcher matcher = ASSIGNMENT.matcher(line);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            String value = matcher.group(2) != null
                    ? matcher.group(2)
                    : matcher.group(3) != null ? matcher.group(3) : matcher.group(4);
            values.put(matcher.group(1), value == null ? "" : value);
        }
        if (values.values().stream().anyMatch(value -> value.contains("'"))) {
            return Optional.empty();
        }
        return Optional.of(new GitVersion(
                values.getOrDefault("KUBE_GIT_COMMIT", ""),
                values.getOrDefault("KUBE_GIT_TREE_STATE", ""),
                values.getOrDefault("KUBE_GIT_VERSION", ""),
                values.getOrDefault("KUBE_GIT_MAJOR", ""),
                values.getOrDefault("KUBE_GIT_MINOR", "")));
    }

    /** The version as an image tag: a plus sign is not allowed there (kube::release::build_server_images, build/lib/release.sh). */
    public String dockerTag() {
        return version.replaceFirst("\\+", "_");
    }

    /** The five variables. */
    public Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("KUBE_GIT_COMMIT", commit);
        variables.put("KUBE_GIT_TREE_STATE", treeState);
        variables.put("KUBE_GIT_VERSION", version);
        variables.put("KUBE_GIT_MAJOR", major);
        variables.put("KUBE_GIT_MINOR", minor);
        return variables;
    }

    /** The check that trees from v1.10 on make at the end of kube::version::get_version_vars (hack/lib/version.sh). */
    public Optional<Problem> semverProblem() {
        if (SEMVER.matcher(version).matches()) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                "the version " + (version.isEmpty() ? "is empty" : version + " is no semantic version"),
                "this tree's hack/lib/version.sh refuses to build it; a version looks like v1.20.2, v1.20.2-rc.1 or"
                        + " v1.20.2-4+1234567890abcd",
                "-Dkube.git.version=v<major>.<minor>.<patch>, or tag the commit so"));
    }
}
