package io.kubebuild.step;

import io.kubebuild.docker.Engine;
import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.image.WantedImage;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.release.ReleaseArtifact;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.CrossImageRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.request.TestRequest;
import io.kubebuild.workspace.Invoker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Runs steps of one tree in one process, one build at a time. */
public final class Pipeline {

    private final BuildRequest request;
    private final BuildListener listener;

    private final BuildContext.EngineSource engines;
    private final boolean keeps;

    private Pipeline(BuildRequest request, BuildListener listener, BuildContext.EngineSource engines, boolean keeps) {
        this.request = request;
        this.listener = listener;
        this.engines = engines;
        this.keeps = keeps;
    }

    /** A pipeline for a request; nothing is looked at yet. */
    public static Pipeline of(BuildRequest request, BuildListener listener) {
        return new Pipeline(request, listener, BuildContext::connect, false);
    }

    /** The same on an engine of the caller's. */
    static Pipeline of(BuildRequest request, BuildListener listener, BuildContext.EngineSource engines) {
        return new Pipeline(request, listener, engines, false);
    }

    /** The same, with the files of a release that it makes under names of their own, for as long as this process may need them. */
    public Pipeline keepingRelease() {
        return new Pipeline(request, listener, engines, true);
    }

    /** What a build with that request has to say of the user's own directories, where they are not at their usual places. */
    public static Optional<BuildListener.Fact> remark(BuildRequest request) {
        return UserDirectories.of(request).remark();
    }

    /**
     * Runs steps in their order.
     *
     * @param steps what to run
     * @param withEarlier whether steps before the first one run too; otherwise they have to stand
     * @throws KubeException where something is wrong; nothing half-written and no container is left
     */
    public BuildResult run(List<StepName> steps, boolean withEarlier) {
        return locked(
                "the build",
                RequestCheck::require,
                (context, contested) -> run(context, steps, withEarlier, contested, List.of()));
    }

    /**
     * Makes a release: all steps, and tests of the tree between the compile and the copy, where upstream's build/release.sh runs them.
     *
     * @throws KubeException where something is wrong or a test fails; then nothing is copied out
     */
    public BuildResult release(List<TestRequest> tests) {
        return locked("the build", context -> run(context, List.of(StepName.values()), true, false, tests));
    }

    /** What is done with a tree while nobody else may touch it. */
    @FunctionalInterface
    private interface Work<T> {
        T on(BuildContext context) throws InterruptedException;
    }

    /** The same, where it counts whether another request came between this goal and the one before it. */
    @FunctionalInterface
    private interface GoalWork<T> {
        T on(BuildContext context, boolean contested) throws InterruptedException;
    }

    /** For a request that fits the tree. */
    private <T> T locked(String what, Work<T> work) {
        return locked(what, RequestCheck::require, work);
    }

    private <T> T locked(String what, Check check, Work<T> work) {
        return locked(what, check, (context, contested) -> work.on(context));
    }

    /** Something to find out first. */
    @FunctionalInterface
    private interface Check {
        void on(BuildContext context) throws InterruptedException;
    }

