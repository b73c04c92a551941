package io.kubebuild.image.base;

import java.nio.file.Path;
import java.util.List;

/**
 * An image that others build on.
 *
 * @param reference as the tree names it
 * @param config its configuration, as JSON text
 * @param layers lowest first
 */
public record BaseImage(String reference, String config, List<Layer> layers) {

    /** What {@code FROM scratch} means. */
    public static final String SCRATCH = "scratch";

    public BaseImage {
        layers = List.copyOf(layers);
    }

    /** The image with nothing in it. */
    public static BaseImage scratch(String os, String architecture) {
        String config = "{\"architecture\":\"" + architecture + "\",\"os\":\"" + os + "\",\"config\":{},\"rootfs\":"
                + "{\"type\":\"layers\",\"diff_ids\":[]},\"history\":[]}";
        return new BaseImage(SCRATCH, config, List.of());
    }

    /**
     * A layer.
     *
     * @param tar an uncompressed tar file
     * @param diffId {@code sha256:…} of that file
     */
    public record Layer(Path tar, String diffId) {}
}
