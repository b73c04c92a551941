package io.kubebuild.step;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.event.Outcome;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.WantedImage;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.tree.BuildDate;
import io.kubebuild.tree.CrossImage;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.DetectedVersion;
import io.kubebuild.tree.Era;
import io.kubebuild.tree.GitVersion;
import io.kubebuild.tree.PlatformCheck;
import io.kubebuild.tree.TargetCheck;
import io.kubebuild.tree.TargetGroup;
import io.kubebuild.tree.VersionDetector;
import io.kubebuild.tree.VersionOverrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds everything that would stop the build later, all at once, and fixes version and build date ({@code
 * kube::build::verify_prereqs}, build/common.sh).
 */
final class VerifyPrereqs implements Step {

    /** What upstream's documents ask of a Docker machine. */
    private static final long LEAST_MEMORY = 4_500_000_000L;

    /** A release for one platform leaves some 6 GB in the engine and 4 GB in the tree. */
    private static final long LEAST_DISK = 10_000_000_000L;

    @Override
    public StepName name() {
        return StepName.VERIFY_PREREQS;
    }

    @Override
    public boolean stands(BuildContext context) {
        String asked = RequestFingerprint.of(context.request());
        return context.state()
                .read(Verified.NAME, Verified.class)
                .filter(verified -> verified.request().equals(asked))
                .filter(verified ->
                        verified.engineId().equals(context.engine().info().id()))
                .isPresent();
    }

    @Override
    public Outcome run(BuildContext context) throws InterruptedException {
        Findings findings = new Findings();
        refuseUnsupported(context, findings);
        Optional<DetectedVersion> version = findings.collect(() -> version(context));
        Optional<BuildDate> date = version.flatMap(found -> findings.collect(() -> date(context, found)));
        Optional<Engine> engine = findings.collect(context::engine);
        engine.ifPresent(found -> report(context, found.info()));
        Optional<ImageInfo> cross = engine.flatMap(found -> findings.collect(() -> crossImage(context, found)));
        Optional<Description> description = Optional.empty();
        if (cross.isPresent() && findings.problems().isEmpty()) {
            description = Optional.of(describe(context, cross.get()));
        } else {
            context.listener()
                    .on(new BuildListener.Detail(
                            "without a cross image only the syntax of platforms and targets is checked"));
        }
        PlatformCheck platforms = platforms(context, description, findings);
        TargetCheck targets = TargetCheck.against(
                context.tree(), description, context.request().selection().targets());
        findings.addAll(targets.problems());
        description.ifPresent(found -> {
            refuseUnknownVariables(context, found, findings);
            if (targets.targets().isEmpty()) {
                findings.collect(() -> baseImages(context, found));
            }
        });
        findings.throwIfAny();

        Verified verified = new Verified(
                RequestFingerprint.of(context.request()),
                version.orElseThrow().version(),
                version.orElseThrow().realState() instanceof DetectedVersion.Clean,
                date.orElseThrow().epochSeconds(),
                CrossImage.of(context.tree(), variables(context)).reference(),
                cross.orElseThrow().id(),
                engine.orElseThrow().info().id(),
                platforms.platforms().stream().map(Object::toString).toList(),
                targets.targets());
        keep(context, verified);
        return new Outcome.Done(
                verified.version().version() + " for " + platformsInWords(verified, description.orElseThrow()));
    }

    private static void refuseUnsupported(BuildContext context, Findings findings) {
        Era era = context.tree().era();
        if (era != Era.RSYNC && era != Era.RSYNC_BUILD_TOOLS) {
            findings.add(new Problem(
                    context.tree().path() + " is a tree of " + era.versions() + ", which this version cannot build yet",
                    "its scripts move sources in and out of containers in another way",
                    "build a tree of v1.5 to v1.34"));
        }
    }

    private static DetectedVersion version(BuildContext context) {
        BuildRequest.VersionSettings settings = context.request().version();
        DetectedVersion version = new VersionDetector(
                        context.tree(), context.git(), context.request().environment())
                .detect(
                        new VersionOverrides(settings.gitVersion(), settings.gitTreeState(), settings.gitCommit()),
                        context.notSources());
        context.listener()
                .on(new BuildListener.Fact(
                        "version",
                        version.version().version() + " (" + version.version().treeState() + ", commit "
                                + shortened(version.version().commit()) + ")"));
        version.notes().forEach(note -> context.listener().on(new BuildListener.Detail(note)));
        if (!version.dirtyFiles().isEmpty()) {
            context.listener().on(new BuildListener.Listing("Files that make the tree dirty", version.dirtyFiles()));
        }
        return version;
    }

