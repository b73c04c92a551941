package io.kubebuild.request;

import io.kubebuild.image.ImageReference;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the user wants a cross image to be made of; all empty for the tree's own Dockerfile.
 *
 * @param goSdk directory or archive of a Go SDK
 * @param baseImage what it is put into, where that is an image
 * @param rootfs the same, where that is a tar file with a root file system
 */
public record CrossImageRequest(Optional<Path> goSdk, Optional<ImageReference> baseImage, Optional<Path> rootfs) {}
