package io.kubebuild.step;

import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.HostAccess;
import io.kubebuild.docker.Rights;
import io.kubebuild.event.BuildListener;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.workspace.Workspace.Owner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Outputs that another user left, such as root by {@code sudo make}. Root of a container that sees them gives them to the invoking
 * user, who may delete them then.
 */
final class Leftovers {

    private static final String SEEN_AT = "/leftovers";
    private static final int LINES_SHOWN = 5;

    private final BuildContext context;
    private final Owner invoker;

    Leftovers(BuildContext context, Owner invoker) {
        this.context = context;
        this.invoker = invoker;
    }

    /**
     * Deletes what builds made in the output directory; without an engine as far as the invoking user may.
     *
     * @throws KubeException what cannot be deleted
     */
    void clean() throws InterruptedException {
        OutputDirectory output = context.outputDirectory();
        String images = context.names().imageRepository();
        try {
            output.clean(images);
        } catch (KubeException denied) {
            // What root cannot delete is no matter of owners.
            if (invoker.uid() == 0 || !takeOver(output.made(images))) {
                throw denied;
            }
            output.clean(images);
        }
    }

    /** Gives files and directories, with all below, to the invoking user; false where that cannot be done here. */
    boolean takeOver(List<Path> paths) throws InterruptedException {
        OutputDirectory output = context.outputDirectory();
        // Inside of the tree the directory itself goes, elsewhere only what is in it.
        Path mounted = output.inside() ? Objects.requireNonNull(output.path().getParent()) : output.path();
        try {
            if (paths.isEmpty() || !context.premises().hasEngine()) {
                return false;
            }
            Optional<String> image = image();
            if (image.isEmpty()) {
                return failed("the engine has neither the build image nor the cross image");
            }
            Optional<String> blindness = new EngineSight(context).blindness(image.get(), mounted, mounted);
            return blindness.isPresent() ? failed(blindness.get()) : chown(image.get(), mounted, paths);
        } catch (KubeException | EngineException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private boolean chown(String image, Path mounted, List<Path> paths) throws InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("chown", "--recursive", "--no-dereference", invoker.uid() + ":" + invoker.gid(), "--"));
        paths.forEach(path -> command.add(SEEN_AT + "/" + mounted.relativize(path)));
        Engine engine = context.engine();
        try (ThrowawayContainer throwaway = ThrowawayContainer.of(context, "leftovers")) {
            String container = engine.create(ContainerSpec.of(throwaway.name(), image, command)
                    .withUser("0:0")
                    .withRights(Rights.only("CHOWN", "DAC_OVERRIDE"))
                    .withLabels(Labels.of(context))
                    .withNetworkMode("none")
                    .withHost(HostAccess.to(List.of(new HostAccess.Bind(mounted.toString(), SEEN_AT, false)))));
            engine.start(container);
            if (engine.await(container) != 0) {
                return failed(engine.logs(container, LINES_SHOWN));
            }
        }
        context.listener()
                .on(new BuildListener.Fact(
                        "output directory", "root of a container gave you what another user had left there"));
        return true;
    }

    private Optional<String> image() {
        Engine engine = context.engine();
        String prefix =
                context.names().imageRepository() + ":" + context.names().imageTagBase();
        return Stream.concat(
                        engine.imageTags(context.names().imageRepository()).stream()
                                .filter(tag -> tag.startsWith(prefix)),
                        Stream.of(TreeVariables.crossImage(context).reference()))
                .filter(reference -> engine.image(reference).isPresent())
                .findFirst();
    }

    private boolean failed(String why) {
        context.listener().on(new BuildListener.Detail("no container can take the outputs over: " + why));
        return false;
    }
}
