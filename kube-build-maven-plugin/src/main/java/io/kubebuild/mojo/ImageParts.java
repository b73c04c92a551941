package io.kubebuild.mojo;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.Mirrors;
import io.kubebuild.io.Packing;
import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Parameters that name registries and images, and files that hold images. */
final class ImageParts {

    /** A repository has up to 255 letters, and names of images are put behind it. */
    private static final int LONGEST_REGISTRY = 200;

    private final ParameterReader reader;

    ImageParts(ParameterReader reader) {
        this.reader = reader;
    }

    /** A registry, with the path below which images lie. */
    Optional<String> registry(ParameterName name, @Nullable String value) {
        return reader.parsed(
                name,
                value,
                text -> Optional.of(text)
                        .filter(registry -> registry.length() <= LONGEST_REGISTRY
                                && ImageReference.parse(registry + "/image").isPresent()),
                "a registry without scheme and tag, such as registry.example.com:5000/k8s, the path in lower case");
    }

    Map<String, List<String>> mirrors(@Nullable List<String> given) {
        Map<String, List<String>> mirrors = new LinkedHashMap<>();
        reader.pairs(
                        ParameterName.of("kube.mirrors"),
                        given,
                        "PREFIX=MIRROR, such as k8s.gcr.io=nexus.example.com:5000/k8s")
                .forEach(pair -> mirrors.computeIfAbsent(pair.getKey(), prefix -> new ArrayList<>())
                        .add(pair.getValue()));
        mirrors.replaceAll((prefix, all) -> List.copyOf(all));
        try {
            Mirrors.of(mirrors);
        } catch (KubeException e) {
            e.problems().stream()
                    .map(problem -> new Problem(ShownValue.of(problem.what()), problem.why(), problem.fix()))
                    .forEach(reader::problem);
        }
        return mirrors;
    }

    Map<String, Path> archives(@Nullable List<String> given, Path tree, FileParameters files) {
        Map<String, Path> archives = new LinkedHashMap<>();
        Map<ImageReference, Path> ofImages = new HashMap<>();
        reader.pairs(
                        ParameterName.of("kube.baseImageArchives"),
                        given,
                        "IMAGE=FILE, such as k8s.gcr.io/build-image/go-runner:buster-v2.2.2=go-runner.tar")
                .forEach(pair -> archive(pair.getKey(), pair.getValue(), tree, files)
                        .ifPresent(file -> {
                            archives.put(pair.getKey(), file);
                            ImageReference.parse(pair.getKey())
                                    .ifPresent(image -> refuseSecond(pair.getKey(), file, ofImages.put(image, file)));
                        }));
        return archives;
    }

    private Optional<Path> archive(String image, String file, Path tree, FileParameters files) {
        Optional<Path> path = FileParameters.parse(file).map(tree::resolve);
        if (ImageReference.parse(image).isEmpty() || path.isEmpty()) {
            reader.problem(new Problem(
                    "kube.baseImageArchives has " + ShownValue.of(image + "=" + file) + ", which is "
                            + (path.isEmpty() ? "for no file" : "for no image"),
                    "",
                    "allowed: IMAGE=FILE, the image as the tree calls it, the file one of this machine"));
            return Optional.empty();
        }
        String fix = "make it with: docker save " + image + " -o " + path.get();
        if (files.isReadable("kube.baseImageArchives", path.get(), fix)
                && !Packing.of(path.get()).isArchive()) {
            reader.problem(new Problem(
                    "kube.baseImageArchives names " + path.get() + " for " + image
                            + ", which is no archive of an image",
                    "it is no tar file, compressed or not",
                    fix));
        }
        return path;
    }

    private void refuseSecond(String image, Path file, @Nullable Path other) {
        if (other != null && !other.equals(file)) {
            reader.problem(new Problem(
                    "kube.baseImageArchives names " + other + " and " + file + " for " + image,
                    "",
                    "leave one of them out"));
        }
    }
}
