package io.kubebuild.step;

import io.kubebuild.output.HostFiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Generated sources where the workspace has the tree itself: they lie in the tree, and whoever works there can change or delete them,
 * which no snapshot tells. They are as they were left if each of them looks as it did.
 */
final class GeneratedInTree {

    private static final String RECORD = "generated-in-tree";

    private GeneratedInTree() {}

    /** @param files stats by path */
    record Left(Map<String, String> files) {
        Left {
            files = Map.copyOf(files);
        }
    }

    /** Takes down what they look like, after they were generated; does nothing where the workspace has a copy of the tree. */
    static void remember(BuildContext context) {
        if (new Transports(context).bound()) {
            Steps.write(context, context.ofWorkspace(RECORD), now(context));
        }
    }

    /** Whether they are as they were left; true where the workspace has a copy of the tree, which nobody else touches. */
    static boolean asLeft(BuildContext context) {
        return !new Transports(context).bound()
                || context.state().read(context.ofWorkspace(RECORD), Left.class).equals(Optional.of(now(context)));
    }

    private static Left now(BuildContext context) {
        try {
            return new Left(HostFiles.of(GeneratedOnHost.in(context)));
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }
}
