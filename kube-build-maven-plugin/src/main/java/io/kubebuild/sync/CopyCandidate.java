package io.kubebuild.sync;

/**
 * A file to be compared, and copied if different.
 *
 * @param from path in the workspace
 * @param found what it looks like there
 * @param to where it belongs on the host
 * @param binary whether it is one, and no generated source
 */
record CopyCandidate(String from, Listing.Found found, HostFile to, boolean binary) {

    String directory() {
        return from.substring(0, from.lastIndexOf('/'));
    }

    String name() {
        return from.substring(from.lastIndexOf('/') + 1);
    }
}
