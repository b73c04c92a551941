package io.kubebuild.step;

import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.http.Access;
import io.kubebuild.http.Patience;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.image.WantedImage;
import io.kubebuild.image.base.ArchiveBaseImages;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.base.BaseImageSource;
import io.kubebuild.image.base.BaseImageStore;
import io.kubebuild.image.base.ChainedBaseImages;
import io.kubebuild.image.base.EngineBaseImages;
import io.kubebuild.image.base.RegistryBaseImages;
import io.kubebuild.image.dockerfile.BaseNames;
import io.kubebuild.image.dockerfile.Dockerfile;
import io.kubebuild.image.dockerfile.ImageRecipe;
import io.kubebuild.image.dockerfile.RecipeReader;
import io.kubebuild.image.server.BuildContext.Entry;
import io.kubebuild.image.server.EngineImageBuilder;
import io.kubebuild.image.server.ImageAssembler;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.problem.KubeException;
import io.kubebuild.release.ContentHashes;
import io.kubebuild.release.EarlierRelease;
import io.kubebuild.release.ImageArchiveMaker;
import io.kubebuild.release.ImageBuildRecord;
import io.kubebuild.release.Staging;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.MadeImage;
import io.kubebuild.tree.Platform;
import io.kubebuild.tree.TargetGroup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Images of a release: assembled from base layers where their Dockerfile is understood to the last instruction, else built by
 * the engine.
 */
final class ServerImages implements ImageArchiveMaker {

    private final BuildContext context;
    private final Instant time;
    private final EarlierRelease earlier;
    private final ContentHashes contents;
    private final ChainedBaseImages bases;

    /**
     * Images of a release.
     *
     * @param time their build date
     * @param earlier images that need not be made again
     * @param contents hashes of what goes into them
     */
    ServerImages(BuildContext context, Instant time, EarlierRelease earlier, ContentHashes contents) {
        this.context = context;
        this.time = time;
        this.earlier = earlier;
        this.contents = contents;
        this.bases = new ChainedBaseImages(sources(context));
    }

    /** For looking at bases only. */
    ServerImages(BuildContext context) {
        this(
                context,
                Instant.EPOCH,
                new EarlierRelease(context.output(), context.output(), Map.of()),
                new ContentHashes());
    }

    private static List<BaseImageSource> sources(BuildContext context) {
        BuildRequest request = context.request();
        BaseImageStore store = store(context);
        Map<ImageReference, Path> archives = new LinkedHashMap<>();
        request.images().baseImageArchives().forEach((name, file) -> archives.put(ImageReference.of(name), file));
        boolean mayFetch = request.images().pull() != PullPolicy.NEVER && !request.offline();
        boolean fresh = mayFetch && request.images().pull() == PullPolicy.ALWAYS;
        BaseImageSource registry = new RegistryBaseImages(
                context.mirrors(),
                context.credentials(),
                store,
                !mayFetch
                        ? RegistryBaseImages.Mode.OFFLINE
                        : fresh ? RegistryBaseImages.Mode.FRESH : RegistryBaseImages.Mode.CACHED,
                context.access(),
                Patience.standard(),
                context.listener());
        List<BaseImageSource> sources = new ArrayList<>(List.of(new ArchiveBaseImages(archives, store)));
        sources.add(registry);
        if (context.premises().hasEngine()) {
            sources.add(fresh ? sources.size() : 1, new EngineBaseImages(context.engine(), store));
        }
        return sources;
    }

    private static BaseImageStore store(BuildContext context) {
        return new BaseImageStore(context.userCache().resolve("base-images"));
    }

    /** Whether a base was fetched before, and is here without an engine or a registry. */
    static boolean isKept(BuildContext context, WantedImage base) {
        RegistryBaseImages kept = new RegistryBaseImages(
                context.mirrors(),
                context.credentials(),
                store(context),
                RegistryBaseImages.Mode.OFFLINE,
                Access.OF_JVM,
                Patience.standard(),
                context.listener());
        return kept.find(base.reference(), base.platform()) instanceof BaseImageSource.Found;
    }

