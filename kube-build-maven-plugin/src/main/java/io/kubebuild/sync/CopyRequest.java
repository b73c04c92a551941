package io.kubebuild.sync;

import io.kubebuild.problem.KubeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a build brings back.
 *
 * @param outputDirectory where binaries go: with what lies below it, and the tree for generated sources, the only place written to
 * @param binaries the promised ones, and no others
 * @param generated generated sources; empty where the tree must stay as it is
 */
public record CopyRequest(Path outputDirectory, List<Binary> binaries, Optional<Generated> generated) {

    public CopyRequest {
        binaries = List.copyOf(binaries);
    }

    /**
     * One binary.
     *
     * @param from absolute path in the workspace
     * @param to relative to the output directory ({@code dockerized/bin/linux/amd64/kubectl})
     */
    public record Binary(String from, String to) {
        public Binary {
            requireInside(to);
        }
    }

    /**
     * Generated sources.
     *
     * @param tree where they go
     * @param rules which files: {@link FilterRules#generatedOutward}
     * @param inward which files are sent in; what these rules hide is generated, and may be replaced
     * @param snapshot the sources that were sent in: what differs from them on the host was edited since
     */
    public record Generated(Path tree, FilterRules rules, FilterRules inward, SourceSnapshot snapshot) {}

    /** Refuses a path that is absolute or climbs out. */
    static void requireInside(String path) {
        boolean bad = path.isEmpty() || path.startsWith("/");
        for (String name : path.split("/", -1)) {
            bad |= name.isEmpty() || name.equals(".") || name.equals("..");
        }
        if (bad) {
            throw KubeException.build(
                    "refused to write a file named '" + path + "'",
                    "it would lie outside the directory that outputs go to",
                    "nothing was written there; if a script of the tree makes such names, correct it");
        }
    }
}
