package io.kubebuild.plan;

import io.kubebuild.tree.Platform;

/**
 * A target that somebody wants, for one platform.
 *
 * @param target what
 * @param platform for which platform
 */
public record RequestedOutput(Target target, Platform platform) implements Comparable<RequestedOutput> {

    public RequestedOutput(String target, Platform platform) {
        this(new Target(target), platform);
    }

    @Override
    public int compareTo(RequestedOutput other) {
        return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return target + " for " + platform;
    }
}
