package io.kubebuild.release.gzip;

import java.util.Optional;

/** Chunks that were compressed before. Asked by several threads at a time. */
@FunctionalInterface
public interface ChunkSource {

    ChunkSource NONE = content -> Optional.empty();

    /**
     * The compressed bytes of a chunk.
     *
     * @param content as in {@link Chunk#content}
     * @return empty where it is not there, or is damaged
     */
    Optional<byte[]> find(String content);
}
