package io.kubebuild.jmh;

import io.kubebuild.release.TarballEntry;
import io.kubebuild.release.TarballWriter;
import io.kubebuild.release.gzip.ChunkSource;
import io.kubebuild.release.gzip.ChunkedGzipOutputStream;
import io.kubebuild.release.gzip.CompressedFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Compressing 32 MiB that shrink about as a program does, alone and as a file in a tarball. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
public class TarballCost {

    private static final int BYTES = 32 << 20;

    /** How many threads compress. */
    @Param({"1", "2", "4"})
    public int threads;

    private byte[] content = {};
    private Path directory = Path.of("");
    private ExecutorService executor = Executors.newSingleThreadExecutor();

    /** Half of the content is a few words again and again, half is noise; always the same. */
    @Setup
    public void fill() throws IOException {
        executor.shutdown();
        executor = Executors.newFixedThreadPool(threads);
        Random random = new Random(1);
        content = new byte[BYTES];
        byte[] noise = new byte[32];
        for (int at = 0; at < BYTES; at += 64) {
            random.nextBytes(noise);
            System.arraycopy(noise, 0, content, at, noise.length);
        }
        directory = Files.createTempDirectory("kube-build-jmh");
        Files.createDirectories(directory.resolve("kubernetes"));
        Files.write(directory.resolve("kubernetes/program"), content);
    }

    /** Leaves nothing behind. */
    @TearDown
    public void remove() throws IOException {
        executor.shutdown();
        for (String name : List.of("kubernetes/program", "kubernetes", "t.tar.gz", "")) {
            Files.deleteIfExists(directory.resolve(name));
        }
    }

    /** The compressor by itself. */
    @Benchmark
    public void gzip() throws IOException {
        try (OutputStream out = new ChunkedGzipOutputStream(
                OutputStream.nullOutputStream(),
                executor,
                threads,
                ChunkedGzipOutputStream.DEFAULT_LEVEL,
                ChunkSource.NONE,
                chunk -> {})) {
            out.write(content);
        }
    }

    /** The same with a tar around it, from a file and to a file. */
    @Benchmark
    public void tarball() throws IOException {
        // Nothing is kept from one to the next: a second one would find all of it compressed.
        try (CompressedFiles compressed = new CompressedFiles()) {
            new TarballWriter(executor, threads, ChunkedGzipOutputStream.DEFAULT_LEVEL, 0, compressed)
                    .write(
                            directory.resolve("t.tar.gz"),
                            List.of(
                                    TarballEntry.directory("kubernetes", 0755),
                                    TarballEntry.file("kubernetes/program", 0755)),
                            directory);
        }
    }
}
