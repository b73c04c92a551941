package io.kubebuild.release.gzip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedGzipOutputStreamTest {

    private static final int LONGEST = Boundaries.LONGEST;

    @Property(tries = 30)
    void sameBytesForAnyNumberOfThreadsAndTheyDecompress(
            @ForAll @IntRange(max = 2 * LONGEST + 7) int size,
            @ForAll @IntRange(min = 1, max = 8) int threads,
            @ForAll @IntRange(min = 1, max = 300_000) int chunk,
            @ForAll @IntRange(min = 1, max = 256) int alphabet,
            @ForAll long seed)
            throws IOException {
        byte[] data = data(size, alphabet, seed);

        byte[] compressed = compress(data, threads, chunk);

        assertThat(compressed).isEqualTo(compress(data, 1, LONGEST));
        assertThat(decompress(compressed)).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST})
    void keepsContentAtTheEdgesOfChunks(int size) throws IOException {
        byte[] data = data(size, 200, 7);

        assertThat(decompress(compress(data, 3, 1000))).isEqualTo(data);
    }

    @Test
    void passesTheTestOfGzipItself(@TempDir Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("data.gz");
        Files.write(file, compress(data(3 * LONGEST + 100, 30, 1), 4, 4096));

        Process gzip =
                new ProcessBuilder("gzip", "-t", file.toString()).inheritIO().start();

        assertThat(gzip.waitFor()).isZero();
    }

    @Test
    void carriesNoNameAndNoTime() throws IOException {
        assertThat(compress(data(10, 3, 1), 1, 10)).startsWith(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
    }

    @Test
    void refusesBytesAfterItsEnd() throws IOException {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            ChunkedGzipOutputStream gzip = new ChunkedGzipOutputStream(
                    new ByteArrayOutputStream(), executor, 1, 6, ChunkSource.NONE, chunk -> {});
            gzip.close();

            assertThatThrownBy(() -> gzip.write(1)).isInstanceOf(IOException.class);
        } finally {
            executor.shutdown();
        }
    }

    private static byte[] data(int size, int alphabet, long seed) {
        Random random = new Random(seed);
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) random.nextInt(alphabet);
        }
        return data;
    }

    private static byte[] compress(byte[] data, int threads, int chunk) throws IOException {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ChunkedGzipOutputStream gzip =
                    new ChunkedGzipOutputStream(out, executor, threads, 6, ChunkSource.NONE, ignored -> {})) {
                for (int from = 0; from < data.length; from += chunk) {
                    gzip.write(data, from, Math.min(chunk, data.length - from));
                }
            }
            return out.toByteArray();
        } finally {
            executor.shutdown();
        }
    }

    private static byte[] decompress(byte[] compressed) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return in.readAllBytes();
        }
    }
}
