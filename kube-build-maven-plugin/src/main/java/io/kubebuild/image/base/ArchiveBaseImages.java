package io.kubebuild.image.base;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.base.ImageArchive.ArchivedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Base images from files that the user named, such as {@code docker load} takes: for sites without a registry. */
public final class ArchiveBaseImages implements BaseImageSource {

    private static final String UNPROVEN =
            ", and no manifest in it proves that it is the pinned image (save it with an engine that keeps"
                    + " manifests, with containerd's image store, or name the base by its tag): ";

    /** In a message. */
    private static final int MOST_NAMED = 12;

    private final Map<ImageReference, Path> archives;
    private final BaseImageStore store;

    /** @param archives which file holds which image */
    public ArchiveBaseImages(Map<ImageReference, Path> archives, BaseImageStore store) {
        this.archives = Map.copyOf(archives);
        this.store = store;
    }

    @Override
    public Answer find(ImageReference reference, String platform) {
        Path file = archives.get(reference);
        if (file == null) {
            return new Absent("archives", "none was named for it");
        }
        if (!Files.isRegularFile(file)) {
            return new Absent("archive " + file, "no such file");
        }
        try (ImageArchive archive = ImageArchive.open(file, store)) {
            Optional<ArchivedImage> meant = meant(archive, reference, platform);
            if (meant.isPresent()) {
                return new Found(archive.keepIn(store, meant.get(), reference.toString()));
            }
            return new Absent(
                    "archive " + file,
                    inWords(archive.contents())
                            + reference.digest().map(UNPROVEN::concat).orElse(""));
        } catch (IOException e) {
            return new Absent("archive " + file, String.valueOf(e.getMessage()));
        }
    }

    /** A digest is proven, not said. */
    private static Optional<ArchivedImage> meant(ImageArchive archive, ImageReference reference, String platform)
            throws IOException {
        List<ArchivedImage> images = archive.contents().images();
        List<ArchivedImage> fitting = new ArrayList<>();
        for (ArchivedImage image : images) {
            if (ImagePlatform.ofConfig(image.config()).fits(platform)) {
                fitting.add(image);
            }
        }
        for (ArchivedImage image : fitting) {
            if (reference.digest().isPresent()
                    ? archive.isOf(image, reference.digest().get())
                    : image.isCalled(reference)) {
                return Optional.of(image);
            }
        }
        return reference.digest().isEmpty() && fitting.size() == 1 && isOneImage(images)
                ? Optional.of(fitting.get(0))
                : Optional.empty();
    }

    /** An archive of one image, for however many platforms, may go by any name: the user said what it stands for. */
    private static boolean isOneImage(List<ArchivedImage> images) {
        return images.stream().map(ArchivedImage::references).distinct().count() == 1;
    }

    private static String inWords(ImageArchive.Contents contents) throws IOException {
        List<String> others = new ArrayList<>();
        for (ArchivedImage image : contents.images()) {
            others.add(String.join(" ", image.names()) + " for " + ImagePlatform.ofConfig(image.config()));
        }
        return "it holds " + (others.isEmpty() ? "no image" : listed(others))
                + (contents.left().isEmpty() ? "" : "; not taken: " + listed(contents.left()));
    }

    private static String listed(List<String> all) {
        String first = all.stream().limit(MOST_NAMED).map(String::strip).collect(Collectors.joining(", "));
        return all.size() > MOST_NAMED ? first + " and " + (all.size() - MOST_NAMED) + " more" : first;
    }
}
