package io.kubebuild.sync;

import java.nio.file.Path;
import java.util.List;

/**
 * What a copy-out did.
 *
 * @param changed files written, absolute, in order
 * @param unchanged how many stood as they are in the workspace
 * @param edited generated sources that were not overwritten because somebody edited them, relative to the tree
 */
public record CopyResult(List<Path> changed, int unchanged, List<String> edited) {
    public CopyResult {
        changed = List.copyOf(changed);
        edited = List.copyOf(edited);
    }
}
