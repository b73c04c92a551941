package io.kubebuild.image.base;

import io.kubebuild.image.ImageReference;

/** Somewhere that base images can be had. */
public interface BaseImageSource {

    /**
     * Looks for an image of a platform.
     *
     * @param platform {@code linux/arm64}
     */
    Answer find(ImageReference reference, String platform);

    /** What a source says. */
    sealed interface Answer {}

    /** It has the image, for the platform that was asked for. */
    record Found(BaseImage image) implements Answer {}

    /**
     * It has none, or one for another platform.
     *
     * @param source which source ("the engine")
     * @param why what it said
     */
    record Absent(String source, String why) implements Answer {}
}
