package io.kubebuild.step;

import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.Outcome;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.build.BuildImageBuilder;
import io.kubebuild.image.build.BuildImageContext;
import io.kubebuild.image.build.BuildImageNames;
import io.kubebuild.image.build.BuildImageNames.ContainerName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.WorkspaceNames;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

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

    /** The image that stands in the engine now; the earlier step must have run. */
    static String imageId(BuildContext context) {
        return context.engine()
                .image(context.names().image())
                .map(ImageInfo::id)
                .orElseThrow(() -> KubeException.build(
                        "the build image " + context.names().image() + " is gone", "", "run kube:build-image"));
    }

    /** Stages the context, as upstream does before every build: what stands is told by what would go in now. */
    @Override
    public boolean stands(BuildContext context) {
        Verified verified = Steps.verified(context);
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
        WorkspaceNames names = context.names();
        BuildImageContext staged = BuildImageContext.stage(
                new BuildImageContext.Source(
                        context.tree().resolve(context.tree().buildDirectory()).resolve("build-image"),
                        ImageReference.of(verified.crossImage()),
                        Path.of("/etc/localtime")),
                context.output().resolve("images").resolve(names.image()),
                new SecureRandom());
        return new BuildImageBuilder.Request(
                new BuildImageNames(names.imageRepository(), names.imageTag(), names.imageTagBase(), containers(names)),
                staged,
                verified.crossImageId(),
                Proxies.asBuildArguments(context.request().network()),
                Labels.of(context),
                context.forces(StepName.BUILD_IMAGE));
    }

    /** Names of trees to v1.4 have no version in them: nothing in the engine is older than what is current. */
    private static List<ContainerName> containers(WorkspaceNames names) {
        return names.sourcesInImage()
                ? List.of()
                : List.of(
                        new ContainerName(names.buildContainerBase(), names.buildContainer()),
                        new ContainerName(names.rsyncContainerBase(), names.rsyncContainer()),
                        new ContainerName(names.dataContainerBase(), names.dataContainer()));
    }

    @Override
    public Outcome run(BuildContext context) {
        Verified verified = Steps.verified(context);
        BuildImageBuilder.Result result =
                new BuildImageBuilder(context.engine(), context.listener()).ensure(request(context, verified));
        Steps.write(context, RECORD, new Built(result.id(), verified.crossImageId()));
        if (!result.built()) {
            return new Outcome.UpToDate(context.names().image());
        }
        context.because(name(), result.reason());
        return new Outcome.Done(context.names().image());
    }
}
