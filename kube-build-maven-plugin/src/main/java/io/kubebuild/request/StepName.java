package io.kubebuild.request;

import java.util.Locale;

/** The six steps of a release, in the order in which they run. */
public enum StepName {
    VERIFY_PREREQS,
    BUILD_IMAGE,
    SYNC,
    CROSS_COMPILE,
    COPY_OUTPUT,
    PACKAGE_TARBALLS;

    /** The goal that runs this step alone ({@code cross-compile}). */
    public String goal() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
