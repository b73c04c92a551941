package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.host.HostDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The directories that builds on this machine itself keep in the user's cache, and their removal. */
final class HostWorkspaces {

    private HostWorkspaces() {}

    /** Where they lie, each under the name that the tree's data container would have. */
    static Path directories(Path userCache) {
        return userCache.resolve("workspaces");
    }

    /** Removes those of a tree, of all versions that it had. */
    static void removeOf(BuildContext context) {
        Path all = directories(context.userCache());
        if (!Files.isDirectory(all)) {
            return;
        }
        try (Stream<Path> found = Files.list(all)) {
            found.filter(one -> String.valueOf(one.getFileName())
                            .startsWith(context.names().dataContainerBase()))
                    .sorted()
                    .forEach(one -> remove(new HostDirectory(one), context.listener()));
        } catch (IOException e) {
            throw unlisted(all, e);
        }
    }

    /** Removes those that this host's builds made for trees that are no more; returns how many. */
    static int removeOrphans(Path userCache, String host, BuildListener listener) {
        int removed = 0;
        try {
            for (HostDirectory orphan : HostDirectory.orphans(directories(userCache), host)) {
                removed += remove(orphan, listener) ? 1 : 0;
            }
            return removed;
        } catch (IOException e) {
            throw unlisted(directories(userCache), e);
        }
    }

    /** Removes one, and tells it. */
    private static boolean remove(HostDirectory directory, BuildListener listener) {
        try {
            boolean removed = directory.delete();
            if (removed) {
                listener.on(new BuildListener.Fact("removed", "workspace " + directory.path()));
            }
            return removed;
        } catch (IOException e) {
            throw KubeException.build(
                    "the workspace " + directory.path() + " cannot be removed",
                    e.toString(),
                    "remove it by hand: rm -rf " + directory.path(),
                    e);
        }
    }

    private static KubeException unlisted(Path directory, IOException e) {
        return KubeException.build(
                "the workspaces in " + directory + " cannot be listed",
                e.toString(),
                "make that directory readable",
                e);
    }
}
