package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** The rules mean what the real program says that they mean. */
class RsyncPropertyTest {

    private static final List<String> NAMES = List.of("a", "b", "ab", "zz_generated.x", "c.go", "_output");

    @Provide
    Arbitrary<List<String>> rules() {
        Arbitrary<String> word = Arbitraries.of(
                "a", "b", "ab", "zz_generated.*", "*.go", "_output", "?", "*", "**", "[ab]", "[!a]", "a*", "***");
        Arbitrary<String> pattern = Combinators.combine(
                        Arbitraries.of("", "/"),
                        word.list().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.of("", "/", "/**", "/***"))
                .as((begin, words, end) -> begin + String.join("/", words) + end);
        return Combinators.combine(Arbitraries.of("+ ", "- ", "H "), pattern)
                .as((effect, text) -> effect + text)
                .list()
                .ofMaxSize(5);
    }

    @Provide
    Arbitrary<Set<String>> files() {
        return Arbitraries.of(NAMES)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(names -> String.join("/", names))
                .set()
                .ofMaxSize(12);
    }

    /** The test set-up brings rsync in; a bare build may lack it. */
    static class WhereRsyncIs implements SkipExecutionHook {
        @Override
        public SkipResult shouldBeSkipped(LifecycleContext context) {
            try {
                new ProcessBuilder("rsync", "--version")
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return SkipResult.doNotSkip();
            } catch (IOException e) {
                return SkipResult.skip("there is no rsync on this machine to compare with");
            }
        }
    }

    @AddLifecycleHook(WhereRsyncIs.class)
    @Property(tries = 150)
    void sendsAndDeletesWhatRsyncDoes(
            @ForAll("rules") List<String> texts, @ForAll("files") Set<String> there, @ForAll("files") Set<String> here)
            throws Exception {
        Path work = Files.createTempDirectory("rsync-rules");
        try {
            Path source = Files.createDirectory(work.resolve("source"));
            Path target = Files.createDirectory(work.resolve("target"));
            make(source, here);
            make(target, compatible(there, source));
            FilterRules rules = FilterRules.of(texts);
            SourceSnapshot snapshot = new SourceScanner(Clock.systemUTC(), 1, BuildListener.SILENT)
                    .take(SourceRoot.of(source), rules, List.of(), null);
            List<Listing.Found> held = new ArrayList<>();
            for (String path : list(target)) {
                char type = Files.isDirectory(target.resolve(path)) ? 'd' : 'f';
                held.add(new Listing.Found(path, type, 0, 0, 0, 0));
            }
            Difference difference = Difference.full(snapshot, held, rules);
            Set<String> expected = new TreeSet<>(list(target));
            expected.removeAll(difference.remove());
            expected.removeAll(difference.removeDirectories());
            expected.addAll(snapshot.entries().keySet());

            rsync(texts, source, target);

            assertThat(list(target)).as("after rsync with %s", texts).isEqualTo(expected);
        } finally {
            try (Stream<Path> all = Files.walk(work)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static void rsync(List<String> rules, Path source, Path target) throws Exception {
        List<String> command = new ArrayList<>(List.of("rsync", "--archive", "--delete"));
        rules.forEach(rule -> command.add("--filter=" + rule));
        command.addAll(List.of(source + "/", target + "/"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    /** Leaves out names that are a directory on one side and a file on the other: there rsync gives up, and we swap. */
    private static Set<String> compatible(Set<String> paths, Path source) {
        Set<String> result = new TreeSet<>();
        for (String path : paths) {
            boolean clash = Files.isDirectory(source.resolve(path));
            for (Path up = Path.of(path).getParent(); up != null; up = up.getParent()) {
                clash |= Files.isRegularFile(source.resolve(up));
            }
            if (!clash) {
                result.add(path);
            }
        }
        return result;
    }

    private static void make(Path root, Set<String> paths) throws IOException {
        for (String path : new TreeSet<>(paths).descendingSet()) {
            Path file = root.resolve(path);
            boolean below = false;
            for (Path up = file.getParent(); up != null && !up.equals(root); up = up.getParent()) {
                below |= Files.isRegularFile(up);
            }
            if (!below && !Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Files.writeString(file, path);
            }
        }
    }

    private static Set<String> list(Path root) throws IOException {
        Set<String> paths = new TreeSet<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(path -> !path.equals(root))
                    .forEach(path -> paths.add(root.relativize(path).toString()));
        }
        return paths;
    }
}
