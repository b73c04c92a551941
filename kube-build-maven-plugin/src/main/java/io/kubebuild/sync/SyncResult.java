package io.kubebuild.sync;

/**
 * What a sync did.
 *
 * @param kind how much of the tree was looked at
 * @param reason why it was that kind, for the user
 * @param filesSent files and links sent
 * @param bytesSent their content
 * @param deletions files, links and directories deleted in the workspace
 */
public record SyncResult(Kind kind, String reason, int filesSent, long bytesSent, int deletions) {

    /** How much of the tree was looked at. */
    public enum Kind {
        /** The workspace held the snapshot already. */
        NOTHING,
        /** What differs from the snapshot that the workspace held. */
        DELTA,
        /** Everything. */
        FULL
    }
}