    /** Fetches the bases of all images; returns an id for each, which changes when its content does. */
    List<String> requireBases(Description description) {
        Set<ChainedBaseImages.Wanted> wanted = new LinkedHashSet<>();
        for (Platform platform : description.platforms(TargetGroup.SERVER)) {
            description
                    .serverImages(platform.arch())
                    .forEach(image -> wanted.add(
                            new ChainedBaseImages.Wanted(ImageReference.of(image.base()), platform.toString())));
            madeByMakefiles(description, platform.arch()).stream()
                    .flatMap(base -> ImageReference.parse(base).stream())
                    .forEach(base -> wanted.add(new ChainedBaseImages.Wanted(base, platform.toString())));
        }
        return bases.find(wanted).entrySet().stream()
                .map(found -> found.getKey().reference() + " " + found.getKey().platform() + " "
                        + Fingerprint.sha256(found.getValue().config()))
                .sorted()
                .toList();
    }

    private List<String> madeByMakefiles(Description description, String arch) {
        BuildRequest.Selection selection = context.request().selection();
        Map<String, String> environment = ContainerEnvironment.ofPackaging(context.request());
        List<String> bases = new ArrayList<>();
        if (MadeImage.CONFORMANCE.isMade(description, selection.conformance())) {
            bases.addAll(MadeImage.CONFORMANCE.bases(context.tree(), arch, environment));
        }
        if (MadeImage.HYPERKUBE.isMade(description, selection.hyperkube())) {
            bases.addAll(MadeImage.HYPERKUBE.bases(context.tree(), arch, environment));
        }
        return bases;
    }

    @Override
    public void make(Optional<ImageBuildRecord> build, List<String> references, Path target)
            throws IOException, InterruptedException {
        if (build.isEmpty()) {
            save(references, target);
            return;
        }
        ImageBuildRecord record = build.get();
        Platform wanted = platformOf(record);
        RecipeReader.Reading reading = read(record, wanted);
        if (reading instanceof RecipeReader.Understood understood
                && record.target().isEmpty()) {
            assemble(understood.recipe(), record, references, wanted, target);
        } else {
            String reason =
                    reading instanceof RecipeReader.NotUnderstood unknown ? unknown.reason() : "it names a stage";
            context.listener().on(new BuildListener.Detail(references.get(0) + " is built by the engine: " + reason));
            buildOnEngine(record, references, wanted, target);
        }
    }

    private Platform platformOf(ImageBuildRecord record) {
        return record.platform()
                .or(() -> platformOfFirstStage(record.dockerfile()))
                .flatMap(Platform::parse)
                .orElseGet(this::enginePlatform);
    }

    private Platform enginePlatform() {
        return platform(context.premises().imagePlatform());
    }

    private RecipeReader.Reading read(ImageBuildRecord record, Platform platform) {
        return RecipeReader.read(Dockerfile.parse(record.dockerfile()), record.arguments(), platform, enginePlatform());
    }

    /** What the images of a stage begin from, with what it is for; each once. */
    List<WantedImage> bases(Staging staging) {
        Map<ChainedBaseImages.Wanted, WantedImage> bases = new LinkedHashMap<>();
        for (ImageBuildRecord record : staging.builds()) {
            Platform platform = platformOf(record);
            String image = record.tags().isEmpty() ? record.id() : record.tags().get(0);
            List<WantedImage> needed = read(record, platform) instanceof RecipeReader.Understood understood
                            && record.target().isEmpty()
                    ? ofRecipe(understood.recipe(), platform, image)
                    : ofEngine(record, platform, image);
            needed.forEach(
                    one -> bases.putIfAbsent(new ChainedBaseImages.Wanted(one.reference(), one.platform()), one));
        }
        return List.copyOf(bases.values());
    }

    private static List<WantedImage> ofRecipe(ImageRecipe recipe, Platform platform, String image) {
        return recipe.base().equals(BaseImage.SCRATCH)
                ? List.of()
                : List.of(new WantedImage(ImageReference.of(recipe.base()), platform.toString(), "base of " + image));
    }

    private static Platform platform(String text) {
        return Platform.parse(text).orElseThrow(() -> new IllegalStateException("no platform: " + text));
    }

