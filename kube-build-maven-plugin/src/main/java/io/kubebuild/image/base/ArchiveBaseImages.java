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
                // An archive of one image may go by any name: the user said what it stands for.
                boolean meant = images.size() == 1 || image.isCalled(reference);
                if (meant && actual.fits(platform)) {
                    return new Found(archive.keepIn(store, image, reference.toString()));
                }
                others.add(String.join(" ", image.names()) + " for " + actual);
            }
            return new Absent("archive " + file, "it holds " + String.join(", ", others));
        } catch (IOException e) {
            return new Absent("archive " + file, String.valueOf(e.getMessage()));
        }
    }
}
