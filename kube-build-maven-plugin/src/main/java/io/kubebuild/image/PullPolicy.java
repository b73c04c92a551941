package io.kubebuild.image;

/** When images are fetched; upstream's KUBE_BUILD_PULL_LATEST_IMAGES knows the first two. */
public enum PullPolicy {
    /** Ask the registry even where the image is there. */
    ALWAYS,
    /** Fetch what is not there. */
    MISSING,
    /** Fetch nothing. */
    NEVER
}
