package io.kubebuild.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a release with their Maven coordinates. These are an API of their own: others depend on artifacts by them.
 *
 * @param tarballs {@code release-tars/*}, sorted; {@code kubernetes.tar.gz} is the main artifact, the classifier of the others is
 *     their name without {@code kubernetes-} ({@code server-linux-amd64})
 * @param images {@code release-images/<arch>/*}, sorted; their classifiers are {@code image-<component>-<arch>}
 */
public record ReleaseArtifacts(List<ReleaseArtifact> tarballs, List<ReleaseArtifact> images) {

    private static final String TARBALL = ".tar.gz";
    private static final String IMAGE = ".tar";
    private static final String MAIN = "kubernetes";

    public ReleaseArtifacts {
        tarballs = List.copyOf(tarballs);
        images = List.copyOf(images);
    }

    /** What stands in the release directories of an output directory. */
    public static ReleaseArtifacts in(Path outputDirectory) throws IOException {
        List<ReleaseArtifact> tarballs = new ArrayList<>();
        for (Path file : files(outputDirectory.resolve("release-tars"))) {
            String name = file.getFileName().toString();
            if (name.endsWith(TARBALL)) {
                tarballs.add(tarball(file, name.substring(0, name.length() - TARBALL.length())));
            }
        }
        List<ReleaseArtifact> images = new ArrayList<>();
        for (Path architecture : files(outputDirectory.resolve("release-images"))) {
            for (Path file : files(architecture)) {
                String name = file.getFileName().toString();
                if (name.endsWith(IMAGE)) {
                    images.add(image(
                            file,
                            name.substring(0, name.length() - IMAGE.length()),
                            architecture.getFileName().toString()));
                }
            }
        }
        return new ReleaseArtifacts(tarballs, images);
    }

    /** {@code kubernetes.tar.gz}; a release of some parts only may have none. */
    public Optional<ReleaseArtifact> main() {
        return tarballs.stream()
                .filter(artifact -> artifact.classifier().isEmpty())
                .findFirst();
    }

    /** Tarballs, then images. */
    public List<ReleaseArtifact> all() {
        return Stream.concat(tarballs.stream(), images.stream()).toList();
    }

    private static ReleaseArtifact tarball(Path file, String stem) {
        Optional<String> classifier = stem.equals(MAIN)
                ? Optional.empty()
                : Optional.of(stem.startsWith(MAIN + "-") ? stem.substring(MAIN.length() + 1) : stem);
        return new ReleaseArtifact(file, classifier, "tar.gz");
    }

    /** Some archives carry the architecture in their name already ({@code conformance-amd64.tar}). */
    private static ReleaseArtifact image(Path file, String stem, String architecture) {
        String suffix = "-" + architecture;
        String component = stem.endsWith(suffix) ? stem.substring(0, stem.length() - suffix.length()) : stem;
        return new ReleaseArtifact(file, Optional.of("image-" + component + suffix), "tar");
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