    private static String shortened(String commit) {
        return commit.length() > 12 ? commit.substring(0, 12) : commit;
    }

    private static BuildDate date(BuildContext context, DetectedVersion version) {
        BuildRequest.VersionSettings settings = context.request().version();
        BuildDate date = new BuildDate.Ladder(
                        context.tree(), context.git(), context.request().environment())
                .find(settings.sourceDateEpoch(), settings.outputTimestamp(), version.version(), context.notSources());
        context.listener().on(new BuildListener.Fact("build date", date.iso() + " (" + date.source() + ")"));
        return date;
    }

    private static void report(BuildContext context, EngineInfo engine) {
        context.listener()
                .on(new BuildListener.Fact(
                        "engine",
                        engine.version() + ", API " + engine.apiVersion() + ", " + engine.platform() + ", "
                                + engine.cpus()
                                + " CPUs, " + gigabytes(engine.memoryBytes()) + " of memory, at " + engine.endpoint()
                                + " ("
                                + engine.endpointSource() + ")"));
        if (engine.memoryBytes() < LEAST_MEMORY) {
            context.listener()
                    .on(new BuildListener.Warning("the engine has " + gigabytes(engine.memoryBytes())
                            + " of memory; a build needs " + gigabytes(LEAST_MEMORY)
                            + ", else compilers get killed. Give the engine's machine more memory."));
        }
        // Only an engine on this machine keeps its images where we can look.
        Path images = Path.of(engine.rootDirectory());
        if (engine.endpoint().startsWith("unix:")) {
            warnOfLittleDisk(context, images, "engine");
        }
        warnOfLittleDisk(context, context.tree().path(), "tree");
    }

