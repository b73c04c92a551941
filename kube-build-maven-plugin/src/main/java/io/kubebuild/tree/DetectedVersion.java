package io.kubebuild.tree;

import java.util.List;

/**
 * The version of a tree, and what led to it.
 *
 * @param version what is stamped
 * @param realState what the files on disk say, whatever overrides claim; the source tarball follows it
 * @param notes for the log: where values came from, and what was left aside
 */
public record DetectedVersion(GitVersion version, RealState realState, List<String> notes) {

    public DetectedVersion {
        notes = List.copyOf(notes);
    }

    /** Files that make the tree dirty; empty for a clean tree and for one without git. */
    public List<String> dirtyFiles() {
        return realState instanceof Dirty dirty ? dirty.files() : List.of();
    }

    /** The state of the files on disk against the commit that is checked out. */
    public sealed interface RealState {}

    /** Every file is as committed, and {@code git archive} gives the tree. */
    public record Clean(String commit) implements RealState {}

    /**
     * Files differ from the commit.
     *
     * @param files relative to the root, sorted; the Maven project's own files are not among them
     */
    public record Dirty(List<String> files) implements RealState {
        public Dirty {
            files = List.copyOf(files);
        }
    }

    /** Git says nothing about the tree; the reason is for the user. */
    public record NoGit(String reason) implements RealState {}
}
