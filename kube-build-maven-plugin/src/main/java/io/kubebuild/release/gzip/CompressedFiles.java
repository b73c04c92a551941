package io.kubebuild.release.gzip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Files that hold compressed chunks: the tarballs of the last release, and those of the one that is being made. They are kept
 * open, so that they may be renamed, replaced or deleted meanwhile; what is damaged in them is not found.
 */
public final class CompressedFiles implements ChunkSource, AutoCloseable {

    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final List<FileChannel> channels = new ArrayList<>();

    /** Where a chunk lies. */
    private record Place(FileChannel file, Chunk chunk) {}

    /**
     * Opens a file for its chunks.
     *
     * @return takes those that are in it, or come into it later
     */
    public synchronized Consumer<Chunk> open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        channels.add(channel);
        return chunk -> places.put(chunk.content(), new Place(channel, chunk));
    }

    /** How many chunks are at hand. */
    public int size() {
        return places.size();
    }

    @Override
    public Optional<byte[]> find(String content) {
        return Optional.ofNullable(places.get(content)).flatMap(CompressedFiles::read);
    }

    private static Optional<byte[]> read(Place place) {
        ByteBuffer bytes = ByteBuffer.allocate(place.chunk().length());
        try {
            long offset = place.chunk().offset();
            while (bytes.hasRemaining()) {
                int count = place.file().read(bytes, offset + bytes.position());
                if (count < 0) {
                    return Optional.empty();
                }
            }
        } catch (IOException e) {
            // It is compressed again, then.
            return Optional.empty();
        }
        CRC32 check = new CRC32();
        check.update(bytes.array());
        return check.getValue() == place.chunk().check() ? Optional.of(bytes.array()) : Optional.empty();
    }

    @Override
    public synchronized void close() throws IOException {
        places.clear();
        for (FileChannel channel : channels) {
            channel.close();
        }
    }
}
