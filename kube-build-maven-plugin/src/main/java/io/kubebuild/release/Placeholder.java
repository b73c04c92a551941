package io.kubebuild.release;

import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a file of a recorded stage stands for: something large that exists, or is made, outside the workspace. */
public sealed interface Placeholder {

    /** How every placeholder file begins; {@code stage.sh} writes it. */
    String MARK = "kube-placeholder ";

    /** No placeholder file is longer: readers look no further. */
    int MAX_BYTES = 8192;

    /**
     * A compiled program.
     *
     * @param platform its platform
     * @param file its file name there, with {@code .exe} on Windows
     */
    record Binary(Platform platform, String file) implements Placeholder {}

    /** A tarball of the same release, by its file name. */
    record Tarball(String name) implements Placeholder {}

    /**
     * A docker-archive.
     *
     * @param names what {@code docker save} was asked for, without repetitions
     */
    record Image(List<ImageName> names) implements Placeholder {
        public Image {
            names = List.copyOf(names);
        }

        /** The references to save. */
        public List<String> references() {
            return names.stream().map(ImageName::reference).toList();
        }
    }

    /**
     * A name of an image.
     *
     * @param reference {@code k8s.gcr.io/kube-proxy-amd64:v1.20.2}
     * @param build number of the image build that it names; empty where the image was not built here
     */
    record ImageName(String reference, Optional<String> build) {}

    /** Reads the content of a file; empty where it is no placeholder. */
    static Optional<Placeholder> parse(String content) {
        if (!content.startsWith(MARK)) {
            return Optional.empty();
        }
        List<String> words =
                List.of(content.substring(MARK.length()).stripTrailing().split(" ", -1));
        List<String> rest = words.subList(1, words.size());
        return switch (words.get(0)) {
            case "binary" -> rest.size() == 1 ? binary(rest.get(0)) : Optional.empty();
            case "tarball" -> rest.size() == 1 ? Optional.of(new Tarball(rest.get(0))) : Optional.empty();
            case "image" -> image(rest);
            default -> Optional.empty();
        };
    }

    private static Optional<Placeholder> binary(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0
                ? Optional.empty()
                : Platform.parse(path.substring(0, slash))
                        .map(platform -> new Binary(platform, path.substring(slash + 1)));
    }

    private static Optional<Placeholder> image(List<String> words) {
        List<ImageName> names = new ArrayList<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                return Optional.empty();
            }
            String build = word.substring(0, equals);
            names.add(new ImageName(
                    word.substring(equals + 1), build.equals("0") ? Optional.empty() : Optional.of(build)));
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Image(names.stream().distinct().toList()));
    }
}
