package io.kubebuild.sync;

import io.kubebuild.io.RawName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the files of a snapshot lie.
 *
 * @param tree the tree
 * @param git a directory that goes to the workspace as the tree's {@code .git}, whose own stays
 */
public record SourceRoot(Path tree, Optional<Path> git) {

    /** Name of git's directory, at the root. */
    public static final String GIT = ".git";

    /** A tree as it is. */
    public static SourceRoot of(Path tree) {
        return new SourceRoot(tree, Optional.empty());
    }

    /** Where the content of an entry lies. */
    Path file(String path) {
        return git.isPresent() && isGit(path)
                ? RawName.resolve(git.get(), path.substring(Math.min(path.length(), GIT.length() + 1)))
                : RawName.resolve(tree, path);
    }

    /** Whether an entry lies beside the tree. */
    boolean isBeside(SourceEntry entry) {
        return git.isPresent() && isGit(entry.path());
    }

    private static boolean isGit(String path) {
        return path.equals(GIT) || path.startsWith(GIT + "/");
    }
}
