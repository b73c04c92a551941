package io.kubebuild.workspace.container;

import io.kubebuild.docker.EngineInfo;
import io.kubebuild.workspace.Workspace.Owner;
import java.util.Optional;

/**
 * Who runs commands in containers and owns the tree there.
 *
 * @param owner numeric ids inside the container
 * @param user what a container's user is set to; empty for the image's own, root
 */
public record BuildUser(Owner owner, Optional<String> user) {

    /**
     * The invoking user, as upstream's {@code --user $(id -u):$(id -g)}. On a rootless engine it is root: there the container's
     * root <em>is</em> the invoking user, and every other id would be one that the host does not know.
     */
    public static BuildUser on(EngineInfo engine, Owner invoker) {
        return engine.hasSecurity("rootless")
                ? new BuildUser(new Owner(0, 0), Optional.empty())
                : new BuildUser(invoker, Optional.of(invoker.uid() + ":" + invoker.gid()));
    }
}
