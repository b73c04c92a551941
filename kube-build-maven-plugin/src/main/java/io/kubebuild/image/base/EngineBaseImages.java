package io.kubebuild.image.base;

import io.kubebuild.docker.Engine;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.image.ImageReference;
import io.kubebuild.image.WantedImage;
import io.kubebuild.io.OwnFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Base images that the engine has; it is asked to pull nothing. */
public final class EngineBaseImages implements BaseImageSource {

    private static final String NAME = "the engine";

    private final Engine engine;
    private final BaseImageStore store;

    public EngineBaseImages(Engine engine, BaseImageStore store) {
        this.engine = engine;
        this.store = store;
    }

    @Override
    public Answer find(ImageReference reference, String platform) {
        Optional<ImageInfo> there = engine.image(reference.familiar());
        if (there.isEmpty()) {
            return new Absent(NAME, "it has no such image");
        }
        ImageInfo image = there.get();
        if (!WantedImage.fits(platform, image.os(), image.architecture(), image.variant())) {
            return new Absent(
                    NAME, "it has one for " + new ImagePlatform(image.os(), image.architecture(), image.variant()));
        }
        // The id is the digest of what it consists of, so what was kept under it cannot be out of date.
        String key = "engine " + image.id() + " " + platform;
        Optional<BaseImage> kept = store.image(key, reference.toString());
        if (kept.isPresent()) {
            return new Found(kept.get());
        }
        try {
            BaseImage saved = save(reference, image.id(), platform);
            store.keepImage(key, saved);
            return new Found(saved);
        } catch (IOException e) {
            return new Absent(NAME, "it cannot be saved: " + e.getMessage());
        }
    }

    private BaseImage save(ImageReference reference, String id, String platform) throws IOException {
        Path file = store.temporaryFile(".save.tar");
        try {
            try (InputStream in = engine.save(List.of(reference.familiar()))) {
                OwnFiles.write(file, in);
            }
            try (ImageArchive archive = ImageArchive.open(file, store)) {
                for (ImageArchive.ArchivedImage image : archive.contents().images()) {
                    // The engine has told which image it has under a digest; what it saves has to be that one.
                    boolean meant = reference.digest().isEmpty() || archive.isOf(image, id);
                    if (meant && ImagePlatform.ofConfig(image.config()).fits(platform)) {
                        return archive.keepIn(store, image, reference.toString());
                    }
                }
            }
            throw new IOException("what the engine saved holds no image for " + platform);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
