package io.kubebuild.step;

import io.kubebuild.compile.BinaryHeader;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.LoggedBuild;
import io.kubebuild.image.WantedImage;
import io.kubebuild.image.cross.CrossImageRecipe;
import io.kubebuild.image.cross.CrossImageRecipe.BaseOf;
import io.kubebuild.image.cross.CrossImageRecipe.BaseSystem;
import io.kubebuild.image.cross.CrossImageRecipe.RootFileSystem;
import io.kubebuild.image.cross.GoSdk;
import io.kubebuild.image.dockerfile.BaseNames;
import io.kubebuild.image.dockerfile.Dockerfile;
import io.kubebuild.output.OutputDirectory;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.request.CrossImageRequest;
import io.kubebuild.tree.GoRequirement;
import io.kubebuild.tree.GoVersion;
import io.kubebuild.tree.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the cross image where it cannot be pulled: from the tree's own {@code build-image/cross/Dockerfile} (trees up to v1.17), or from
 * a Go SDK and a system that the user names. It gets the name that the tree asks for.
 */
final class CrossImageMaker {

    /** Label that holds the fingerprint of what such an image was made of; an image without it was not made here. */
    static final String LABEL = "io.kubebuild.cross-image";

    private static final String PURPOSE = "base of the cross image";

    private final BuildContext context;

    CrossImageMaker(BuildContext context) {
        this.context = context;
    }

    /** Makes it, unless the engine has it. */
    void make(CrossImageRequest request) throws InterruptedException {
        ImageReference name =
                ImageReference.of(TreeVariables.crossImage(context).reference());
        if (request.goSdk().isPresent()) {
            ofSdk(name, recipe(request.goSdk().get(), request));
        } else {
            ofTree(name);
        }
    }

    /** Everything about the SDK is looked at before the engine is: its version, what it runs on, whether this tree builds with it. */
    private CrossImageRecipe recipe(Path place, CrossImageRequest request) throws InterruptedException {
        GoSdk sdk = GoSdk.at(place);
        GoRequirement required = GoRequirement.of(context.tree());
        Findings findings = new Findings();
        unfit(sdk, required).ifPresent(findings::add);
        Optional<String> engine = findings.collect(() -> context.engine().info().platform());
        engine.flatMap(Platform::parse)
                .flatMap(platform -> ofAnotherPlatform(sdk, platform))
                .ifPresent(findings::add);
        findings.throwIfAny();
        required.wantedInsteadOf(sdk.version())
                .map(wanted -> "the tree's .go-version asks for " + wanted + ", the image will have " + sdk.version()
                        + ": binaries say so, and are not those of upstream byte for byte")
                .ifPresent(text -> context.listener().on(new BuildListener.Warning(text)));
        required.misread(sdk.version()).ifPresent(text -> context.listener().on(new BuildListener.Fact("Go", text)));
        BaseSystem system = request.baseImage().isPresent()
                ? new BaseOf(request.baseImage().get())
                : new RootFileSystem(request.rootfs().orElseThrow());
        return new CrossImageRecipe(sdk, system);
    }

    private static Optional<Problem> unfit(GoSdk sdk, GoRequirement required) {
        String origin = "the SDK " + sdk.place() + " is " + sdk.version();
        String release = required.recommended().map(GoVersion::text).orElse("");
        Optional<Problem> tooOld = required.refusing(sdk.version())
                .map(floor -> new Problem(
                        origin + ", and this tree needs " + floor.oldest() + " or newer",
                        floor.reason(),
                        "name an SDK of " + release));
        // Another patch release is told, and will do.
        Optional<GoVersion> has = GoVersion.parse(sdk.version());
        return tooOld.or(() -> required.wanted()
                .filter(wanted ->
                        has.filter(version -> !version.hasLanguageOf(wanted)).isPresent())
                .map(wanted -> new Problem(
                        origin + ", and the tree's .go-version asks for " + wanted,
                        "its scripts would fetch the other one in mid-build; a build here uses what the image has",
                        "name an SDK of " + wanted.language()
                                + ", or write the version that you want into .go-version")));
    }

