package io.kubebuild.step;

import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.image.WantedImage;
import io.kubebuild.image.base.ArchiveForm;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.io.Packing;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Images that a build of this tree needs from elsewhere: which, from where, whether they are here; as files for sites without a registry. */
final class ImageStock {

    private static final Set<Packing> EVERY_ENGINE_TAKES = Set.of(Packing.TAR, Packing.GZIP);

    private final BuildContext context;

    ImageStock(BuildContext context) {
        this.context = context;
    }

    /** The cross image and the bases of all images of a release. The sync stands. */
    List<WantedImage> needed() throws InterruptedException {
        List<WantedImage> needed = new ArrayList<>();
        needed.add(new WantedImage(
                ImageReference.of(TreeVariables.crossImage(context).reference()),
                context.engine().info().platform(),
                WantedImage.CROSS_IMAGE));
        needed.addAll(new PlanPreview(context).bases());
        return List.copyOf(needed);
    }

    /** A line for each. */
    void list(List<WantedImage> images) {
        for (WantedImage image : images) {
            context.listener()
                    .on(new BuildListener.Printed(image.reference().familiar() + " (" + image.purpose() + ", "
                            + image.platform() + "): " + place(image)));
        }
    }

    private String place(WantedImage image) {
        Optional<ImageInfo> there = context.engine().image(image.reference().familiar());
        if (there.filter(image::isMetBy).isPresent()) {
            return "in the engine";
        }
        Optional<Path> file = context.request().images().baseImageArchives().entrySet().stream()
                .filter(entry -> ImageReference.of(entry.getKey()).equals(image.reference()))
                .map(entry -> entry.getValue())
                .findFirst();
        if (file.isPresent()) {
            return "in " + file.get();
        }
        if (!image.purpose().equals(WantedImage.CROSS_IMAGE) && ServerImages.isKept(context, image)) {
            return "kept on this machine";
        }
        if (context.request().offline() || context.request().images().pull() == PullPolicy.NEVER) {
            return "missing, and nothing is fetched: docker pull --platform " + image.platform() + " "
                    + image.reference().familiar() + ", or kube:images -Dkube.images.load=DIRECTORY";
        }
        return "to be fetched from "
                + context.mirrors().candidates(image.reference()).stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(", then "));
    }

    /** Brings all of them into the engine, by the request's policy. */
    Map<WantedImage, ImageInfo> pull(List<WantedImage> images) {
        return context.imageFetcher().ensure(images);
    }

    /** Writes each, out of the engine, to a file of its own; the engine has them then. */
    void save(List<WantedImage> images, Path directory) {
        Map<WantedImage, ImageInfo> there = pull(images);
        try {
            OwnFiles.makeDirectories(directory);
            for (WantedImage image : images) {
                String name = image.reference().familiar();
                Path file =
                        directory.resolve((name + "-" + image.platform()).replaceAll("[^A-Za-z0-9._-]", "_") + ".tar");
                // What is pinned may have come from a mirror, and then has no such name.
                Optional<ImageInfo> pinned = Optional.ofNullable(there.get(image))
                        .filter(info -> image.reference().digest().isPresent());
                AtomicFile.write(file, draft -> {
                    try (InputStream archive = context.engine()
                            .save(List.of(pinned.map(ImageInfo::id).orElse(name)))) {
                        draft.content(archive);
                    }
                });
                context.listener().on(new BuildListener.Produced("image", file, Files.size(file)));
            }
        } catch (IOException e) {
            throw KubeException.build(
                    "the images could not be saved to " + directory,
                    e.toString(),
                    "make the directory writable and its disk not full, or name another: -Dkube.images.save=DIRECTORY",
                    e);
        }
    }

    /** Takes in what {@link #save} wrote, and any other file that docker load takes; what is none is named. */
    void load(Path directory) {
        List<Problem> problems = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.sorted().toList()) {
                load(file, problems);
            }
        } catch (IOException e) {
            throw KubeException.user(
                    "the images in " + directory + " could not be loaded",
                    String.valueOf(e.getMessage()),
                    "name a directory that kube:images -Dkube.images.save=DIRECTORY has written");
        }
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
    }

    private void load(Path file, List<Problem> problems) {
        try {
            ArchiveForm form = Files.isRegularFile(file) ? ArchiveForm.of(file) : ArchiveForm.NONE;
            switch (form) {
                case NONE -> leave(file, "it is no tar file, compressed or not");
                case OTHER_TAR ->
                    leave(file, "it has neither a manifest.json (of docker save) nor an index.json (of OCI)");
                case DOCKER, OCI -> loadImages(file, form, problems);
            }
        } catch (IOException e) {
            problems.add(notLoaded(file, e, ArchiveForm.DOCKER));
        }
    }

    private void leave(Path file, String why) {
        context.listener().on(new BuildListener.Warning(file + " is not loaded: " + why));
    }

    private void loadImages(Path file, ArchiveForm form, List<Problem> problems) throws IOException {
        try {
            if (EVERY_ENGINE_TAKES.contains(Packing.of(file))) {
                context.engine().load(file);
            } else {
                loadUnpacked(file);
            }
            context.listener().on(new BuildListener.Fact("image", file + " loaded"));
        } catch (EngineException e) {
            if (e.kind() == EngineException.Kind.UNREACHABLE) {
                throw e;
            }
            problems.add(notLoaded(file, e, form));
        }
    }

    /** Whether an engine knows xz and zstd depends on its version, and on programs beside it. */
    private void loadUnpacked(Path file) throws IOException {
        Path plain = OwnFiles.temporary(context.userCache(), ".load-", ".tar");
        try (InputStream in = Packing.unpacked(Files.newInputStream(file), ArchiveLimits.IMAGE)) {
            OwnFiles.write(plain, in);
            context.engine().load(plain);
        } finally {
            Files.deleteIfExists(plain);
        }
    }

    private static Problem notLoaded(Path file, Exception why, ArchiveForm form) {
        return new Problem(
                "the images in " + file + " could not be loaded",
                String.valueOf(why.getMessage()),
                form == ArchiveForm.OCI
                        ? "it is an OCI layout, which engines before Docker 25 do not take: make a docker archive of it (skopeo copy"
                                + " oci-archive:FILE docker-archive:OTHER:IMAGE), or name it as the base that it is:"
                                + " -Dkube.baseImageArchives=IMAGE=" + file
                        : "fetch the file again: it is damaged, or not made by docker save");
    }
}
