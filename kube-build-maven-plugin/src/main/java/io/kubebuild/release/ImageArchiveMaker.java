package io.kubebuild.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes docker-archives; the port to whoever builds images. */
@FunctionalInterface
public interface ImageArchiveMaker {

    /**
     * Makes one archive.
     *
     * @param build how the image is built, its context complete with real files; empty where the tree's packaging saves an
     *     image that it did not build
     * @param references what the archive is to hold, at least one
     * @param target the file to write, which does not exist yet; its mode is set by the caller
     */
    void make(Optional<ImageBuildRecord> build, List<String> references, Path target)
            throws IOException, InterruptedException;
}
