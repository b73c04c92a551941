package io.kubebuild.it.chaos;

import io.kubebuild.it.MavenBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Clocks that go wrong: that of Maven and its commands by libfaketime, never the machine's. */
final class ClockCases {

    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String SOURCE = "cmd/kubectl/main.go";

    private ClockCases() {}

    static List<ChaosCase> all() {
        return List.of(
                ChaosCase.of("a day back", "cross-compile: done", stage -> wrong(stage.forced(), "-1d")),
                ChaosCase.of(
                        "a year ahead, then right again",
                        "cross-compile: done",
                        stage -> wrong(stage.forced(), "+365d")),
                ChaosCase.of("ten years back", "cross-compile: done", stage -> wrong(stage.forced(), "-3650d")),
                ChaosCase.of(
                        "a source edited, built a day ahead, and put back",
                        "sync: because " + SOURCE + " changed",
                        stage -> {
                            String text = stage.tree().read(SOURCE);
                            stage.tree().write(SOURCE, text + "\n// More.\n");
                            try {
                                return wrong(stage.release(), "+1d");
                            } finally {
                                stage.tree().write(SOURCE, text);
                            }
                        }),
                ChaosCase.of(
                        "a source edited, built, and put back with a time of last year",
                        "sync: because " + SOURCE + " changed",
                        stage -> {
                            String text = stage.tree().read(SOURCE);
                            stage.tree().write(SOURCE, text + "\n// More.\n");
                            String log = stage.release().execute().succeeded().log();
                            stage.tree().write(SOURCE, text);
                            shift(stage.tree().file(SOURCE), Duration.ofDays(-365));
                            return log;
                        }),
                ChaosCase.of("outputs and records from tomorrow", ChaosCase.NEXT, stage -> {
                    try (Stream<Path> files = Files.walk(stage.output())) {
                        for (Path file : files.filter(Files::isRegularFile).toList()) {
                            shift(file, Duration.ofDays(1));
                        }
                    }
                    return "";
                }));
    }

    private static void shift(Path file, Duration by) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Files.setLastModifiedTime(file, FileTime.from(time.toInstant().plus(by)));
    }

    private static String wrong(MavenBuild build, String offset) throws IOException {
        return build.environment("LD_PRELOAD", library().toString())
                .environment("FAKETIME", offset)
                // What waits, waits as long as ever.
                .environment("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .execute()
                .succeeded()
                .log();
    }

    private static Path library() throws IOException {
        try (Stream<Path> files = Files.walk(LIBRARIES, 3)) {
            List<Path> found = files.filter(file -> file.endsWith("faketime/libfaketimeMT.so.1"))
                    .toList();
            Assumptions.assumeTrue(!found.isEmpty(), "this machine has no libfaketime");
            return found.get(0);
        }
    }
}
