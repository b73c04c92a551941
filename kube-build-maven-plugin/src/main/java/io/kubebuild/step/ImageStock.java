package io.kubebuild.step;

import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.image.WantedImage;
import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Images that a build of this tree needs from elsewhere: which, from where, whether they are here; as files for sites without a registry. */
final class ImageStock {

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

    /** Takes in what {@link #save} wrote, and any other file that docker save writes. */
    void load(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> archives = files.filter(file -> file.toString().endsWith(".tar"))
                    .sorted()
                    .toList();
            for (Path archive : archives) {
                context.engine().load(archive);
                context.listener().on(new BuildListener.Fact("image", archive + " loaded"));
            }
        } catch (IOException | EngineException e) {
            throw KubeException.user(
                    "the images in " + directory + " could not be loaded",
                    String.valueOf(e.getMessage()),
                    "name a directory that kube:images -Dkube.images.save=DIRECTORY has written");
        }
    }
}
