package io.kubebuild.release;

import io.kubebuild.io.ConfinedDirectory;
import io.kubebuild.io.DirectoryRemoval;
import io.kubebuild.io.FileModes;
import io.kubebuild.io.RawName;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the images of a recorded stage, of binaries in the output directory. */
public final class StagedImages {

    private final Path outputDirectory;
    private final ConfinedDirectory outputs;
    private final ImageArchiveMaker images;

    /**
     * For one output directory.
     *
     * @param outputDirectory holds {@code dockerized/bin}, and takes the images
     */
    public StagedImages(Path outputDirectory, ImageArchiveMaker images) {
        this.outputDirectory = outputDirectory;
        this.outputs = new ConfinedDirectory(outputDirectory);
        this.images = images;
    }

    /**
     * Makes the images alone, and puts them in the place of those that are there; stage and tarballs of an earlier release stay. The
     * recording is used up.
     *
     * @throws KubeException where binaries are missing
     */
    public List<ReleaseArtifact> replace(Staging staging) throws IOException, InterruptedException {
        try {
            Staging part = staging.only(Staging.IMAGES);
            requireBinaries(part);
            make(part);
            StageMaterializer.replace(
                    staging.directory().resolve(Staging.IMAGES), outputDirectory.resolve(Staging.IMAGES));
        } finally {
            DirectoryRemoval.remove(staging.directory());
        }
        return ReleaseArtifacts.in(outputDirectory).images();
    }

    /** Where a binary lies, as copy-output leaves it. */
    Path file(Placeholder.Binary binary) {
        return outputDirectory
                .resolve("dockerized/bin")
                .resolve(binary.platform().toString())
                .resolve(binary.file());
    }

    /** Throws where binaries are missing, whether a stage wants them or an image. */
    void requireBinaries(Staging staging) {
        List<Problem> missing = new ArrayList<>();
        List<Placeholder> wanted = new ArrayList<>();
        staging.placeholders().values().forEach(placed -> wanted.add(placed.placeholder()));
        staging.builds()
                .forEach(build -> build.placeholders().values().forEach(placed -> wanted.add(placed.placeholder())));
        wanted.stream().distinct().forEach(placeholder -> {
            if (placeholder instanceof Placeholder.Binary binary
                    && !outputs.isFile("dockerized/bin/" + binary.platform() + "/" + binary.file())) {
                missing.add(
                        new Problem(
                                "A binary that belongs into the release is missing: " + file(binary),
                                "",
                                "Compile and copy it first: kube:cross-compile kube:copy-output, or kube:release for all of it"));
            }
        });
        if (!missing.isEmpty()) {
            throw KubeException.user(missing);
        }
    }

    /** Makes the images in the places of their placeholders. */
    void make(Staging staging) throws IOException, InterruptedException {
        Map<Staging.PlacedPlaceholder, Path> made = new HashMap<>();
        for (Map.Entry<String, Staging.PlacedPlaceholder> entry :
                staging.placeholders().entrySet()) {
            Staging.PlacedPlaceholder placed = entry.getValue();
            if (!(placed.placeholder() instanceof Placeholder.Image image)) {
                continue;
            }
            Path target = RawName.resolve(staging.directory(), entry.getKey());
            Path earlier = made.putIfAbsent(placed, target);
            if (earlier != null) {
                StageMaterializer.place(earlier, target, placed.mode());
                continue;
            }
            Optional<ImageBuildRecord> build = buildOf(staging, image);
            if (build.isPresent()) {
                completeContext(build.get());
            }
            images.make(build, image.references(), target);
            FileModes.set(target, placed.mode());
        }
    }

    private static Optional<ImageBuildRecord> buildOf(Staging staging, Placeholder.Image image) {
        List<String> ids = image.names().stream()
                .map(name -> name.build().orElse(""))
                .distinct()
                .toList();
        if (ids.size() != 1) {
            throw KubeException.user(
                    "The tree saves several images in one archive: " + image.references(),
                    "the plugin makes archives of one image each",
                    "Package what was compiled with the tree's own script: build/package-tarballs.sh");
        }
        return staging.builds().stream()
                .filter(build -> build.id().equals(ids.get(0)))
                .findFirst();
    }

    private void completeContext(ImageBuildRecord build) throws IOException {
        for (Map.Entry<String, Staging.PlacedPlaceholder> entry :
                build.placeholders().entrySet()) {
            Path target = RawName.resolve(build.context(), entry.getKey());
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            Staging.PlacedPlaceholder placed = entry.getValue();
            if (!(placed.placeholder() instanceof Placeholder.Binary binary)) {
                throw KubeException.user(
                        "The image " + build.tags() + " is built from " + placed.placeholder(),
                        "only binaries and files of the tree can be put into an image",
                        "Package what was compiled with the tree's own script: build/package-tarballs.sh");
            }
            StageMaterializer.place(file(binary), target, placed.mode());
        }
    }
}
