package io.kubebuild.step;

import io.kubebuild.event.Outcome;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.output.HostFiles;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.ContentHashes;
import io.kubebuild.release.EarlierRelease;
import io.kubebuild.release.ReleaseArtifacts;
import io.kubebuild.release.SourcePackaging;
import io.kubebuild.release.SourceTarball;
import io.kubebuild.release.StageMaterializer;
import io.kubebuild.release.Staging;
import io.kubebuild.release.StagingRecorder;
import io.kubebuild.release.StagingRequest;
import io.kubebuild.release.TarballWriter;
import io.kubebuild.release.gzip.CompressedFiles;
import io.kubebuild.request.StepName;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.Platform;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;

/** Makes images and tarballs ({@code kube::release::package_tarballs}, build/lib/release.sh). */
final class PackageTarballs implements Step {

    private static final String RECORD = "packaged";

    /** Of a whole release, and of its images alone: each with the directories that it is about. */
    static final Map<String, List<String>> RECORDS =
            Map.of(RECORD, Staging.ROOTS, PackageImages.RECORD, List.of(Staging.IMAGES));

    /**
     * What a packaging left.
     *
     * @param inputs everything that went in
     * @param files hash over the stats of everything that came out
     * @param parts images and tarballs among it
     */
    record Packaged(Fingerprint inputs, String files, Map<String, EarlierRelease.Part> parts) {}

    @Override
    public StepName name() {
        return StepName.PACKAGE_TARBALLS;
    }

    @Override
    public boolean stands(BuildContext context) {
        return doubt(context, inputs(context)).isEmpty();
    }

    /** Why what was packaged does not stand; empty where it does. */
    private static Optional<String> doubt(BuildContext context, Fingerprint inputs) {
        Optional<Packaged> record = context.state().read(RECORD, Packaged.class);
        if (record.isEmpty()) {
            return Optional.of("no whole release has been packaged here");
        }
        return inputs.difference(record.get().inputs())
                .or(() -> record.get().files().equals(files(context))
                        ? Optional.empty()
                        : Optional.of("somebody changed files in " + String.join(", ", Staging.ROOTS)));
    }

    /** Parts of the last release, if nobody touched any of its files; none by force. */
    static Map<String, EarlierRelease.Part> parts(BuildContext context) {
        return context.state()
                .read(RECORD, Packaged.class)
                .filter(record -> !context.forces(StepName.PACKAGE_TARBALLS)
                        && record.files().equals(files(context)))
                .map(Packaged::parts)
                .orElse(Map.of());
    }

    @Override
    public Outcome run(BuildContext context) throws InterruptedException {
        if (!Steps.verified(context).isRelease()) {
            throw KubeException.user(
                    "only a release can be packaged, and what was compiled are single targets",
                    "",
                    "run kube:release, or kube:package-tarballs without -Dwhat");
        }
        requireCommit(context);
        Fingerprint inputs = inputs(context);
        Optional<String> doubt = context.forces(name()) ? Optional.of(Steps.FORCED) : doubt(context, inputs);
        if (doubt.isEmpty()) {
            return new Outcome.UpToDate(
                    StandingFiles.told(context, artifacts(context).all()) + " tarballs and images");
        }
        context.because(name(), doubt.get());
        // A source tarball of what is not committed has it, and another request may have left its own there.
        new VersionAndDate(context).keep(Steps.verified(context).version());
        EarlierRelease earlier = new EarlierRelease(context.output(), recorded(context), parts(context));
        Steps.forget(context, RECORD);
        try {
            ContentHashes contents = new ContentHashes();
            FutureTask<Boolean> hashing = new FutureTask<>(() -> hash(CopyOutput.binaries(context), contents));
            // The tree's scripts are recorded in the workspace, which leaves this machine time.
            Ahead.start("reading the binaries", hashing);
            Staging staging = record(context);
            Ahead.await(hashing);
            ReleaseArtifacts made = materialize(context, staging, earlier, contents);
            CopyOutput.renew(context);
            Steps.write(context, RECORD, new Packaged(inputs, files(context), earlier.made()));
            return new Outcome.Done(made.tarballs().size() + " tarballs, "
                    + made.images().size() + " images in " + context.output().resolve("release-tars"));
        } catch (IOException e) {
            throw KubeException.build(
                    "packaging failed",
                    e.toString(),
                    "check that the disk of " + context.output() + " has room, then run again",
                    e);
        } finally {
            dropRecording(context);
        }
    }

    /** What was packaged, by the name of a record. */
    static Optional<Packaged> packaged(BuildContext context, String record) {
        return context.state().read(record, Packaged.class);
    }

    /** Deletes what a recording left on the host. */
    static void dropRecording(BuildContext context) {
        OutputDirectory.delete(recorded(context));
    }

    static boolean hash(List<Path> files, ContentHashes contents) throws IOException {
        for (Path file : files) {
            contents.of(file);
        }
        return true;
    }

    /** The source tarball of a clean tree is what git has at HEAD: that has to be what was compiled. */
    private static void requireCommit(BuildContext context) {
        Verified verified = Steps.verified(context);
        String head = context.git().head().orElse("");
        if (verified.packsCommit() && !verified.cleanCommit().equals(head)) {
            throw KubeException.user(
                    "the commit that is checked out is " + head + ", but the version was fixed at "
                            + verified.cleanCommit(),
                    "the source tarball would hold other sources than the binaries were made of",
                    "run kube:verify-prereqs again, or kube:release, which runs every step that is needed");
        }
    }

