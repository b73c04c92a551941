package io.kubebuild.release.gzip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressedFilesTest {

    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final CompressedFiles files = new CompressedFiles();
    private final Path directory;

    CompressedFilesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @AfterEach
    void close() throws IOException {
        files.close();
        executor.shutdown();
    }

    @Test
    void whatLiesAtAnotherPlaceInAnotherStreamIsFoundAndGivesTheSameBytes() throws IOException {
        byte[] program = random(24 << 20, 1);
        write("one.gz", random(300_001, 2), program);
        Counting counting = new Counting(files);

        byte[] second = compress(counting, random(70_003, 3), program, random(10, 4));

        assertThat(counting.found.get()).isGreaterThan(12);
        assertThat(second).isEqualTo(compress(ChunkSource.NONE, random(70_003, 3), program, random(10, 4)));
        assertThat(new GZIPInputStream(new ByteArrayInputStream(second)).readAllBytes())
                .hasSize(70_003 + program.length + 10);
    }

    @Test
    void whatIsDamagedOrCutOffIsNotFound() throws IOException {
        byte[] program = random(6 << 20, 1);
        List<Chunk> chunks = write("one.gz", program);
        Path file = directory.resolve("one.gz");
        byte[] bytes = Files.readAllBytes(file);
        Chunk first = chunks.get(0);
        bytes[(int) first.offset() + 7] ^= 1;
        Chunk last = chunks.get(chunks.size() - 1);
        Files.write(file, java.util.Arrays.copyOf(bytes, (int) last.offset() + 5));

        assertThat(files.find(first.content())).isEmpty();
        assertThat(files.find(chunks.get(1).content())).isPresent();
        assertThat(files.find(last.content())).isEmpty();
        assertThat(files.find("unknown")).isEmpty();
    }

    @Test
    void aFileThatWasReplacedSinceIsStillRead() throws IOException {
        List<Chunk> chunks = write("one.gz", random(1 << 20, 1));
        Files.delete(directory.resolve("one.gz"));

        assertThat(files.find(chunks.get(0).content())).isPresent();
    }

    private List<Chunk> write(String name, byte[]... parts) throws IOException {
        Path file = directory.resolve(name);
        List<Chunk> chunks = new ArrayList<>();
        try (OutputStream out = Files.newOutputStream(file);
                OutputStream gzip = new ChunkedGzipOutputStream(
                        out, executor, 2, 6, ChunkSource.NONE, files.open(file).andThen(chunks::add))) {
            for (byte[] part : parts) {
                gzip.write(part);
            }
        }
        return chunks;
    }

    private byte[] compress(ChunkSource source, byte[]... parts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new ChunkedGzipOutputStream(out, executor, 2, 6, source, chunk -> {})) {
            for (byte[] part : parts) {
                gzip.write(part);
            }
        }
        return out.toByteArray();
    }

    private static byte[] random(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private record Counting(ChunkSource behind, AtomicInteger found) implements ChunkSource {
        Counting(ChunkSource behind) {
            this(behind, new AtomicInteger());
        }

        @Override
        public Optional<byte[]> find(String content) {
            Optional<byte[]> answer = behind.find(content);
            answer.ifPresent(bytes -> found.incrementAndGet());
            return answer;
        }
    }
}