    private static Optional<Problem> ofAnotherPlatform(GoSdk sdk, Platform engine) {
        Optional<BinaryHeader> program =
                BinaryHeader.parse(java.util.HexFormat.of().parseHex(sdk.program()));
        return program.filter(header -> header.runsOn(engine)).isPresent()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "the SDK " + sdk.place() + " does not run on the engine, which is " + engine,
                        "its bin/go is " + program.map(BinaryHeader::toString).orElse("no program that is known"),
                        "name the SDK for " + engine + ": -Dkube.cross.goSdk=" + sdk.version() + "."
                                + engine.toString().replace('/', '-') + ".tar.gz"));
    }

    private void ofSdk(ImageReference name, CrossImageRecipe recipe) {
        String base = recipe.system() instanceof BaseOf image ? present(List.of(wanted(image.image()))) : "";
        Path staged = context.state().file("cross-image");
        try {
            String fingerprint = recipe.fingerprint(base).id();
            if (stands(name, fingerprint)) {
                return;
            }
            recipe.stage(staged);
            build(
                    name,
                    new Made(staged, Map.of(), fingerprint),
                    recipe.sdk().version() + " on "
                            + (recipe.system() instanceof BaseOf image
                                    ? image.image().familiar()
                                    : "a root file system"),
                    "see the lines above; what the base lacks has to be installed in it");
        } catch (IOException e) {
            throw KubeException.build(
                    "the cross image " + name.familiar() + " cannot be staged in " + staged,
                    e.toString(),
                    "make room there, it takes as much as the SDK and the root file system, or name another directory:"
                            + " -Dkube.outputDirectory=DIRECTORY",
                    e);
        } finally {
            // As large as what was named, and of no use to anybody.
            OutputDirectory.delete(staged);
        }
    }

    private void ofTree(ImageReference name) {
        Path directory = context.tree()
                .resolve(context.tree().buildDirectory())
                .resolve("build-image")
                .resolve("cross");
        Path dockerfile = directory.resolve("Dockerfile");
        if (!Files.isRegularFile(dockerfile)) {
            throw KubeException.user(
                    "this tree has no recipe of its cross image " + name.familiar(),
                    "there is no " + dockerfile + "; trees up to v1.17 have one",
                    "name a Go SDK and what to put it into: -Dkube.cross.goSdk=DIRECTORY-OR-TAR.GZ and"
                            + " -Dkube.cross.baseImage=IMAGE or -Dkube.cross.rootfs=TAR");
        }
        if (context.request().offline()) {
            throw KubeException.user(
                    "the cross image " + name.familiar() + " cannot be made of " + dockerfile,
                    "Maven is offline (-o), and it fetches packages",
                    "name a Go SDK and what to put it into: -Dkube.cross.goSdk=DIRECTORY-OR-TAR.GZ and"
                            + " -Dkube.cross.baseImage=IMAGE or -Dkube.cross.rootfs=TAR");
        }
        try {
            Platform platform = platform();
            List<WantedImage> bases =
                    BaseNames.of(Dockerfile.parse(Files.readString(dockerfile)), Map.of(), platform, platform).stream()
                            .map(base -> new WantedImage(base.reference(), base.platform(), PURPOSE))
                            .toList();
            String fingerprint = Fingerprint.builder()
                    .add("base image", present(bases))
                    .add("build-image/cross", contents(directory))
                    .build()
                    .id();
            if (stands(name, fingerprint)) {
                return;
            }
            build(
                    name,
                    new Made(directory, ContainerProxies.ofEngine(context), fingerprint),
                    context.tree().path().relativize(dockerfile).toString(),
                    "see the lines above; an old Dockerfile often names packages that are gone. Or name a Go SDK and what to put"
                            + " it into: -Dkube.cross.goSdk=DIRECTORY-OR-TAR.GZ and -Dkube.cross.baseImage=IMAGE");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static List<String> contents(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> {
                        try {
                            return directory.relativize(file) + " " + Fingerprint.sha256(Files.readString(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }

    private Platform platform() {
        String text = context.engine().info().platform();
        return Platform.parse(text).orElseThrow(() -> new IllegalStateException("no platform: " + text));
    }

    private WantedImage wanted(ImageReference image) {
        return new WantedImage(image, context.engine().info().platform(), PURPOSE);
    }

    /** Brings images into the engine, by the request's policy; gives their ids. */
    private String present(List<WantedImage> images) {
        return String.join(
                " ",
                context.imageFetcher().ensure(images).values().stream()
                        .map(ImageInfo::id)
                        .toList());
    }

    /** Whether nothing has to be done: an image of that name which was made elsewhere is only replaced by force. */
    private boolean stands(ImageReference name, String fingerprint) {
        Optional<ImageInfo> there = context.engine().image(name.familiar());
        if (there.isEmpty() || context.request().force().everything()) {
            return false;
        }
        String made = there.get().labels().get(LABEL);
        if (made != null && !made.equals(fingerprint)) {
            return false;
        }
        context.listener()
                .on(new BuildListener.Fact(
                        "cross image",
                        name.familiar() + " is in the engine"
                                + (made == null
                                        ? ", and was not made by kube:cross-image: it stays. -Dkube.force=true replaces it"
                                        : ", made of the same")));
        return true;
    }

    /**
     * What is sent to the engine.
     *
     * @param directory the context
     * @param arguments of the build
     * @param fingerprint of everything that the image is made of
     */
    private record Made(Path directory, Map<String, String> arguments, String fingerprint) {}

    private void build(ImageReference name, Made made, String origin, String fix) {
        Engine engine = context.engine();
        Optional<String> before = engine.image(name.familiar()).map(ImageInfo::id);
        String id = new LoggedBuild(engine, context.listener())
                .run(
                        new ImageBuild(
                                made.directory(),
                                "Dockerfile",
                                List.of(name.familiar()),
                                made.arguments(),
                                Map.of(LABEL, made.fingerprint()),
                                Optional.empty()),
                        this::told,
                        "the cross image " + name.familiar() + " cannot be made",
                        fix);
        before.filter(old -> !old.equals(id)).ifPresent(this::removeNameless);
        context.listener().on(new BuildListener.Fact("cross image", name.familiar() + " made of " + origin));
    }

    private void told(String line) {
        if (line.startsWith(CrossImageRecipe.LACKS_SOME)) {
            context.listener().on(new BuildListener.Warning(line));
        }
    }

    /** What had the name before, unless it has others or a build image is made of it. */
    private void removeNameless(String id) {
        try {
            if (context.engine()
                    .image(id)
                    .filter(image -> image.tags().isEmpty())
                    .isPresent()) {
                context.engine().removeImage(id);
            }
        } catch (EngineException e) {
            if (e.kind() == EngineException.Kind.UNREACHABLE) {
                throw e;
            }
            context.listener().on(new BuildListener.Detail("image " + id + " stays: " + e.getMessage()));
        }
    }
}
