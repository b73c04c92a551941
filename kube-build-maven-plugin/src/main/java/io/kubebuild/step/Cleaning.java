package io.kubebuild.step;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.WorkspaceNames;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes what builds of one tree left in an engine ({@code kube::build::clean}, build/common.sh).
 *
 * <p>What belongs to the tree is told by name: upstream's scripts give the same names (a hash over host, path and branch), so that
 * containers made by {@code build/run.sh}, which carry no labels, go as well, as they do with {@code build/make-clean.sh}. Labels
 * only ever protect: what says that it was made for another host or path stays, unless {@code kube.workspaceId} says that the
 * names are shared on purpose.
 */
final class Cleaning {

    private final BuildContext context;

    Cleaning(BuildContext context) {
        this.context = context;
    }

    /** Removes containers with their volumes, then images; as another user than the tree's, those of its owner too. */
    void removeWorkspace() {
        removeWorkspace(context.names());
        context.namesOfOwner().ifPresent(this::removeWorkspace);
    }

    private void removeWorkspace(WorkspaceNames names) {
        Engine engine = context.engine();
        // A build image that was built anew lost its name, but stays for as long as the data container was made of it.
        Set<String> nameless = new TreeSet<>();
        for (String base : List.of(names.buildContainerBase(), names.rsyncContainerBase(), names.dataContainerBase())) {
            for (ContainerInfo container : engine.containers(base)) {
                if (isOurs("container " + container.name(), container.labels())) {
                    nameless.add(container.image());
                    engine.remove(container.id());
                    removed("container " + container.name());
                }
            }
        }
        for (String image : engine.imageTags(names.imageRepository())) {
            if (image.startsWith(names.imageRepository() + ":" + names.imageTagBase())
                    && isOurs(
                            "image " + image,
                            engine.image(image).map(ImageInfo::labels).orElse(Map.of()))) {
                remove(engine, image);
            }
        }
        nameless.stream()
                .filter(id -> engine.image(id).filter(this::isMadeForThis).isPresent())
                .forEach(id -> remove(engine, id));
    }

    private boolean isMadeForThis(ImageInfo image) {
        return image.labels().entrySet().containsAll(Labels.of(context).entrySet());
    }

    private void remove(Engine engine, String image) {
        try {
            engine.removeImage(image);
            removed("image " + image);
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.CONFLICT) {
                throw e;
            }
            throw KubeException.user(
                    "the image " + image + " cannot be removed, a container that is not the build's own uses it",
                    String.valueOf(e.getMessage()),
                    "remove that container (docker ps -a --filter ancestor=" + image + "), then clean again");
        }
    }

    private boolean isOurs(String what, Map<String, String> labels) {
        boolean shared = context.request().workspaceId().isPresent();
        boolean same = Labels.of(context).entrySet().stream()
                .allMatch(ours ->
                        labels.getOrDefault(ours.getKey(), ours.getValue()).equals(ours.getValue()));
        if (!same && !shared) {
            context.listener()
                    .on(new BuildListener.Warning(what + " stays: it was made for " + labels.get(Labels.PATH) + " on "
                            + labels.get(Labels.HOST)));
        }
        return same || shared;
    }

    private void removed(String what) {
        context.listener().on(new BuildListener.Fact("removed", what));
    }
}