    private <T> T locked(String what, Check check, GoalWork<T> work) {
        BuildContext context = BuildContext.open(request, listener, engines);
        // The locks go last: whoever waits for them must not meet our build container.
        try {
            check.on(context);
            BuildLocks locks = BuildLocks.acquire(context, listener);
            try (locks) {
                try (context) {
                    ContainerNotes.removeLeftBehind(context);
                    return work.on(context, locks.contested());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build(what + " was interrupted", "", "run it again; it goes on where it was", e);
        }
    }

    private BuildResult run(BuildContext context, List<StepName> steps, boolean withEarlier)
            throws InterruptedException {
        return run(context, steps, withEarlier, false, List.of());
    }

    private BuildResult run(
            BuildContext context,
            List<StepName> steps,
            boolean withEarlier,
            boolean contested,
            List<TestRequest> afterCompile)
            throws InterruptedException {
        Ahead.start("reaching the engine", context::premises);
        StepName first = steps.get(0);
        StepName last = steps.get(steps.size() - 1);
        context.goesTo(last);
        boolean syncs = (withEarlier || first.compareTo(StepName.SYNC) <= 0) && last.compareTo(StepName.SYNC) >= 0;
        if (syncs && !context.forces(StepName.SYNC)) {
            context.look().begin();
        }
        for (StepName name : StepName.values()) {
            if (name.compareTo(first) < 0 && !withEarlier) {
                require(context, name, first, contested);
            } else if (name == StepName.CROSS_COMPILE && name.compareTo(last) <= 0) {
                compile(context, afterCompile);
            } else if (name.compareTo(last) <= 0) {
                run(context, name);
            }
        }
        boolean compiled =
                first == StepName.CROSS_COMPILE || (withEarlier && last.compareTo(StepName.CROSS_COMPILE) >= 0);
        if (compiled && request.cache().exportTo().isPresent()) {
            new SharedCache(context).writeIfPossible(request.cache().exportTo().get());
        }
        return result(context, last);
    }

    private void compile(BuildContext context, List<TestRequest> afterwards) throws InterruptedException {
        if (request.cache().importFrom().isPresent()) {
            new SharedCache(context).readWhereEmpty(request.cache().importFrom().get());
        }
        if (new ImageTargets(context).standInRelease()) {
            listener.on(new BuildListener.Fact("compile", "the last release has all programs that are needed"));
        }
        for (TestRequest tests : afterwards) {
            context.giveNetwork();
            new TreeTests(context, tests).prepare();
        }
        run(context, StepName.CROSS_COMPILE);
        for (TestRequest tests : afterwards) {
            new TreeTests(context, tests).run();
        }
    }

    /**
     * Makes the images of a release, and nothing else of it: the request says {@link BuildRequest.Packaging#IMAGES}. Stage and tarballs
     * of an earlier release stay as they are.
     *
     * @return the images
     */
    public BuildResult releaseImages() {
        return locked("the build", context -> {
            run(context, List.of(StepName.COPY_OUTPUT), true);
            new PackageImages(context).run();
            return new BuildResult(
                    kept(context, PackageTarballs.artifacts(context).images()), CopyOutput.binaries(context));
        });
    }

    private void require(BuildContext context, StepName earlier, StepName wanted, boolean contested)
            throws InterruptedException {
        if (Steps.of(earlier).stands(context)) {
            return;
        }
        if (contested && Steps.ownVerified(context).isPresent()) {
            context.because(earlier, "another build of this tree came between");
            run(context, earlier);
        } else {
            throw KubeException.user(
                    "kube:" + wanted.goal() + " needs what kube:" + earlier.goal() + " makes, and that does not stand",
                    "it was never made, or something that it was made of has changed since",
                    "run kube:" + earlier.goal() + " first, or kube:release, which runs every step that is needed");
        }
    }

    private void run(BuildContext context, StepName name) throws InterruptedException {
        long start = System.nanoTime();
        listener.on(new BuildListener.StepStarted(name.goal()));
        Outcome outcome = Steps.of(name).run(context);
        listener.on(new BuildListener.StepEnded(name.goal(), outcome, Duration.ofNanos(System.nanoTime() - start)));
    }

    /**
     * Shows what a release would do, without doing it: the tree's scripts are recorded in the workspace, for which the build image is
     * built and the sources are sent, as far as that is not done.
     *
     * @param file for the plan as JSON, relative to the tree if relative; empty for {@code kube-release-plan.json} in the output
     *     directory
     */
    public void showPlan(Optional<Path> file) {
        locked("the plan", context -> {
            run(context, List.of(StepName.SYNC), true);
            new PlanPreview(context)
                    .show(file.map(context.tree().path()::resolve)
                            .orElse(context.output().resolve(OutputDirectory.PLAN)));
            return true;
        });
    }

    /**
     * Lists the images that a release needs from elsewhere, with where each is or will come from. To know them all, the tree's scripts are
     * recorded, for which the cross image has to be there.
     *
     * @param load directory with image archives that go into the engine first
     * @param pull whether all of them are brought into the engine
     * @param save directory that takes an archive of each
     */
    public void images(Optional<Path> load, boolean pull, Optional<Path> save) {
        locked("looking for images", context -> {
            requireEngine(context, "kube:images");
            ImageStock stock = new ImageStock(context);
            load.ifPresent(stock::load);
            run(context, List.of(StepName.SYNC), true);
            List<WantedImage> images = stock.needed();
            if (pull) {
                stock.pull(images);
            }
            save.ifPresent(directory -> stock.save(images, directory));
            stock.list(images);
            return true;
        });
    }

    private static void requireEngine(BuildContext context, String goal) {
        if (!context.premises().hasEngine()) {
            throw KubeException.user(
                    goal + " needs a Docker engine",
                    HostPremises.NO_ENGINE + ", and no images",
                    "start Docker or podman, or name an engine: -Dkube.docker.host=unix:///path/docker.sock");
        }
    }

    /**
     * Makes the tree's cross image and gives it the tree's name for it, unless the engine has it. No step has to have run.
     *
     * @param made what it is made of
     */
    public void crossImage(CrossImageRequest made) {
        locked("making the cross image", context -> {
            new CrossImageMaker(context).make(made);
            return true;
        });
    }

    /**
     * Runs a command in the build container, on the current sources: builds the build image and sends the sources first, as far as that
     * is not done.
     *
     * @param command for bash, in the tree's root
     * @param copiesOut whether what it built comes back
     * @throws KubeException where the command ends with another code than 0
     */
    public void runCommand(String command, boolean copiesOut) {
        locked("the command", context -> {
            context.giveNetwork();
            run(context, List.of(StepName.SYNC), true);
            new UserCommand(context).run(command, copiesOut);
            return true;
        });
    }

    /**
     * Gives a person at the terminal a shell in the build container, on the current sources.
     *
     * @param copiesOut whether what was built there comes back afterwards
     * @throws KubeException where there is no terminal; before anything is done
     */
    public void shell(boolean copiesOut) {
        Terminal terminal = new Terminal(request.environment());
        locked("the shell", context -> {
            context.giveNetwork();
            terminal.require(context.premises().hasEngine());
            run(context, List.of(StepName.SYNC), true);
            new UserCommand(context).shell(terminal, copiesOut);
            return true;
        });
    }

    /**
     * Runs tests of the tree in the build container, on the current sources, and writes reports of them.
     *
     * @throws KubeException where a test fails, or none can be run
     */
    public void test(TestRequest tests) {
        locked("the test run", context -> {
            context.giveNetwork();
            run(context, List.of(StepName.SYNC), true);
            new TreeTests(context, tests).run();
            return true;
        });
    }

    /**
     * Writes what the last build of this tree used of Go's build cache, with the programs and generated sources that it left, into one
     * file.
     *
     * @param file relative to the tree if relative; empty for {@code kube-build-cache.tar.zst} in the output directory
     * @return the file
     */
    public Path exportCache(Optional<Path> file) {
        return locked(
                "exporting the cache",
                context -> requireLibrary(context, "kube:cache-export"),
                context -> new SharedCache(context).write(cacheFile(context, file)));
    }

    /**
     * Brings such a file into the workspace of this tree, after the steps before the compile have run. A file that is not there, is
     * damaged or made for something else is a warning.
     *
     * @param file as for {@link #exportCache}
     */
    public void importCache(Optional<Path> file) {
        Check check = context -> requireLibrary(context, "kube:cache-import");
        locked("importing the cache", check, context -> {
            run(context, List.of(StepName.SYNC), true);
            new SharedCache(context).read(cacheFile(context, file));
            return true;
        });
    }

    private static void requireLibrary(BuildContext context, String goal) throws InterruptedException {
        RequestCheck.require(context);
        Optional<Problem> missing = CacheTrouble.missingLibrary(goal);
        if (missing.isPresent()) {
            throw KubeException.user(List.of(missing.get()));
        }
    }

    private static Path cacheFile(BuildContext context, Optional<Path> file) {
        return file.orElse(context.output().resolve(OutputDirectory.CACHE));
    }

    private BuildResult result(BuildContext context, StepName last) {
        List<Path> binaries = last.compareTo(StepName.COPY_OUTPUT) >= 0 ? CopyOutput.binaries(context) : List.of();
        return new BuildResult(
                last == StepName.PACKAGE_TARBALLS
                        ? kept(context, PackageTarballs.artifacts(context).all())
                        : List.of(),
                binaries);
    }

    private List<ReleaseArtifact> kept(BuildContext context, List<ReleaseArtifact> artifacts) {
        KeptRelease release = new KeptRelease(context);
        if (keeps) {
            return release.keep(artifacts);
        }
        release.dropAbandoned();
        return artifacts;
    }

    /**
     * Removes what builds made below the output directory; an engine is needed only for what another user left there.
     *
     * @param workspaceToo whether the tree's containers and its build image go as well ({@code kube::build::clean},
     *     build/common.sh), those that upstream's scripts made for this tree included, and none of another tree
     */
    public void clean(boolean workspaceToo) {
        // Whatever the request is: there may be nothing but outputs of another user, which cannot be written.
        Path removed = locked("cleaning", unchecked -> {}, context -> {
            new Leftovers(context, Invoker.owner()).clean();
            if (workspaceToo) {
                HostWorkspaces.removeOf(context);
                context.premises().removeWorkspace();
            }
            return context.output();
        });
        listener.on(new BuildListener.Fact("removed", removed.toString()));
    }

    /**
     * Removes containers and build images that this host's builds made for trees that are no more. The request's own tree need not be
     * one.
     */
    public void cleanOrphans() {
        String host = HostName.of(request.environment());
        int onHost = HostWorkspaces.removeOrphans(UserDirectories.of(request).cache(), host, listener);
        if (request.workspace().isHost()) {
            return;
        }
        try (Engine engine =
                engines.connect(request, UserDirectories.of(request).home())) {
            int removed = onHost + new Orphans(engine, host, listener).remove();
            if (removed == 0) {
                listener.on(new BuildListener.Fact("removed", "nothing: no container or image of a tree that is gone"));
            }
        } catch (KubeException e) {
            if (PremisesChoice.mustHaveEngine(request)) {
                throw e;
            }
            listener.on(new BuildListener.Detail("no engine to clean: " + e.getMessage()));
        }
    }
}
