package io.kubebuild.image;

import io.kubebuild.problem.KubeException;
import io.kubebuild.problem.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where else images can be had: {@code kube.mirrors}.
 *
 * @param places prefix of {@code registry/repository} (whole path components) to the places that stand in for it, in order
 */
public record Mirrors(Map<String, List<String>> places) {

    public static final Mirrors NONE = new Mirrors(Map.of());

    public Mirrors {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        places.forEach((prefix, mirrors) -> copy.put(prefix, List.copyOf(mirrors)));
        places = java.util.Collections.unmodifiableMap(copy);
    }

    /** Checks what the user wrote; reports everything that is wrong at once. */
    public static Mirrors of(Map<String, List<String>> written) {
        List<Problem> problems = new ArrayList<>();
        Map<String, List<String>> places = new LinkedHashMap<>();
        written.forEach((prefix, mirrors) -> {
            check(prefix, prefix, problems);
            List<String> checked = new ArrayList<>();
            mirrors.forEach(mirror -> check(prefix, mirror, problems).ifPresent(checked::add));
            places.put(trimmed(prefix), checked);
        });
        if (!problems.isEmpty()) {
            throw KubeException.user(problems);
        }
        return new Mirrors(places);
    }

    private static Optional<String> check(String prefix, String place, List<Problem> problems) {
        if (base(trimmed(place)).isEmpty()) {
            problems.add(new Problem(
                    "kube.mirrors: '" + place + "' (in the entry of '" + prefix + "') is no registry or repository",
                    place.contains("://")
                            ? "image references have no scheme"
                            : "it begins with no host name (with a dot, a port, or localhost)",
                    "write -Dkube.mirrors=registry.example=mirror.example:5000/path, without scheme, tag or spaces"));
            return Optional.empty();
        }
        return Optional.of(trimmed(place));
    }

    private static String trimmed(String place) {
        return place.endsWith("/") ? place.substring(0, place.length() - 1) : place;
    }

    /** Reads a registry with or without a path; a probe component makes a whole reference of it. */
    private static Optional<ImageReference> base(String place) {
        String host = place.contains("/") ? place.substring(0, place.indexOf('/')) : place;
        String path = place.substring(host.length());
        // The engine would look for a bare word ("nexus") on Docker's own registry.
        if (!ImageReference.isHost(host)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new ImageReference(host, (path + "/probe").substring(1), Optional.of("latest"), Optional.empty()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Where to ask for an image, in order: mirrors of the longest prefix first, the image's own place last. */
    public List<ImageReference> candidates(ImageReference reference) {
        Set<ImageReference> candidates = new LinkedHashSet<>();
        places.entrySet().stream()
                .filter(entry -> (reference.name() + "/").startsWith(entry.getKey() + "/"))
                .sorted(Comparator.comparingInt(entry -> -entry.getKey().length()))
                .forEach(entry ->
                        entry.getValue().forEach(mirror -> candidates.add(moved(reference, entry.getKey(), mirror))));
        candidates.remove(reference);
        candidates.add(reference);
        return List.copyOf(candidates);
    }

    private static ImageReference moved(ImageReference reference, String prefix, String mirror) {
        String place = mirror + reference.name().substring(prefix.length());
        int slash = place.indexOf('/');
        if (slash < 0) {
            // A whole image name mirrored by a bare registry: its last component is the only name left.
            String last =
                    reference.repository().substring(reference.repository().lastIndexOf('/') + 1);
            return reference.at(place, last);
        }
        return reference.at(place.substring(0, slash), place.substring(slash + 1));
    }
}
