package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.output.HostFiles;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.ContentHashes;
import io.kubebuild.release.EarlierRelease;
import io.kubebuild.release.ImagesScript;
import io.kubebuild.release.ReleaseArtifact;
import io.kubebuild.release.StagedImages;
import io.kubebuild.release.Staging;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.Description;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes the images of a release without its tarballs (build/release-images.sh). Upstream's own script deletes the stage of servers as
 * well, which a release before it has left; here it stays.
 */
final class PackageImages {

    private static final String NAME = "release-images";
    static final String RECORD = "images-packaged";

    private final BuildContext context;

    /** The steps up to copy-output stand. */
    PackageImages(BuildContext context) {
        this.context = context;
    }

    void run() throws InterruptedException {
        long start = System.nanoTime();
        context.listener().on(new BuildListener.StepStarted(NAME));
        Outcome outcome = make();
        context.listener().on(new BuildListener.StepEnded(NAME, outcome, Duration.ofNanos(System.nanoTime() - start)));
    }

    private Outcome make() throws InterruptedException {
        boolean forced = context.forces(StepName.PACKAGE_TARBALLS);
        if (!forced && context.usesReleaseCompile() && new PackageTarballs().stands(context)) {
            return new Outcome.UpToDate(tellImages() + " images, those of the last release");
        }
        List<PromisedOutput> outputs = CrossCompile.compiled(context)
                .of(new ImageTargets(context).request().requested());
        Fingerprint inputs = inputs(outputs);
        Optional<String> doubt = forced ? Optional.of(Steps.FORCED) : doubt(inputs);
        if (doubt.isEmpty()) {
            return new Outcome.UpToDate(tellImages() + " images");
        }
        context.listener().on(new BuildListener.StepReason(NAME, doubt.get()));
        return make(outputs, inputs);
    }

    private Outcome make(List<PromisedOutput> outputs, Fingerprint inputs) throws InterruptedException {
        EarlierRelease earlier = new EarlierRelease(context.output(), PackageTarballs.recorded(context), parts());
        Steps.forget(context, RECORD);
        try {
            List<ReleaseArtifact> made = materialize(record(outputs), earlier);
            CopyOutput.renew(context);
            Steps.write(context, RECORD, new PackageTarballs.Packaged(inputs, files(), earlier.made()));
            return new Outcome.Done(
                    made.size() + " images in " + context.output().resolve(Staging.IMAGES));
        } catch (IOException e) {
            throw KubeException.build(
                    "making the images failed",
                    e.toString(),
                    "check that the disk of " + context.output() + " has room, then run again",
                    e);
        } finally {
            PackageTarballs.dropRecording(context);
        }
    }

    private Staging record(List<PromisedOutput> outputs) throws IOException, InterruptedException {
        Map<String, String> environment = new TreeMap<>(PackageTarballs.environment(context));
        environment.putAll(ImagesScript.insteadOfRelease());
        return PackageTarballs.record(
                context, Workspaces.open(context, Sync.synced(context).dataContainer()), outputs, environment);
    }

    private List<ReleaseArtifact> materialize(Staging staging, EarlierRelease earlier)
            throws IOException, InterruptedException {
        ContentHashes contents = new ContentHashes();
        Instant time = Instant.ofEpochSecond(Steps.verified(context).epochSeconds());
        List<ReleaseArtifact> made =
                new StagedImages(context.output(), new ServerImages(context, time, earlier, contents)).replace(staging);
        for (ReleaseArtifact image : made) {
            context.listener().on(new BuildListener.Produced(image.kind(), image.file(), Files.size(image.file())));
        }
        return made;
    }

    private Optional<String> doubt(Fingerprint inputs) {
        Optional<PackageTarballs.Packaged> record = context.state().read(RECORD, PackageTarballs.Packaged.class);
        if (record.isEmpty()) {
            return Optional.of("no images alone have been made here");
        }
        return inputs.difference(record.get().inputs())
                .or(() -> record.get().files().equals(files())
                        ? Optional.empty()
                        : Optional.of("somebody changed files in " + Staging.IMAGES));
    }

    /** Images that were made here before, by themselves or in a release, if nobody touched them. */
    private Map<String, EarlierRelease.Part> parts() {
        return context.forces(StepName.PACKAGE_TARBALLS)
                ? Map.of()
                : context.state()
                        .read(RECORD, PackageTarballs.Packaged.class)
                        .filter(record -> record.files().equals(files()))
                        .map(PackageTarballs.Packaged::parts)
                        .orElseGet(() -> PackageTarballs.parts(context));
    }

    /** Everything that goes into the images; whether the binaries were compiled for them or for a release does not count. */
    private Fingerprint inputs(List<PromisedOutput> outputs) {
        Verified verified = Steps.verified(context);
        Description description = new Describer(context)
                .kept()
                .orElseThrow(() ->
                        KubeException.user("the description of the tree is gone", "", "run kube:verify-prereqs first"));
        List<Path> binaries = outputs.stream()
                .map(output -> CopyOutput.binary(context, output))
                .sorted()
                .toList();
        try {
            return Fingerprint.builder()
                    .add("sources", Sync.synced(context).snapshot())
                    .add("binaries", HostFiles.withoutStatusChange(binaries))
                    .add("version", verified.version().format())
                    .add("build date", verified.epochSeconds())
                    .add("base images", new ServerImages(context).requireBases(description))
                    .add("variables", PackageTarballs.environment(context))
                    .add("plugin", context.request().pluginVersion())
                    .build();
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }

    private int tellImages() {
        return StandingFiles.told(context, PackageTarballs.artifacts(context).images());
    }

    private String files() {
        return PackageTarballs.files(context, RECORD);
    }
}
