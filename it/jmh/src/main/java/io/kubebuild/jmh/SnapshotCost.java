package io.kubebuild.jmh;

import io.kubebuild.event.BuildListener;
import io.kubebuild.sync.FilterRules;
import io.kubebuild.sync.SourceRoot;
import io.kubebuild.sync.SourceScanner;
import io.kubebuild.sync.SourceSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Looking at a tree: for the first time, and again when nothing has changed. The page cache is warm. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class SnapshotCost {

    /** Read only, and any tree will do: {@code -Dbench.tree}. */
    private final Path tree = Path.of(System.getProperty("bench.tree", "it/sample-kubernetes"));

    private final SourceScanner scanner = new SourceScanner(
            Clock.systemUTC(), Math.max(2, Runtime.getRuntime().availableProcessors()), BuildListener.SILENT);

    private FilterRules rules = FilterRules.inward("");
    private SourceSnapshot before = new SourceSnapshot(Clock.systemUTC().instant(), List.of());

    /** Takes the snapshot that the second walk has behind it. */
    @Setup
    public void look() throws IOException {
        rules = FilterRules.inward(Files.readString(tree.resolve("build/common.sh")));
        before = scanner.take(SourceRoot.of(tree), rules, List.of(), null);
    }

    /** Every file is read and hashed. */
    @Benchmark
    public SourceSnapshot first() {
        return scanner.take(SourceRoot.of(tree), rules, List.of(), null);
    }

    /** Every file's stat is read, no content: what a build costs at least in which nothing has changed. */
    @Benchmark
    public SourceSnapshot again() {
        return scanner.take(SourceRoot.of(tree), rules, List.of(), before);
    }
}
