package io.kubebuild.image;

import io.kubebuild.docker.ImageInfo;

/**
 * An image that a build needs in the engine.
 *
 * @param reference its name, as the tree has it
 * @param platform {@code linux/arm64}
 * @param purpose for messages ("cross image", "base of kube-proxy")
 */
public record WantedImage(ImageReference reference, String platform, String purpose) {

    /** The purpose of the one image that kube:cross-image can make. */
    public static final String CROSS_IMAGE = "cross image";

    /** Whether that image is for the wanted platform. */
    public boolean isMetBy(ImageInfo image) {
        return fits(platform, image.os(), image.architecture(), image.variant());
    }

    /**
     * Whether an image that says this of itself is for a platform. Kubernetes builds arm with GOARM=7, so v7 it has to be.
     *
     * @param platform {@code os/arch} as Go has it
     * @param variant {@code v7}, {@code v8} …, or empty where the image does not say
     */
    public static boolean fits(String platform, String os, String architecture, String variant) {
        if (!platform.equals(os + "/" + architecture)) {
            return false;
        }
        return switch (architecture) {
            case "arm" -> variant.isEmpty() || variant.equals("v7");
            case "arm64" -> variant.isEmpty() || variant.equals("v8");
            case "amd64" -> variant.isEmpty() || variant.equals("v1");
            default -> true;
        };
    }
}
