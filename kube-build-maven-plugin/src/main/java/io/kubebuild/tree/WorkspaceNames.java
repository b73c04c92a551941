package io.kubebuild.tree;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the image and the containers of one tree, the same as upstream's scripts give (kube::build::verify_prereqs,
 * build/common.sh), so that both can be used on one tree in turn.
 *
 * @param hash ten hex digits that tell trees on one engine apart
 * @param suffix what follows the hash in full names: version of the build image and tag of the cross image; empty in the
 *     oldest trees
 */
public record WorkspaceNames(String hash, String suffix) {

    private static final Pattern HASHED =
            Pattern.compile("KUBE_ROOT_HASH=\\$\\(kube::build::short_hash \"([^\"]*)\"\\)");
    private static final Pattern CONTAINER_SUFFIX =
            Pattern.compile("KUBE_BUILD_CONTAINER_NAME=\"\\$\\{KUBE_BUILD_CONTAINER_NAME_BASE}-([^\"]+)\"");

    /**
     * The names of a tree.
     *
     * @param environment of the process, for HOSTNAME and KUBE_CROSS_VERSION
     * @param hostName the host's own name, for where HOSTNAME is not set: bash sets the variable itself
     * @param branch the git branch; empty when the head is detached or there is no git
     * @param workspaceId {@code kube.workspaceId}, hashed instead of host name, path and branch
     */
    public static WorkspaceNames of(
            TreeRoot tree,
            Map<String, String> environment,
            String hostName,
            Optional<String> branch,
            Optional<String> workspaceId) {
        String script = tree.commonScript();
        Map<String, String> given = new HashMap<>(environment);
        given.putIfAbsent("HOSTNAME", hostName);
        given.put("KUBE_ROOT", tree.path().toString());
        given.put("KUBE_GIT_BRANCH", branch.orElse(""));
        String text = workspaceId.orElseGet(() -> hashedText(script, given));
        return new WorkspaceNames(shortHash(text), suffix(tree, script, given));
    }

    /** Repository of the build image. */
    public String imageRepository() {
        return "kube-build";
    }

    /** Tags that begin so belong to this tree. */
    public String imageTagBase() {
        return "build-" + hash;
    }

    /** Tag of the build image. */
    public String imageTag() {
        return imageTagBase() + dashed();
    }

    /** Build image with its tag. */
    public String image() {
        return imageRepository() + ":" + imageTag();
    }

    /** Build containers whose names begin so belong to this tree. */
    public String buildContainerBase() {
        return "kube-build-" + hash;
    }

    public String buildContainer() {
        return buildContainerBase() + dashed();
    }

    /** Data containers whose names begin so belong to this tree. */
    public String dataContainerBase() {
        return "kube-build-data-" + hash;
    }

    public String dataContainer() {
        return dataContainerBase() + dashed();
    }

    /** A data container that has the tree itself; upstream knows none. */
    public String boundDataContainer() {
        return dataContainer() + "-bind";
    }

    /** Rsync containers whose names begin so belong to this tree. */
    public String rsyncContainerBase() {
        return "kube-rsync-" + hash;
    }

    public String rsyncContainer() {
        return rsyncContainerBase() + dashed();
    }

    private String dashed() {
        return suffix.isEmpty() ? "" : "-" + suffix;
    }

    /** The argument of the tree's own call: the root in v1.2, with the host since v1.3, with the branch since v1.8. */
    private static String hashedText(String script, Map<String, String> given) {
        Matcher call = HASHED.matcher(script);
        String argument = call.find() ? call.group(1) : "${HOSTNAME:-}:${KUBE_ROOT}:${KUBE_GIT_BRANCH}";
        StringBuilder text = new StringBuilder();
        Matcher variable =
                Pattern.compile("\\$\\{([A-Z_]+)(?::?-)?}|\\$([A-Z_]+)").matcher(argument);
        while (variable.find()) {
            String name = variable.group(1) == null ? variable.group(2) : variable.group(1);
            variable.appendReplacement(text, Matcher.quoteReplacement(given.getOrDefault(name, "")));
        }
        return variable.appendTail(text).toString();
    }

    private static String suffix(TreeRoot tree, String script, Map<String, String> given) {
        ShellVariables variables = new ShellVariables(tree, script, given);
        if (tree.era() == Era.DIRECT) {
            Matcher literal = CONTAINER_SUFFIX.matcher(script);
            return literal.find() ? variables.expand(literal.group(1)).orElse("6") : "6";
        }
        return variables.value("KUBE_BUILD_IMAGE_VERSION").orElse("");
    }

    /** First ten hex digits of the MD5 sum (kube::build::short_hash, build/common.sh). */
    private static String shortHash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, 10);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