    private static void warnOfLittleDisk(BuildContext context, Path directory, String whose) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < LEAST_DISK) {
                context.listener()
                        .on(new BuildListener.Warning("the disk of the " + whose + " (" + directory + ") has "
                                + gigabytes(free) + " left; a release needs about " + gigabytes(LEAST_DISK)
                                + ". Make room, for instance by removing images and volumes that nobody needs."));
            }
        } catch (IOException e) {
            context.listener().on(new BuildListener.Detail("free disk of " + directory + " is not known: " + e));
        }
    }

    private static String gigabytes(long bytes) {
        return String.format(java.util.Locale.ROOT, "%.1f GB", bytes / 1e9);
    }

    private static ImageInfo crossImage(BuildContext context, Engine engine) {
        CrossImage cross = CrossImage.of(context.tree(), variables(context));
        WantedImage wanted = new WantedImage(
                ImageReference.of(cross.reference()), engine.info().platform(), "cross image");
        ImageInfo image = java.util.Objects.requireNonNull(
                context.imageFetcher().ensure(List.of(wanted)).get(wanted));
        context.listener().on(new BuildListener.Detail("cross image " + cross.reference() + " is " + image.id()));
        return image;
    }

    private static Description describe(BuildContext context, ImageInfo cross) throws InterruptedException {
        return new Describer(context).describe(cross.id(), variables(context));
    }

    /** Upstream's variables that the tree's lists depend on. */
    private static Map<String, String> variables(BuildContext context) {
        BuildRequest request = context.request();
        Map<String, String> variables = new TreeMap<>(ContainerEnvironment.ofPackaging(request));
        variables.put("KUBE_BUILD_PLATFORMS", String.join(" ", goodPlatforms(request)));
        variables.put("KUBE_FASTBUILD", Boolean.toString(request.selection().quick()));
        variables.put("KUBE_BUILDER_OS", context.builderOs());
        for (String name : List.of("KUBE_CROSS_IMAGE", "KUBE_CROSS_VERSION")) {
            Optional.ofNullable(request.environment().get(name)).ifPresent(value -> variables.put(name, value));
        }
        return variables;
    }

    private static List<String> goodPlatforms(BuildRequest request) {
        return PlatformCheck.syntax(request.selection().platforms()).platforms().stream()
                .map(Object::toString)
                .toList();
    }

    private static PlatformCheck platforms(BuildContext context, Optional<Description> description, Findings findings) {
        List<String> written = context.request().selection().platforms();
        if (written.isEmpty() && !context.request().selection().targets().isEmpty()) {
            // Single targets are built for one platform, as upstream's `make all` does: the one at hand.
            written = findings.problems().isEmpty()
                    ? List.of(context.engine().info().platform())
                    : List.of();
        }
        List<String> wanted = written;
        PlatformCheck check = description
                .map(found -> PlatformCheck.against(found, wanted))
                .orElseGet(() -> PlatformCheck.syntax(wanted));
        findings.addAll(check.problems());
        return check;
    }

    /** A parameter that the tree's scripts never read would be accepted and ignored. */
    private static void refuseUnknownVariables(BuildContext context, Description description, Findings findings) {
        Map<String, String> parameters = new TreeMap<>();
        BuildRequest request = context.request();
        request.selection()
                .conformance()
                .filter(on -> on)
                .ifPresent(on -> parameters.put("KUBE_BUILD_CONFORMANCE", "kube.conformance"));
        request.selection()
                .hyperkube()
                .filter(on -> on)
                .ifPresent(on -> parameters.put("KUBE_BUILD_HYPERKUBE", "kube.hyperkube"));
        request.images().registry().ifPresent(value -> parameters.put("KUBE_DOCKER_REGISTRY", "kube.registry"));
        request.images().imageTag().ifPresent(value -> parameters.put("KUBE_DOCKER_IMAGE_TAG", "kube.imageTag"));
        request.images()
                .baseImageRegistry()
                .ifPresent(value -> parameters.put("KUBE_BASE_IMAGE_REGISTRY", "kube.baseImageRegistry"));
        request.go()
                .goGcFlags()
                .filter(flags -> !flags.isEmpty())
                .ifPresent(flags -> parameters.put("GOGCFLAGS", "kube.goGcFlags"));
        parameters.forEach((variable, parameter) -> {
            if (!description.knows(variable)) {
                findings.add(new Problem(
                        parameter + " is set, but this tree has no use for it",
                        "none of its scripts reads " + variable,
                        "leave " + parameter + " (and " + variable + ") out for this version of Kubernetes"));
            }
        });
    }

    private static List<String> baseImages(BuildContext context, Description description) {
        return new ServerImages(context).requireBases(description);
    }

    private static String platformsInWords(Verified verified, Description description) {
        if (!verified.platforms().isEmpty()) {
            return String.join(", ", verified.platforms());
        }
        return String.join(
                ", ",
                description.platforms(TargetGroup.CLIENT).stream()
                        .map(Object::toString)
                        .toList());
    }

    private static void keep(BuildContext context, Verified verified) {
        try {
            context.state().write(Verified.NAME, verified);
            writeVersionFile(context, verified.version());
        } catch (IOException e) {
            throw KubeException.user(
                    "cannot write below " + context.output(),
                    e.toString(),
                    "make the directory writable and its disk not full, or name another: -Dkube.outputDirectory=DIRECTORY");
        }
    }

    /** Upstream writes it into the tree; a tree that is read-only gets it in the workspace alone. */
    private static void writeVersionFile(BuildContext context, GitVersion version) throws IOException {
        Path file = context.tree().resolve(GitVersion.FILE);
        boolean same = Files.isRegularFile(file) && Files.readString(file).equals(version.format());
        if (same || !Files.isWritable(context.tree().path())) {
            return;
        }
        Path temporary = context.tree().resolve(GitVersion.FILE + ".part");
        Files.writeString(temporary, version.format());
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Problems of several checks, thrown together. */
    private static final class Findings {
        private final List<Problem> problems = new ArrayList<>();

        <T> Optional<T> collect(java.util.function.Supplier<T> check) {
            try {
                return Optional.of(check.get());
            } catch (KubeException e) {
                if (e.blame() == KubeException.Blame.BUILD) {
                    throw e;
                }
                problems.addAll(e.problems());
                return Optional.empty();
            }
        }

        void add(Problem problem) {
            problems.add(problem);
        }

        void addAll(List<Problem> more) {
            problems.addAll(more);
        }

        List<Problem> problems() {
            return problems;
        }

        void throwIfAny() {
            if (!problems.isEmpty()) {
                throw KubeException.user(problems.stream().distinct().toList());
            }
        }
    }
}
