package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Disks that may not be written, or are full. Mounting takes root on Linux; elsewhere these are skipped. */
@Tag("more")
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class DiskIT {

    private final ReleasedTree released;
    private final Path directory;

    DiskIT(ReleasedTree released, @TempDir Path directory) {
        this.released = released;
        this.directory = directory;
    }

    @Test
    void aTreeThatMayNotBeWrittenIsReleasedToADirectoryOutside() {
        String tree = released.tree().directory().toString();
        mount("--bind", tree, tree);
        try {
            mount("-o", "remount,ro,bind", tree);

            released.release()
                    .parameter("kube.outputDirectory", directory.resolve("out").toString())
                    .execute()
                    .succeeded();

            assertThat(ReleasedTree.withoutTestBinaries(ReleasedTree.results(directory.resolve("out"))))
                    .isEqualTo(ReleasedTree.withoutTestBinaries(released.results()));
        } finally {
            unmount(tree);
        }
    }

    @Test
    void aDiskThatIsFullIsNamedAndTheNextReleaseWorks() throws IOException {
        String disk = Files.createDirectory(directory.resolve("disk")).toString();
        // The binaries fit, and not much more.
        mount(
                "-t",
                "tmpfs",
                "-o",
                "size=" + bytesBelow(released.tree().file("_output/dockerized")) * 5 / 4,
                "tmpfs",
                disk);
        try {
            released.release()
                    .parameter("kube.outputDirectory", disk + "/out")
                    .execute()
                    .failedCleanly()
                    .says(disk, "No space left on device", "fix: ");
            assertThat(halfWritten(Path.of(disk, "out/release-tars"))).isEmpty();

            mount("-o", "remount,size=4g", disk);
            released.release()
                    .parameter("kube.outputDirectory", disk + "/out")
                    .execute()
                    .succeeded();
            assertThat(ReleasedTree.withoutTestBinaries(ReleasedTree.results(Path.of(disk, "out"))))
                    .isEqualTo(ReleasedTree.withoutTestBinaries(released.results()));
        } finally {
            unmount(disk);
        }
    }

    private void mount(String... words) {
        Assumptions.assumeTrue(HostCommand.exists("mount"), "this machine has no mount");
        List<String> command =
                Stream.concat(Stream.of("mount"), Stream.of(words)).toList();
        HostCommand.Outcome outcome = new HostCommand(directory, command).run();
        Assumptions.assumeTrue(
                outcome.exitCode() == 0,
                () -> "may not mount here: " + outcome.output().strip());
    }

    private void unmount(String where) {
        HostCommand.of(directory, "umount", where).succeeds();
    }

    private static long bytesBelow(Path start) throws IOException {
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** Tarballs that cannot be read to their end, and what is left of writing. */
    private List<String> halfWritten(Path start) throws IOException {
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(start)) {
            return files.map(Path::toString)
                    .filter(file -> !file.endsWith(".tar.gz")
                            || HostCommand.of(directory, "gzip", "-t", file)
                                            .run()
                                            .exitCode()
                                    != 0)
                    .toList();
        }
    }
}
