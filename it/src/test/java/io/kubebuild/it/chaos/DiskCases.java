package io.kubebuild.it.chaos;

import io.kubebuild.it.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Disks that are full or may not be written; small ones are mounted over the real ones. */
final class DiskCases {

    private DiskCases() {}

    static List<ChaosCase> all() {
        return List.of(
                ChaosCase.of(
                        "output: full while binaries are copied", "No space left on device", stage -> full(stage, 30)),
                ChaosCase.of(
                        "output: full while tarballs are written",
                        "No space left on device",
                        stage -> full(stage, 130)),
                ChaosCase.of("output: full at once", "No space left on device", stage -> full(stage, 0)),
                ChaosCase.of("output: read-only", "may not be written by this user", DiskCases::readOnly),
                ChaosCase.of(
                                "engine: full in compile",
                                "no space left|disk is full|No space left",
                                stage -> engineFull(stage, 2_000_000))
                        .onOwnEngine(),
                ChaosCase.of(
                                "engine: full at once",
                                "no space left|disk is full|No space left",
                                stage -> engineFull(stage, 4096))
                        .onOwnEngine(),
                ChaosCase.of("temporary directory: full", ": done in |No space left on device", stage -> {
                    mount(
                            "-t",
                            "tmpfs",
                            "-o",
                            "size=4k",
                            "tmpfs",
                            stage.temporary().toString());
                    try {
                        HostCommand.of(stage.temporary(), "sh", "-c", "head -c 8192 /dev/zero >full 2>/dev/null; true")
                                .succeeds();
                        return stage.forced().execute().log();
                    } finally {
                        unmount(stage.temporary());
                    }
                }),
                ChaosCase.of("user cache: full", ": done in |No space left on device", stage -> {
                    mount(
                            "-t",
                            "tmpfs",
                            "-o",
                            "size=4k",
                            "tmpfs",
                            stage.userCache().toString());
                    try {
                        HostCommand.of(stage.userCache(), "sh", "-c", "head -c 8192 /dev/zero >full 2>/dev/null; true")
                                .succeeds();
                        return stage.forced().execute().log();
                    } finally {
                        unmount(stage.userCache());
                    }
                }));
    }

    /** An output directory on a disk of its own that takes so much of what the outputs are, in percent of the binaries. */
    private static String full(Stage stage, int percent) throws IOException {
        long bytes = Math.max(4096, bytesBelow(stage.output().resolve("dockerized")) * percent / 100);
        mount("-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", stage.output().toString());
        try {
            return stage.release().execute().failedCleanly().log();
        } finally {
            unmount(stage.output());
        }
    }

    private static String engineFull(Stage stage, long bytes) {
        stage.ownEngine().leaves(bytes);
        try {
            return stage.forced().execute().log();
        } finally {
            stage.ownEngine().hasRoom();
        }
    }

    private static String readOnly(Stage stage) {
        String output = stage.output().toString();
        mount("--bind", output, output);
        try {
            mount("-o", "remount,ro,bind", output);
            return stage.forced().execute().log();
        } finally {
            unmount(stage.output());
        }
    }

    static void mount(String... words) {
        Assumptions.assumeTrue(HostCommand.exists("mount"), "this machine has no mount");
        HostCommand.Outcome outcome = HostCommand.of(
                        Path.of("/"),
                        Stream.concat(Stream.of("mount"), Stream.of(words)).toArray(String[]::new))
                .run();
        Assumptions.assumeTrue(
                outcome.exitCode() == 0,
                () -> "may not mount here: " + outcome.output().strip());
    }

    static void unmount(Path where) {
        HostCommand.of(Path.of("/"), "umount", where.toString()).succeeds();
    }

    private static long bytesBelow(Path start) throws IOException {
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
