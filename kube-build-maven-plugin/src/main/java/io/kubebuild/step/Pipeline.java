package io.kubebuild.step;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.Engine;
import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.problem.KubeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Runs steps of one tree in one process, one build at a time. */
public final class Pipeline {

    private final BuildRequest request;
    private final BuildListener listener;

    private Pipeline(BuildRequest request, BuildListener listener) {
        this.request = request;
        this.listener = listener;
    }

    /** A pipeline for a request; nothing is looked at yet. */
    public static Pipeline of(BuildRequest request, BuildListener listener) {
        return new Pipeline(request, listener);
    }

    /**
     * Runs steps in their order.
     *
     * @param steps what to run
     * @param withEarlier whether steps before the first one run too; otherwise they have to stand
     * @throws KubeException where something is wrong; nothing half-written and no container is left
     */
    public BuildResult run(List<StepName> steps, boolean withEarlier) {
        try (BuildContext context = BuildContext.open(request, listener)) {
            TreeLock lock = lock(context);
            try {
                return run(context, steps, withEarlier);
            } finally {
                lock.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build("the build was interrupted", "", "run it again; it goes on where it was", e);
        }
    }

    private BuildResult run(BuildContext context, List<StepName> steps, boolean withEarlier)
            throws InterruptedException {
        StepName first = steps.get(0);
        StepName last = steps.get(steps.size() - 1);
        for (StepName name : StepName.values()) {
            if (name.compareTo(first) < 0 && !withEarlier) {
                require(context, name, first);
            } else if (name.compareTo(last) <= 0) {
                run(context, name);
            }
        }
        return result(context, last);
    }

    private TreeLock lock(BuildContext context) throws InterruptedException {
        String key = Fingerprint.sha256(context.tree().path().toString()).substring(0, 16);
        return TreeLock.acquire(context.userCache().resolve("locks"), key, listener);
    }

    private static void require(BuildContext context, StepName earlier, StepName wanted) throws InterruptedException {
        if (!Steps.of(earlier).stands(context)) {
            throw KubeException.user(
                    "kube:" + wanted.goal() + " needs what kube:" + earlier.goal() + " makes, and that does not stand",
                    "it was never made, or something that it was made of has changed since",
                    "run kube:" + earlier.goal() + " first, or kube:release, which runs every step that is needed");
        }
    }

    private void run(BuildContext context, StepName name) throws InterruptedException {
        long start = System.nanoTime();
        listener.on(new BuildListener.StepStarted(name.goal(), ""));
        Outcome outcome = Steps.of(name).run(context);
        listener.on(new BuildListener.StepEnded(name.goal(), outcome, Duration.ofNanos(System.nanoTime() - start)));
    }

    private static BuildResult result(BuildContext context, StepName last) {
        List<Path> binaries = last.compareTo(StepName.COPY_OUTPUT) >= 0 ? CopyOutput.binaries(context) : List.of();
        return new BuildResult(
                last == StepName.PACKAGE_TARBALLS
                        ? PackageTarballs.artifacts(context).all()
                        : List.of(),
                binaries,
                Steps.verified(context).version().version());
    }

    /**
     * Removes the output directory.
     *
     * @param workspaceToo whether the tree's containers and its build image go as well ({@code kube::build::clean},
     *     build/common.sh); only those that the plugin made
     */
    public void clean(boolean workspaceToo) {
        try (BuildContext context = BuildContext.open(request, listener)) {
            TreeLock lock = lock(context);
            try {
                if (workspaceToo) {
                    removeWorkspace(context);
                }
                OutputDirectory.delete(context.output());
                listener.on(new BuildListener.Fact("removed", context.output().toString()));
            } finally {
                lock.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KubeException.build("cleaning was interrupted", "", "run it again", e);
        }
    }

    private void removeWorkspace(BuildContext context) {
        Engine engine = context.engine();
        // A build image that was built anew lost its name, but stayed where the data container was made of it.
        Set<String> nameless = new TreeSet<>();
        for (String base : List.of(
                context.names().buildContainerBase(),
                context.names().rsyncContainerBase(),
                context.names().dataContainerBase())) {
            for (ContainerInfo container : engine.containers(base)) {
                nameless.add(container.image());
                engine.remove(container.id());
                listener.on(new BuildListener.Fact("removed", "container " + container.name()));
            }
        }
        for (String image : engine.imageTags(context.names().imageRepository())) {
            if (image.startsWith(
                    context.names().imageRepository() + ":" + context.names().imageTagBase())) {
                engine.removeImage(image);
                listener.on(new BuildListener.Fact("removed", "image " + image));
            }
        }
        Map<String, String> ours = Labels.of(context);
        nameless.stream()
                .filter(id -> engine.image(id)
                        .filter(image -> image.labels().entrySet().containsAll(ours.entrySet()))
                        .isPresent())
                .forEach(engine::removeImage);
    }
}
