package io.kubebuild.step;

import io.kubebuild.event.Outcome;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.build.BuildImageBuilder;
import io.kubebuild.image.build.BuildImageContext;
import io.kubebuild.image.build.BuildImageNames;
import io.kubebuild.image.build.BuildImageNames.ContainerName;
import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.WorkspaceNames;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;

/** Builds the build image ({@code kube::build::build_image}, build/common.sh), without the sync that upstream has in there. */
final class BuildImage implements Step {

    private static final String RECORD = "build-image";

    /**
     * What a build left.
     *
     * @param image its id
     * @param crossImage id of the image that it was built on
     */
    record Built(String image, String crossImage) {}

    @Override
    public StepName name() {
        return StepName.BUILD_IMAGE;
    }

    /** The directory that it is built from; not at the end of a link, whose files would go into the image. */
    static Path context(BuildContext context) {
        Path dockerfile = new ConfinedDirectory(context.output())
                .resolve("images/" + context.names().image() + "/Dockerfile");
        return Objects.requireNonNull(dockerfile.getParent());
    }

    /** Stages the context, as upstream does before every build: what stands is told by what would go in now. */
    @Override
    public boolean stands(BuildContext context) {
        if (!context.premises().hasEngine()) {
            return true;
        }
        Verified verified = Steps.verified(context);
        if (!context.tree().era().hasBuildImage()) {
            return crossImageIsThere(context, verified);
        }
        String fingerprint =
                BuildImageBuilder.fingerprint(request(context, verified)).id();
        return context.state()
                .read(RECORD, Built.class)
                .filter(built -> built.crossImage().equals(verified.crossImageId()))
                .flatMap(
                        built -> context.engine().image(context.names().image()).filter(image -> image.id()
                                .equals(built.image())))
                .filter(image -> fingerprint.equals(image.labels().get(BuildImageBuilder.FINGERPRINT_LABEL)))
                .isPresent();
    }

    private static BuildImageBuilder.Request request(BuildContext context, Verified verified) {
        BuildImageContext staged = BuildImageContext.stage(
                new BuildImageContext.Source(
                        context.tree().resolve(context.tree().buildDirectory()).resolve("build-image"),
                        ImageReference.of(verified.crossImage()),
                        Path.of("/etc/localtime")),
                context(context),
                new SecureRandom());
        return new BuildImageBuilder.Request(
                names(context),
                staged,
                verified.crossImageId(),
                ContainerProxies.ofEngine(context),
                Labels.of(context),
                context.forces(StepName.BUILD_IMAGE));
    }

    @Override
    public Outcome run(BuildContext context) {
        if (!context.premises().hasEngine()) {
            return new Outcome.Skipped("the host workspace has no build image");
        }
        Verified verified = Steps.verified(context);
        BuildImageBuilder builder = new BuildImageBuilder(context.engine(), context.listener());
        if (!context.tree().era().hasBuildImage()) {
            return none(context, verified, builder);
        }
        BuildImageBuilder.Result result = builder.ensure(request(context, verified));
        Steps.write(context, RECORD, new Built(result.id(), verified.crossImageId()));
        if (!result.built()) {
            return new Outcome.UpToDate(context.names().image());
        }
        context.because(name(), result.reason());
        return new Outcome.Done(context.names().image());
    }

    private static boolean crossImageIsThere(BuildContext context, Verified verified) {
        return context.engine()
                .image(verified.crossImage())
                .filter(image -> image.id().equals(verified.crossImageId()))
                .isPresent();
    }

    /**
     * From v1.35 on {@code kube::build::run_build_command_ex} runs the cross image itself. What this tree left when it still had a build
     * image goes, as it does when a build image is replaced.
     */
    private static Outcome none(BuildContext context, Verified verified, BuildImageBuilder builder) {
        if (!crossImageIsThere(context, verified)) {
            throw KubeException.user(
                    "the cross image " + verified.crossImage() + " is gone, or another one now",
                    "kube:verify-prereqs found " + verified.crossImageId(),
                    "run kube:verify-prereqs again");
        }
        builder.deleteOlder(names(context));
        return new Outcome.Skipped("this tree has none: commands run in " + verified.crossImage());
    }

    private static BuildImageNames names(BuildContext context) {
        WorkspaceNames names = context.names();
        return new BuildImageNames(
                names.imageRepository(), names.imageTag(), names.imageTagBase(), containers(names, context));
    }

    /** Names of trees to v1.4 have no version in them: nothing in the engine is older than what is current. */
    private static List<ContainerName> containers(WorkspaceNames names, BuildContext context) {
        return names.sourcesInImage()
                ? List.of()
                : List.of(
                        new ContainerName(names.buildContainerBase(), names.buildContainer()),
                        new ContainerName(names.rsyncContainerBase(), names.rsyncContainer()),
                        new ContainerName(names.dataContainerBase(), new Transports(context).dataContainer()));
    }
}
