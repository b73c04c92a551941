package io.kubebuild.it.chaos;

import io.kubebuild.it.Until;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What builds leave: files outside of the sources, containers, volumes. What a build that nobody disturbed leaves is no trace.
 *
 * @param files relative to the stage
 * @param containers by name
 * @param volumes those that no container has
 */
record Traces(Set<String> files, Set<String> containers, Set<String> volumes) {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    Traces {
        files = Set.copyOf(files);
        containers = Set.copyOf(containers);
        volumes = Set.copyOf(volumes);
    }

    /** What there is now. */
    static Traces of(Stage stage) {
        Path tree = stage.tree().directory();
        return new Traces(
                files(stage),
                new TreeSet<>(stage.engine().containers(tree)),
                new TreeSet<>(stage.engine().danglingVolumes()));
    }

    /** Waits until nothing more is there than this, and no process of the tree; fails where that does not come. */
    void nothingMoreOn(Stage stage) {
        Until.holds("nothing is left", LONGEST, () -> more(stage).isEmpty(), () -> more(stage)
                .toString());
    }

    private List<String> more(Stage stage) {
        Traces now = of(stage);
        List<String> more = new ArrayList<>();
        now.files.stream().filter(file -> !files.contains(file)).forEach(file -> more.add("file " + file));
        now.containers.stream()
                .filter(name -> !containers.contains(name))
                .forEach(name -> more.add("container " + name));
        now.volumes.stream().filter(name -> !volumes.contains(name)).forEach(name -> more.add("volume " + name));
        stage.engine().running(stage.tree().directory()).forEach(name -> more.add("running container " + name));
        processes(stage).forEach(process -> more.add("process " + process));
        return more;
    }

    private static Set<String> files(Stage stage) {
        Set<String> files = new TreeSet<>();
        Path sources = stage.tree().directory();
        for (Path start : List.of(stage.directory())) {
            try (Stream<Path> found = Files.walk(start)) {
                found.filter(Predicate.not(Files::isDirectory))
                        .filter(file -> !file.startsWith(sources) || file.startsWith(stage.output()))
                        // Maven unpacks it, and cannot clear it away when it is killed.
                        .filter(file -> !file.getFileName().toString().startsWith("jansi-"))
                        // The record of an export is there where one was made, and an undisturbed release makes none.
                        .filter(file -> !file.endsWith("cache-exported.json"))
                        .forEach(file -> files.add(start.relativize(file).toString()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    /** Processes that work in the stage, told by their directories and words. */
    private static List<String> processes(Stage stage) {
        String directory = stage.directory().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> Stream.of("cwd", "cmdline")
                        .anyMatch(part -> text(process.pid(), part).contains(directory + "/")))
                .map(process ->
                        process.pid() + " " + text(process.pid(), "cmdline").replace('\0', ' '))
                // The engine of a chapter belongs to the stage itself.
                .filter(process -> !process.contains("dockerd") && !process.contains("containerd"))
                .toList();
    }

    private static String text(long process, String part) {
        Path file = Path.of("/proc", Long.toString(process), part);
        try {
            return Files.isSymbolicLink(file)
                    ? Files.readSymbolicLink(file).toString() + "/"
                    : Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file) : "";
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }
}
