package io.kubebuild.step;

import io.kubebuild.plan.CompileJob;
import io.kubebuild.plan.GoCommand;
import io.kubebuild.plan.Plan;
import io.kubebuild.plan.PromisedOutput;
import io.kubebuild.release.ImageBuildRecord;
import io.kubebuild.release.Placeholder;
import io.kubebuild.release.StagedTarball;
import io.kubebuild.release.Staging;
import io.kubebuild.release.TarballEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a release would do, for people and for programs.
 *
 * @param format grows when a field changes its meaning or goes
 * @param version of the tree
 * @param go the toolchain, as {@code go version} says it
 * @param commands go commands, in the order in which they are begun
 * @param images server images, and the conformance image if it is built
 * @param tarballs in alphabetical order
 */
record ReleasePlan(
        int format, String version, String go, List<Command> commands, List<Image> images, List<Tarball> tarballs) {

    private static final int FORMAT = 1;

    /** Variables of a command that say most about what it builds. */
    private static final List<String> TELLING = List.of("CGO_ENABLED", "CC", "GOARM");

    /**
     * A go command, merged from all that differ in nothing but their packages.
     *
     * @param platform that it compiles for
     * @param argv the command itself
     * @param directory where it runs, in the workspace
     * @param environment all of it
     * @param targets what it builds
     * @param binaries files that come out, as {@code OS/ARCH/NAME}
     */
    record Command(
            String platform,
            List<String> argv,
            String directory,
            Map<String, String> environment,
            List<String> targets,
            List<String> binaries) {}

    /**
     * An image.
     *
     * @param names that it gets
     * @param bases of its Dockerfile's FROM lines, before build arguments are filled in
     * @param arguments build arguments
     * @param binaries in it, as {@code OS/ARCH/NAME}
     */
    record Image(List<String> names, List<String> bases, Map<String, String> arguments, List<String> binaries) {}

    /**
     * A tarball.
     *
     * @param name its file name
     * @param files how many files are in it; of the source tarball nobody knows yet
     * @param binaries in it, as {@code OS/ARCH/NAME}
     */
    record Tarball(String name, Optional<Integer> files, List<String> binaries) {}

    static ReleasePlan of(String version, Plan plan, Staging staging) {
        List<Tarball> tarballs = new ArrayList<>(
                staging.tarballs().stream().map(one -> tarball(one, staging)).toList());
        tarballs.add(new Tarball(Staging.SOURCE_TARBALL, Optional.empty(), List.of()));
        tarballs.sort(java.util.Comparator.comparing(Tarball::name));
        return new ReleasePlan(
                FORMAT,
                version,
                plan.toolchain().version(),
                plan.jobs().stream().map(job -> command(job, plan)).toList(),
                staging.builds().stream().map(ReleasePlan::image).toList(),
                tarballs);
    }

    private static Command command(CompileJob job, Plan plan) {
        GoCommand go = job.command();
        return new Command(
                go.platform(plan.toolchain()).toString(),
                go.argv(),
                go.directory(),
                go.environment(),
                sorted(job.outputs().stream().map(PromisedOutput::target)),
                sorted(job.outputs().stream().map(ReleasePlan::binary)));
    }

    private static String binary(PromisedOutput output) {
        return output.platform()
                + output.placedPath().substring(output.placedPath().lastIndexOf('/'));
    }

    private static Image image(ImageBuildRecord build) {
        return new Image(
                build.tags(),
                build.dockerfile()
                        .lines()
                        .map(String::strip)
                        .filter(line -> line.regionMatches(true, 0, "FROM ", 0, 5))
                        .map(ReleasePlan::base)
                        .toList(),
                build.arguments(),
                binaries(build.placeholders().values()));
    }

    /** {@code FROM --platform=linux/amd64 debian:9 AS setcap} names debian:9. */
    private static String base(String from) {
        return Stream.of(from.split("\\s+"))
                .skip(1)
                .filter(word -> !word.startsWith("--"))
                .findFirst()
                .orElse(from);
    }

    private static Tarball tarball(StagedTarball tarball, Staging staging) {
        List<String> files = tarball.entries().stream()
                .filter(entry -> entry.type() == TarballEntry.Type.FILE)
                .map(entry -> tarball.directory() + "/" + entry.path())
                .toList();
        return new Tarball(
                tarball.name(),
                Optional.of(files.size()),
                binaries(files.stream()
                        .flatMap(
                                path -> Stream.ofNullable(staging.placeholders().get(path)))
                        .toList()));
    }

    private static List<String> binaries(Collection<Staging.PlacedPlaceholder> placed) {
        return sorted(placed.stream()
                .map(Staging.PlacedPlaceholder::placeholder)
                .filter(Placeholder.Binary.class::isInstance)
                .map(Placeholder.Binary.class::cast)
                .map(one -> one.platform() + "/" + one.file()));
    }

    private static List<String> sorted(Stream<String> texts) {
        return List.copyOf(texts.collect(Collectors.toCollection(TreeSet::new)));
    }

    /** For people: a line for each command, image and tarball. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(version + " with " + go);
        lines.add(commands.size() + " go commands:");
        for (Command command : commands) {
            String variables = TELLING.stream()
                    .filter(name ->
                            !command.environment().getOrDefault(name, "").isEmpty())
                    .map(name -> " " + name + "=" + command.environment().get(name))
                    .collect(Collectors.joining());
            lines.add("  " + command.platform() + variables + " go "
                    + command.argv().get(1) + ": " + String.join(" ", command.targets()));
        }
        lines.add(images.size() + " images:");
        images.forEach(image -> lines.add("  " + String.join(", ", image.names()) + " from "
                + String.join(", ", image.bases()) + ": " + String.join(" ", image.binaries())));
        lines.add(tarballs.size() + " tarballs:");
        tarballs.forEach(tarball -> lines.add("  " + tarball.name()
                + tarball.files().map(count -> ": " + count + " files").orElse("")
                + (tarball.binaries().isEmpty() ? "" : ", " + String.join(" ", tarball.binaries()))));
        return List.copyOf(lines);
    }
}