    private static Optional<String> platformOfFirstStage(String dockerfile) {
        Matcher matcher =
                Pattern.compile("(?im)^\\s*FROM\\s+--platform=([a-z0-9/]+)\\s").matcher(dockerfile);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private void assemble(
            ImageRecipe recipe, ImageBuildRecord record, List<String> references, Platform platform, Path target)
            throws IOException, InterruptedException {
        BaseImage base = recipe.base().equals(BaseImage.SCRATCH)
                ? BaseImage.scratch(platform.os(), platform.arch())
                : base(recipe.base(), platform);
        ImageAssembler.Request request = new ImageAssembler.Request(
                base,
                recipe,
                contextOf(record),
                references,
                platform.toString(),
                time,
                target,
                ImageAssembler.ownerOnly());
        String inputs = Fingerprint.builder()
                .add("base", base.config())
                .add("recipe", recipe)
                .add("context", contents.below(record.context()))
                .add("placed", record.placeholders())
                .add("references", references)
                .add("platform", platform)
                .add("time", time)
                .build()
                .id();
        boolean made =
                earlier.takeOrMake("image " + references, inputs, target, () -> new ImageAssembler().assemble(request));
        context.listener()
                .on(new BuildListener.Detail(references.get(0) + (made ? " assembled" : " is as in the last release")));
    }

    private BaseImage base(String reference, Platform platform) {
        ChainedBaseImages.Wanted wanted =
                new ChainedBaseImages.Wanted(ImageReference.of(reference), platform.toString());
        return Objects.requireNonNull(bases.find(List.of(wanted)).get(wanted));
    }

    /** Placeholders' modes count, not those of the binaries that are linked in their place. */
    private static io.kubebuild.image.server.BuildContext contextOf(ImageBuildRecord record) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("", Entry.of(record.context()));
        record.placeholders()
                .forEach((path, placed) ->
                        entries.put(path, new Entry(record.context().resolve(path), Optional.of(placed.mode()))));
        return new io.kubebuild.image.server.BuildContext(entries);
    }

    private void requireEngine(String reference, String why) {
        if (!context.premises().hasEngine()) {
            throw KubeException.user(
                    "the image " + reference + " cannot be made without a Docker engine",
                    HostPremises.NO_ENGINE + ", and " + why,
                    "build where an engine answers (-Dkube.workspace=container), or only compile: kube:compile");
        }
    }

    private void buildOnEngine(ImageBuildRecord record, List<String> references, Platform platform, Path target) {
        requireEngine(references.get(0), "its Dockerfile has instructions that only an engine can follow");
        List<WantedImage> wanted = ofEngine(record, platform, references.get(0));
        Map<WantedImage, ImageInfo> there = context.imageFetcher().ensure(wanted);
        context.listener().on(new BuildListener.Detail(there.size() + " base images for " + references.get(0)));
        Map<String, String> arguments = new LinkedHashMap<>(record.arguments());
        arguments.putAll(ContainerProxies.ofEngine(context));
        new EngineImageBuilder(context.engine(), context.listener())
                .build(
                        new ImageBuild(
                                record.context(),
                                record.dockerfilePath(),
                                references,
                                arguments,
                                Map.of(),
                                Optional.of(platform.toString())),
                        target,
                        ImageAssembler.ownerOnly());
    }

    private List<WantedImage> ofEngine(ImageBuildRecord record, Platform platform, String image) {
        return BaseNames.of(Dockerfile.parse(record.dockerfile()), record.arguments(), platform, enginePlatform())
                .stream()
                .map(base -> new WantedImage(base.reference(), base.platform(), "base of " + image))
                .toList();
    }

    private void save(List<String> references, Path target) throws IOException {
        requireEngine(references.get(0), "the tree's packaging saves it from one");
        // Not one that the build makes: it is fetched as every other image is.
        context.imageFetcher()
                .ensure(references.stream()
                        .map(reference -> new WantedImage(
                                ImageReference.of(reference),
                                enginePlatform().toString(),
                                "saved by the tree's packaging"))
                        .toList());
        AtomicFile.write(target, draft -> {
            try (InputStream archive = context.engine().save(references)) {
                draft.content(archive);
            }
        });
    }
}
