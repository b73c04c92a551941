package io.kubebuild.release;

import io.kubebuild.problem.KubeException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The order in which a release's tarballs can be written: what holds another tarball comes after it. */
final class TarballOrder {

    private TarballOrder() {}

    /** Names of all tarballs, the source tarball included where the release has one. */
    static List<String> of(Staging staging) {
        TreeMap<String, Set<String>> holds = new TreeMap<>();
        staging.placeholders().values().forEach(placed -> {
            if (placed.placeholder() instanceof Placeholder.Tarball tarball) {
                holds.put(tarball.name(), Set.of());
            }
        });
        for (StagedTarball tarball : staging.tarballs()) {
            Set<String> inner = new TreeSet<>();
            for (TarballEntry entry : tarball.entries()) {
                Staging.PlacedPlaceholder placed = staging.placeholders().get(tarball.directory() + "/" + entry.path());
                if (placed != null && placed.placeholder() instanceof Placeholder.Tarball held) {
                    inner.add(held.name());
                }
            }
            holds.put(tarball.name(), inner);
        }
        Set<String> ordered = new LinkedHashSet<>();
        while (ordered.size() < holds.size()) {
            List<String> ready = new ArrayList<>(holds.keySet());
            ready.removeIf(name -> ordered.contains(name) || !ordered.containsAll(holds.getOrDefault(name, Set.of())));
            if (ready.isEmpty()) {
                throw KubeException.build(
                        "Tarballs of the release hold each other: " + holds,
                        "",
                        "Package what was compiled with the tree's own script: build/package-tarballs.sh");
            }
            ordered.addAll(ready);
        }
        return List.copyOf(ordered);
    }
}
