package io.kubebuild.tree;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the tree's own {@code hack/lib/version.sh} does, as far as releases differ in it; read from its text.
 *
 * @param archive what git archive wrote into the script (from v1.9 on); empty in a checkout
 * @param tagMatch the glob that tags must match, where the script has one (from about v1.16 on)
 * @param countsDashes whether describe's answer is rewritten by its number of dashes (from v1.5 on) or in one way only
 * @param allowsBuildMetadata whether major and minor are also read from a version with a {@code +} part
 * @param refusesOtherThanSemver whether a version that is no semantic version stops the build (from v1.10 on)
 */
record VersionScript(
        Optional<Archive> archive,
        Optional<String> tagMatch,
        boolean countsDashes,
        boolean allowsBuildMetadata,
        boolean refusesOtherThanSemver) {

    private static final Pattern MARKER = Pattern.compile("\\[\\[\\s*'([^']*)'\\s*==\\s*\"%\"\\s*]]");
    private static final Pattern COMMIT = Pattern.compile("KUBE_GIT_COMMIT='([^']*)'");
    private static final Pattern STATE = Pattern.compile("KUBE_GIT_TREE_STATE=\"([^\"$]*)\"");
    private static final Pattern REFERENCES = Pattern.compile("\\[\\[\\s*'([^']*)'\\s*=~\\s*tag:");
    private static final Pattern TAG = Pattern.compile("tag: (v[^ ,]+)");
    private static final Pattern DESCRIBE = Pattern.compile("describe --tags --match=(['\"])([^'\"]*)\\1");

    private static final Pattern BEFORE_V1_5 = Pattern.compile("-([0-9]+)-g([0-9a-f]{14})$");
    private static final Pattern BEYOND_BASE = Pattern.compile("-g([0-9a-f]{14})$");
    private static final Pattern MAJOR_MINOR = Pattern.compile("v([0-9]+)\\.([0-9]+)(\\.[0-9]+)?(-.*)?");
    // As in bash, the longest "-" part is taken first and may swallow the "+" part.
    private static final Pattern MAJOR_MINOR_METADATA =
            Pattern.compile("v([0-9]+)\\.([0-9]+)(\\.[0-9]+)?(-.*)?(\\+.*)?");

    /** The end of the expression that a version is held against; it says more than the words of the message, which forks change. */
    private static final String SEMVER_TEST = "(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$";

    /**
     * What git archive wrote.
     *
     * @param version from the commit's tag; empty where it has none
     */
    record Archive(String commit, String treeState, Optional<String> version) {}

    static VersionScript of(String text) {
        Matcher describe = DESCRIBE.matcher(text);
        return new VersionScript(
                archiveIn(text),
                describe.find() ? Optional.of(describe.group(2)) : Optional.empty(),
                text.contains("DASHES_IN_VERSION"),
                text.contains("([-].*)?([+].*)?$"),
                text.contains(SEMVER_TEST));
    }

    private static Optional<Archive> archiveIn(String text) {
        Matcher marker = MARKER.matcher(text);
        if (!marker.find() || !marker.group(1).equals("%")) {
            return Optional.empty();
        }
        String rest = text.substring(marker.end());
        Matcher commit = COMMIT.matcher(rest);
        Matcher state = STATE.matcher(rest);
        Matcher references = REFERENCES.matcher(rest);
        Matcher tag = TAG.matcher(references.find() ? references.group(1) : "");
        return Optional.of(new Archive(
                commit.find() ? commit.group(1) : "",
                state.find() ? state.group(1) : "archive",
                tag.find() ? Optional.of(tag.group(1)) : Optional.empty()));
    }

    /** Git's answer as a semantic version: distance and commit become its last parts. */
    String rewrite(String described) {
        if (!countsDashes) {
            return BEFORE_V1_5.matcher(described).replaceFirst(".$1+$2");
        }
        long dashes = described.chars().filter(c -> c == '-').count();
        if (dashes == 3) {
            return BEFORE_V1_5.matcher(described).replaceFirst(".$1+$2");
        }
        return dashes == 2 ? BEYOND_BASE.matcher(described).replaceFirst("+$1") : described;
    }

    /** Major and minor of a version; the minor has a plus sign where a {@code -} part follows. Empty where it is no version. */
    Optional<MajorMinor> majorMinor(String version) {
        Matcher matcher = (allowsBuildMetadata ? MAJOR_MINOR_METADATA : MAJOR_MINOR).matcher(version);
        return matcher.matches()
                ? Optional.of(
                        new MajorMinor(matcher.group(1), matcher.group(2) + (matcher.group(4) == null ? "" : "+")))
                : Optional.empty();
    }

    record MajorMinor(String major, String minor) {}
}
