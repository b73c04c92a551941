package io.kubebuild.tree;

import java.util.List;

/**
 * A set of targets that the tree's {@code hack/lib/golang.sh} names together and builds for the same platforms.
 */
public enum TargetGroup {
    SERVER("server", "KUBE_SERVER", "KUBE_SERVER", "KUBE_SERVER"),
    NODE("node", "KUBE_NODE", "KUBE_NODE", "KUBE_NODE"),
    CLIENT("client", "KUBE_CLIENT", "KUBE_CLIENT", "KUBE_CLIENT"),
    TEST("test", "KUBE_TEST", "KUBE_TEST", "KUBE_TEST"),
    /** v1.4 names it after the node. */
    SERVER_TEST("server-test", "KUBE_TEST_SERVER", "KUBE_NODE_TEST", "KUBE_SERVER"),
    /** What goes into the conformance image; from v1.13 on. */
    CONFORMANCE("conformance", "KUBE_CONFORMANCE_IMAGE", "KUBE_CONFORMANCE_IMAGE", "KUBE_SERVER"),
    /** What goes into server images; from v1.12 on. */
    IMAGE("image", "KUBE_SERVER_IMAGE", "KUBE_SERVER_IMAGE", "KUBE_SERVER");

    private final String word;
    private final String prefix;
    private final String earlierPrefix;
    private final String platformsFrom;

    TargetGroup(String word, String prefix, String earlierPrefix, String platformsFrom) {
        this.word = word;
        this.prefix = prefix;
        this.earlierPrefix = earlierPrefix;
        this.platformsFrom = platformsFrom;
    }

    /** The group as the user reads it. */
    public String word() {
        return word;
    }

    /** Beginnings of its variables' names, {@code _TARGETS} and the like cut off; the first that the tree has counts. */
    List<String> prefixes() {
        return List.of(prefix, earlierPrefix);
    }

    /** Beginning of the variable with its platforms where it has none of its own. */
    String platformsFrom() {
        return platformsFrom;
    }
}
