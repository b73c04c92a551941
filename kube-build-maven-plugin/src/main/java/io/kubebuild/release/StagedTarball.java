package io.kubebuild.release;

import java.util.List;

/**
 * A tarball that the tree's packaging made, described.
 *
 * @param name its file name ({@code kubernetes-server-linux-amd64.tar.gz})
 * @param directory what entry paths are relative to, below the recording ({@code release-stage/server/linux-amd64})
 * @param entries sorted by path, directories before their content
 */
public record StagedTarball(String name, String directory, List<TarballEntry> entries) {
    public StagedTarball {
        entries = List.copyOf(entries);
    }
}
