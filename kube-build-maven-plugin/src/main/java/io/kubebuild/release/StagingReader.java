package io.kubebuild.release;

import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import io.kubebuild.problem.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Understands an extracted recording, and checks that nothing in it is left unexplained. */
final class StagingReader {

    private static final String ADDED_DOCKERFILE = ".kube-build.Dockerfile";

    private final Path directory;
    private final ConfinedDirectory recording;
    private final SortedMap<String, Staging.PlacedPlaceholder> placeholders;

    private StagingReader(Path directory, SortedMap<String, Staging.PlacedPlaceholder> placeholders) {
        this.directory = directory;
        this.recording = new ConfinedDirectory(directory);
        this.placeholders = placeholders;
    }

    static Staging read(Path directory, SortedMap<String, Staging.PlacedPlaceholder> placeholders) throws IOException {
        StagingReader reader = new StagingReader(directory, placeholders);
        List<StagedTarball> tarballs = reader.tarballs();
        List<ImageBuildRecord> builds = reader.builds();
        reader.check(tarballs);
        TreeMap<String, Staging.PlacedPlaceholder> ofRelease = new TreeMap<>(placeholders);
        ofRelease.keySet().removeIf(path -> path.startsWith("builds/"));
        return new Staging(directory, ofRelease, tarballs, builds);
    }

    private List<StagedTarball> tarballs() throws IOException {
        List<StagedTarball> tarballs = new ArrayList<>();
        for (Path listing : children("listings")) {
            String name = listing.getFileName().toString();
            tarballs.add(StageListing.parse(name, recording.text("listings/" + name)));
        }
        return tarballs;
    }

    private List<ImageBuildRecord> builds() throws IOException {
        List<ImageBuildRecord> builds = new ArrayList<>();
        for (Path build : children("builds")) {
            builds.add(build(build));
        }
        // Their numbers depend on which of several builds came first; their names do not.
        builds.sort(Comparator.comparing(build -> String.join(" ", build.tags()) + " " + build.id()));
        return builds;
    }

    private ImageBuildRecord build(Path record) throws IOException {
        String id = record.getFileName().toString();
        List<String> argv = List.of(recording.text("builds/" + id + "/argv").split("\0"));
        DockerBuildArguments words = DockerBuildArguments.parse(argv);
        ConfinedDirectory context = recording.below("builds/" + id + "/context");
        String dockerfile = recording.text("builds/" + id + "/dockerfile");
        String prefix = "builds/" + id + "/context/";
        TreeMap<String, Staging.PlacedPlaceholder> missing = new TreeMap<>();
        placeholders.tailMap(prefix).entrySet().stream()
                .takeWhile(entry -> entry.getKey().startsWith(prefix))
                .forEach(entry -> missing.put(entry.getKey().substring(prefix.length()), entry.getValue()));
        return new ImageBuildRecord(
                id,
                argv,
                dockerfile,
                dockerfilePath(words, context, dockerfile, recording.text("builds/" + id + "/directory")),
                context.path(),
                missing,
                words.arguments(),
                words.platform(),
                words.target(),
                words.tags());
    }

    /** The engine takes Dockerfiles from the context only; the tree may keep it elsewhere. */
    private static String dockerfilePath(
            DockerBuildArguments words, ConfinedDirectory context, String dockerfile, String workingDirectory)
            throws IOException {
        if (words.file().isEmpty()) {
            return "Dockerfile";
        }
        Path base = path(Path.of("/"), workingDirectory.stripTrailing());
        Path file = path(base, words.file().get());
        Path root = path(base, words.context());
        if (file.startsWith(root)) {
            return root.relativize(file).toString();
        }
        // In place of whatever the tree calls so, a link too.
        context.write(ADDED_DOCKERFILE, draft -> draft.text(dockerfile));
        return ADDED_DOCKERFILE;
    }

    /** Only compared: nothing need be there. */
    private static Path path(Path base, String text) {
        if (text.indexOf('\0') >= 0) {
            throw KubeException.build(
                    "The recorded stage holds a directory that has a NUL in its name",
                    Shown.name(text),
                    "look for what the tree's packaging scripts write into builds/*/directory");
        }
        return base.resolve(RawName.target(text)).normalize();
    }

    private void check(List<StagedTarball> tarballs) throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (StagedTarball tarball : tarballs) {
            for (TarballEntry entry : tarball.entries()) {
                String path = tarball.directory() + "/" + entry.path();
                if (!placeholders.containsKey(path)
                        && !Files.exists(RawName.resolve(directory, path), LinkOption.NOFOLLOW_LINKS)) {
                    problems.add(unexplained(
                            tarball.name() + " holds " + entry.path(),
                            "the scripts removed it again after packing it"));
                }
            }
        }
        for (Path file : children("release-tars")) {
            problems.add(unexplained(
                    "The tree makes release-tars/" + file.getFileName(), "it does so without its create_tarball"));
        }
        placeholders.forEach((path, placed) -> {
            if (placed.placeholder() instanceof Placeholder.Tarball tarball
                    && !tarball.name().equals(Staging.SOURCE_TARBALL)
                    && tarballs.stream().noneMatch(made -> made.name().equals(tarball.name()))) {
                problems.add(unexplained(path + " stands for " + tarball.name(), "that tarball was not made"));
            }
        });
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
    }

    private static Problem unexplained(String what, String why) {
        return new Problem(
                what + ", which the recorder does not understand",
                why,
                "Package what was compiled with the tree's own script: build/package-tarballs.sh");
    }

    private List<Path> children(String name) throws IOException {
        return recording.children(name);
    }
}