    static Path recorded(BuildContext context) {
        return context.output().resolve(OutputDirectory.RECORDED);
    }

    /** What stands in the release directories. */
    static ReleaseArtifacts artifacts(BuildContext context) {
        try {
            return ReleaseArtifacts.in(context.output());
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }

    private static Staging record(BuildContext context) throws IOException, InterruptedException {
        CrossCompile.Compiled compiled = CrossCompile.compiled(context);
        return record(context, Workspaces.open(context, compiled.synced().dataContainer()), compiled.outputs());
    }

    /** Records what packaging would do with these binaries, whether they are there or not. */
    static Staging record(BuildContext context, Workspace workspace, List<PromisedOutput> outputs)
            throws IOException, InterruptedException {
        return record(context, workspace, outputs, environment(context));
    }

    static Staging record(
            BuildContext context, Workspace workspace, List<PromisedOutput> outputs, Map<String, String> environment)
            throws IOException, InterruptedException {
        TreeMap<Platform, List<String>> binaries = new TreeMap<>();
        for (PromisedOutput output : outputs) {
            binaries.computeIfAbsent(output.platform(), platform -> new ArrayList<>())
                    .add(String.valueOf(CopyOutput.binary(context, output).getFileName()));
        }
        return new StagingRecorder(context.listener())
                .record(
                        workspace,
                        new StagingRequest(
                                environment,
                                binaries,
                                context.tree().buildDirectory(),
                                StagingRequest.SCRATCH,
                                recorded(context)));
    }

    private static ReleaseArtifacts materialize(
            BuildContext context, Staging staging, EarlierRelease earlier, ContentHashes contents)
            throws IOException, InterruptedException {
        Verified verified = Steps.verified(context);
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService compressors = Executors.newFixedThreadPool(threads);
        TarballChunks kept = new TarballChunks(context);
        try (CompressedFiles compressed = kept.open()) {
            TarballWriter writer = new TarballWriter(
                    compressors, threads, context.request().compressionLevel(), verified.epochSeconds(), compressed);
            SourceTarball source = new SourceTarball(
                    context.tree().path(),
                    context.git(),
                    SourcePackaging.of(context.tree().path(), context.tree().buildDirectory()),
                    verified.packsCommit(),
                    notPacked(context),
                    writer);
            ReleaseArtifacts made = new StageMaterializer(
                            context.output(),
                            writer,
                            source,
                            new ServerImages(
                                    context, Instant.ofEpochSecond(verified.epochSeconds()), earlier, contents),
                            earlier,
                            contents,
                            context.listener())
                    .materialize(staging);
            kept.keep(writer.written());
            return made;
        } finally {
            compressors.shutdownNow();
        }
    }

    private static List<Path> notPacked(BuildContext context) {
        List<Path> left =
                new ArrayList<>(context.notSources().stream().map(Path::of).toList());
        left.addAll(new Transports(context).emptyMountPoints());
        return left;
    }

    /** Variables of the tree's packaging scripts. */
    static Map<String, String> environment(BuildContext context) {
        Map<String, String> variables = new TreeMap<>(Workspaces.environment(context));
        variables.putAll(ContainerEnvironment.ofPackaging(context.request()));
        return variables;
    }

    private static Fingerprint inputs(BuildContext context) {
        Verified verified = Steps.verified(context);
        Description description = new Describer(context)
                .kept()
                .orElseThrow(() ->
                        KubeException.user("the description of the tree is gone", "", "run kube:verify-prereqs first"));
        CrossCompile.Compiled compiled = CrossCompile.compiled(context);
        try {
            return Fingerprint.builder()
                    .add("sources", compiled.synced().snapshot())
                    .add("plan", compiled.plan())
                    .add("binaries", HostFiles.withoutStatusChange(CopyOutput.binaries(context)))
                    .add("generated sources", HostFiles.withoutStatusChange(packedGenerated(context)))
                    .add("version", verified.version().format())
                    .add("packed commit", verified.packsCommit() ? verified.cleanCommit() : "")
                    // git archive writes them into sources, such as hack/lib/version.sh.
                    .add(
                            "short id, branches and tags of the packed commit",
                            verified.packsCommit() ? context.git().archivedNames(verified.cleanCommit()) : "")
                    .add("compression level", context.request().compressionLevel())
                    .add("build date", verified.epochSeconds())
                    .add("base images", new ServerImages(context).requireBases(description))
                    .add("variables", environment(context))
                    .add("plugin", context.request().pluginVersion())
                    .build();
        } catch (IOException e) {
            throw Steps.cannotWrite(context, e);
        }
    }

    /** Generated sources that the source tarball holds: none where it is what git has committed. */
    private static List<Path> packedGenerated(BuildContext context) throws IOException {
        return Steps.verified(context).packsCommit() ? List.of() : GeneratedOnHost.in(context);
    }

    private static String files(BuildContext context) {
        return files(context, RECORD);
    }

    /** What the files look like that a record is about. */
    static String files(BuildContext context, String record) {
        try {
            return HostFiles.below(Objects.requireNonNull(RECORDS.get(record)).stream()
                    .map(context.output()::resolve)
                    .toList());
        } catch (IOException e) {
            throw KubeException.build(
                    "the release directories below " + context.output() + " cannot be looked at",
                    e.toString(),
                    "check who owns them and their permissions",
                    e);
        }
    }
}
