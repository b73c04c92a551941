package io.kubebuild.step;

import io.kubebuild.cache.GoCaches;
import io.kubebuild.compile.GeneratedFiles;
import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.reach.GeneratorInputs;
import io.kubebuild.reach.GeneratorInputsReader;
import io.kubebuild.reach.SourceChange;
import io.kubebuild.reach.SourceDirectories;
import io.kubebuild.request.StepName;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.sync.SourceTexts;
import io.kubebuild.sync.UnsentFiles;
import io.kubebuild.tree.Description;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.Optional;

/**
 * Sources that the tree generates before a compile. They stand, in the same data container, as long as every source that the
 * generators read is as it was when they were made; upstream makes them anew after each sync.
 */
final class Generated {

    /** Name of the record. */
    static final String RECORD = "generated";

    /** The id where the tree has no generators. */
    private static final String NONE = "none";

    private static final String SUBJECT = "generated sources";

    private Generated() {}

    /**
     * What was generated.
     *
     * @param synced the sources for which it stands
     * @param id of what was generated, by its contents
     * @param inputs what the generators read, where that is known
     */
    record Made(Sync.Synced synced, String id, Optional<GeneratorInputs> inputs) {

        private Made standingFor(Sync.Synced other) {
            return new Made(other, id, inputs);
        }
    }

    /** What lies in the workspace, if it was generated from these sources, or from others that the generators cannot tell apart. */
    static Optional<Made> standing(BuildContext context, Sync.Synced synced) {
        return context.forces(StepName.CROSS_COMPILE)
                ? Optional.empty()
                : context.state()
                        .read(context.ofWorkspace(RECORD), Made.class)
                        .filter(made -> made.synced().equals(synced))
                        .filter(made -> GeneratedInTree.asLeft(context));
    }

    /** The same before a sync: what will still stand when these sources have come. */
    static Optional<Made> outliving(
            BuildContext context, Sync.Synced synced, Optional<SourceSnapshot> previous, SourceSnapshot current) {
        Optional<Made> made = context.forces(StepName.CROSS_COMPILE) || context.forces(StepName.SYNC)
                ? Optional.empty()
                : context.state()
                        .read(context.ofWorkspace(RECORD), Made.class)
                        .filter(one -> GeneratedInTree.asLeft(context));
        if (made.isEmpty() || made.get().synced().equals(synced)) {
            return made;
        }
        Sync.Synced before = made.get().synced();
        boolean comparable = before.dataContainer().equals(synced.dataContainer())
                && before.image().equals(synced.image())
                && previous.map(SourceSnapshot::id).equals(Optional.of(before.snapshot()));
        if (!comparable || made.get().inputs().isEmpty()) {
            return Optional.empty();
        }
        SourceChange change = new SourceChange(
                previous.orElseThrow(), current, new SourceTexts(context.tree().path(), current));
        Optional<String> read = made.get().inputs().get().readsOf(change);
        context.listener()
                .on(new BuildListener.Fact(
                        SUBJECT,
                        read.map(what -> "do not stand: " + what)
                                .orElse("stand: the generators read nothing of what changed")));
        return read.isPresent() ? Optional.empty() : Optional.of(made.get().standingFor(synced));
    }

    /** Before the workspace may lose them: a sync that drops generated files, or sends everything, deletes them. */
    static void forget(BuildContext context) {
        Steps.forget(context, context.ofWorkspace(RECORD));
    }

    /** After a sync that left them alone. */
    static void keep(BuildContext context, Made made) {
        GeneratedInTree.remember(context);
        Steps.write(context, context.ofWorkspace(RECORD), made);
    }

    /** Whether what lies in the workspace was generated from these sources; that kube.force is given does not make it untrue. */
    static boolean isOf(BuildContext context, Sync.Synced synced) {
        return context.state()
                .read(context.ofWorkspace(RECORD), Made.class)
                .filter(made -> made.synced().equals(synced))
                .isPresent();
    }

    /** Generates, unless it stands. */
    static Made ensure(BuildContext context, Workspace workspace, Sync.Synced synced, SourceSnapshot sources)
            throws InterruptedException {
        Optional<Made> standing = standing(context, synced);
        if (standing.isPresent()) {
            return standing.get();
        }
        forget(context);
        Made made = new Made(synced, NONE, Optional.empty());
        if (new Describer(context).kept().map(Description::generatesFiles).orElse(true)) {
            make(context, workspace);
            String id = contents(context, workspace, sources);
            made = new Made(synced, id, inputs(context, workspace, sources));
        }
        keep(context, made);
        return made;
    }

    /**
     * Generates for commands that are no compile, unless it stands. What {@code make} would generate under such a command would count as
     * touched by it, and would have to go before the next build.
     */
    static void ensureForCommands(BuildContext context, Workspace workspace, Sync.Synced synced)
            throws InterruptedException {
        if (standing(context, synced).isPresent()) {
            return;
        }
        Sync.forgetBare(context);
        Workspaces.putVersionFile(context, workspace);
        GoCaches caches = new GoCaches(workspace);
        caches.beforeUse();
        ensure(context, workspace, synced, Sync.snapshot(context));
        caches.afterUse(SharedCache.GENERATED, true);
    }

    /**
     * After they came with a cache.
     *
     * @param inputs what the generators read, as it came with them
     */
    static void take(
            BuildContext context,
            Workspace workspace,
            Sync.Synced synced,
            SourceSnapshot sources,
            Optional<GeneratorInputs> inputs)
            throws InterruptedException {
        keep(context, new Made(synced, contents(context, workspace, sources), inputs));
    }

    private static String contents(BuildContext context, Workspace workspace, SourceSnapshot sources)
            throws InterruptedException {
        try {
            return UnsentFiles.contentsIn(workspace, sources, context.inward());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static KubeException failed(IOException e) {
        return KubeException.build(
                "generating sources failed", e.toString(), "check the engine and the disk, then run again", e);
    }

    private static Optional<GeneratorInputs> inputs(BuildContext context, Workspace workspace, SourceSnapshot sources)
            throws InterruptedException {
        try {
            return Optional.of(new GeneratorInputsReader(workspace, new SourceDirectories(sources)).read());
        } catch (IOException e) {
            context.listener()
                    .on(new BuildListener.Detail("sources will be generated after every change: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static void make(BuildContext context, Workspace workspace) throws InterruptedException {
        context.listener().on(new BuildListener.Fact(SUBJECT, "made anew, sources changed"));
        try {
            new GeneratedFiles(context.state().file("generated-files.log"))
                    .ensure(workspace, Workspaces.environment(context), context.listener());
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
