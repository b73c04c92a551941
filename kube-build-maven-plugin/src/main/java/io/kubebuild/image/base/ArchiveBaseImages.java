package io.kubebuild.image.base;

import io.kubebuild.image.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Base images from files that the user named, as {@code docker save} writes them: for sites without a registry. */
public final class ArchiveBaseImages implements BaseImageSource {

    private static final String UNPROVEN =
            ", and no manifest in it proves that it is the pinned image (save it with an engine that keeps"
                    + " manifests, with containerd's image store, or name the base by its tag): ";

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
        try (DockerArchive archive = new DockerArchive(file)) {
            List<DockerArchive.ArchivedImage> images = archive.images();
            List<String> others = new ArrayList<>();
            for (DockerArchive.ArchivedImage image : images) {
                ImagePlatform actual = ImagePlatform.ofConfig(image.config());
                if (isMeant(archive, image, images.size() == 1, reference) && actual.fits(platform)) {
                    return new Found(archive.keepIn(store, image, reference.toString()));
                }
                others.add(String.join(" ", image.names()) + " for " + actual);
            }
            return new Absent(
                    "archive " + file,
                    "it holds " + String.join(", ", others)
                            + reference.digest().map(UNPROVEN::concat).orElse(""));
        } catch (IOException e) {
            return new Absent("archive " + file, String.valueOf(e.getMessage()));
        }
    }

    /** An archive of one image may go by any name: the user said what it stands for. But a digest is proven, not said. */
    private static boolean isMeant(
            DockerArchive archive, DockerArchive.ArchivedImage image, boolean only, ImageReference reference)
            throws IOException {
        return reference.digest().isPresent()
                ? archive.isOf(image, reference.digest().get())
                : only || image.isCalled(reference);
    }
}
