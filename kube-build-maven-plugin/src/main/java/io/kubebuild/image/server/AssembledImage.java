package io.kubebuild.image.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * An image archive that was written.
 *
 * @param archive the docker-archive tar
 * @param id {@code sha256:…} of the configuration: what the engine will call it
 * @param layer digest of our layer, where there is one
 * @param bytes size of the archive
 */
public record AssembledImage(Path archive, String id, Optional<String> layer, long bytes) {}
