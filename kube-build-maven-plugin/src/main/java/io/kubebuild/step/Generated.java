package io.kubebuild.step;

import io.kubebuild.compile.GeneratedFiles;
import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.Description;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.Optional;

/**
 * Sources that the tree generates before a compile. They stand as long as every source is as it was when they were made, in the
 * same data container; upstream makes them anew after each sync.
 */
final class Generated {

    private static final String RECORD = "generated";

    private Generated() {}

    /** Whether what lies in the workspace was generated from these sources. */
    static boolean standsFor(BuildContext context, Sync.Synced synced) {
        Optional<Sync.Synced> made = context.state().read(RECORD, Sync.Synced.class);
        return made.isPresent()
                && made.get().equals(synced)
                && !context.request().force();
    }

    /** Before the workspace may lose them: a sync that drops generated files, or sends everything, deletes them. */
    static void forget(BuildContext context) {
        Steps.forget(context, RECORD);
    }

    /** After a sync that found nothing to do, so that what stood before it still does. */
    static void keep(BuildContext context, Sync.Synced synced) {
        Steps.write(context, RECORD, synced);
    }

    /** Generates, unless it stands; says whether that ran. */
    static boolean ensure(BuildContext context, Workspace workspace, Sync.Synced synced) throws InterruptedException {
        if (standsFor(context, synced)) {
            return false;
        }
        forget(context);
        boolean generates =
                new Describer(context).kept().map(Description::generatesFiles).orElse(true);
        if (generates) {
            make(context, workspace);
        }
        keep(context, synced);
        return generates;
    }

    private static void make(BuildContext context, Workspace workspace) throws InterruptedException {
        context.listener().on(new BuildListener.Fact("generated sources", "made anew, sources changed"));
        try {
            new GeneratedFiles(context.state().file("generated-files.log"))
                    .ensure(workspace, Workspaces.environment(context), context.listener());
        } catch (IOException e) {
            throw KubeException.build(
                    "generating sources failed", e.toString(), "check the engine and the disk, then run again", e);
        }
    }
}
