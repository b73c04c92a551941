package io.kubebuild.it.chaos;

import io.kubebuild.it.RequiresEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/** All cases, or those of the chapters in {@code kube.chaos.chapters}; those that have a result are not run again. */
@RequiresEngine
@Tag("chaos")
class ChaosIT {

    private static final Duration LONGEST = Duration.ofMinutes(30);

    private Optional<Troupes> troupes = Optional.empty();

    @TestFactory
    List<DynamicContainer> chaos() throws IOException {
        Optional<Path> kept = property("kube.chaos.directory").map(Path::of);
        Results results = Results.in(kept.map(directory -> directory.resolve("results.tsv")));
        Troupes players = new Troupes(kept.map(directory -> directory.resolve("reference.tsv")));
        troupes = Optional.of(players);
        List<DynamicContainer> containers = new ArrayList<>();
        for (Chapter chapter : chapters()) {
            containers.add(DynamicContainer.dynamicContainer(chapter.title(), tests(chapter, players, results)));
        }
        return containers;
    }

    @AfterEach
    void clear() throws IOException {
        if (troupes.isPresent()) {
            troupes.get().close();
        }
    }

    private static Stream<DynamicTest> tests(Chapter chapter, Troupes troupes, Results results) throws IOException {
        long[] began = new long[1];
        Pattern only = Pattern.compile(property("kube.chaos.only").orElse(""));
        return chapter.cases(troupes).stream()
                .filter(played -> only.matcher(played.name()).find())
                .map(played -> DynamicTest.dynamicTest(chapter.title() + ": " + played.name(), () -> {
                    began[0] = began[0] == 0 ? System.nanoTime() : began[0];
                    Assumptions.assumeTrue(
                            System.nanoTime() - began[0] < LONGEST.toNanos(),
                            "the time of this chapter is over; run it again to go on");
                    play(chapter, played, troupes, results);
                }));
    }

    private static void play(Chapter chapter, ChaosCase played, Troupes troupes, Results results) throws IOException {
        if (!Boolean.getBoolean("kube.chaos.again")) {
            Optional<String> known = results.of(chapter, played.name());
            if (known.equals(Optional.of("failed"))) {
                throw new AssertionError(
                        "it has failed before; to run it again: ./dev chaos --again " + chapter.title());
            }
            if (known.isPresent()) {
                return;
            }
        }
        long start = System.nanoTime();
        String result = "failed";
        String said = "";
        try {
            said = troupes.of(played).plays(played);
            result = "passed";
        } catch (TestAbortedException e) {
            result = "skipped";
            said = String.valueOf(e.getMessage());
            throw e;
        } catch (AssertionError e) {
            said = String.valueOf(e.getMessage());
            throw e;
        } finally {
            results.put(
                    chapter,
                    played.name(),
                    result,
                    Duration.ofNanos(System.nanoTime() - start).toSeconds(),
                    said);
        }
    }

    private static List<Chapter> chapters() {
        List<String> wanted = property("kube.chaos.chapters").stream()
                .flatMap(text -> Arrays.stream(text.split(",", -1)))
                .toList();
        return Arrays.stream(Chapter.values())
                .filter(chapter -> wanted.isEmpty() || wanted.contains(chapter.title()))
                .toList();
    }

    private static Optional<String> property(String name) {
        return Optional.ofNullable(System.getProperty(name)).filter(text -> !text.isBlank());
    }
}
