package io.kubebuild.sync;

import io.kubebuild.sync.Listing.Found;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What has to happen for a workspace to hold a snapshot.
 *
 * @param send entries to send, a directory before what is in it
 * @param remove files and links to delete
 * @param removeDirectories directories to delete, each after those in it
 */
record Difference(List<SourceEntry> send, List<String> remove, List<String> removeDirectories) {

    Difference {
        send = List.copyOf(send);
        remove = List.copyOf(remove);
        removeDirectories = List.copyOf(removeDirectories);
    }

    /** Sends everything and deletes what {@code rsync --delete} would: what is there, not in the snapshot and not protected. */
    static Difference full(SourceSnapshot current, Collection<Found> held, FilterRules rules) {
        Set<String> files = new TreeSet<>();
        Set<String> directories = new TreeSet<>();
        doomed(current, held, rules, files, directories);
        return of(current.entries().values(), files, directories);
    }

    /**
     * Sends and deletes what is different from the snapshot that the workspace holds.
     *
     * @param held what was found in the workspace where we had to look: below directories that are gone, or everywhere
     */
    static Difference delta(
            SourceSnapshot current, SourceSnapshot previous, Collection<Found> held, FilterRules rules) {
        Map<String, SourceEntry> now = current.entries();
        Set<String> send = new TreeSet<>();
        Set<String> files = new TreeSet<>();
        Set<String> directories = new TreeSet<>();
        for (SourceEntry entry : now.values()) {
            SourceEntry before = previous.entries().get(entry.path());
            if (before == null || !before.sameAs(entry)) {
                send.add(entry.path());
            }
        }
        for (SourceEntry before : previous.entries().values()) {
            boolean stays = sameType(now.get(before.path()), before.type().letter());
            boolean directory = before.type() == SourceEntry.Type.DIRECTORY;
            if (!stays && !directory && !rules.shelters(before.path(), false)) {
                files.add(before.path());
            }
        }
        doomed(current, held, rules, files, directories);
        // Their directories too: what happens in a directory changes its time.
        Set<String> touched = new LinkedHashSet<>(send);
        touched.addAll(files);
        touched.addAll(directories);
        touched.forEach(path -> ancestors(path).filter(now::containsKey).forEach(send::add));
        List<SourceEntry> entries = new ArrayList<>();
        send.forEach(path -> entries.add(java.util.Objects.requireNonNull(now.get(path))));
        return of(entries, files, directories);
    }

    /** Directories of the last snapshot that are none any more, without those that lie in another of them. */
    static List<String> goneDirectories(SourceSnapshot current, SourceSnapshot previous) {
        Set<String> gone = new TreeSet<>();
        for (SourceEntry before : previous.entries().values()) {
            if (before.type() == SourceEntry.Type.DIRECTORY
                    && !sameType(current.entries().get(before.path()), 'd')
                    && ancestors(before.path()).noneMatch(gone::contains)) {
                gone.add(before.path());
            }
        }
        return List.copyOf(gone);
    }

    private static Difference of(
            Collection<SourceEntry> send, Collection<String> files, Collection<String> directories) {
        List<String> deepestFirst = new ArrayList<>(new TreeSet<>(directories).descendingSet());
        return new Difference(List.copyOf(send), List.copyOf(files), deepestFirst);
    }

    private static void doomed(
            SourceSnapshot current,
            Collection<Found> held,
            FilterRules rules,
            Set<String> files,
            Set<String> directories) {
        Set<String> kept = new TreeSet<>();
        List<String> candidates = new ArrayList<>();
        for (Found found : held) {
            boolean wanted = sameType(current.entries().get(found.path()), found.type());
            if (found.path().equals(SourceStamp.NAME)) {
                continue; // deleted before, written after
            }
            if (!wanted && rules.shelters(found.path(), found.isDirectory())) {
                ancestors(found.path()).forEach(kept::add);
            } else if (!wanted && found.isDirectory()) {
                candidates.add(found.path());
            } else if (!wanted) {
                files.add(found.path());
            }
        }
        // A directory that must go but holds something protected stays, as with rsync.
        candidates.stream().filter(directory -> !kept.contains(directory)).forEach(directories::add);
    }

    private static boolean sameType(@Nullable SourceEntry entry, char type) {
        return entry != null && entry.type().letter() == type;
    }

    private static java.util.stream.Stream<String> ancestors(String path) {
        return java.util.stream.Stream.iterate(
                        path.lastIndexOf('/'), slash -> slash > 0, slash -> path.lastIndexOf('/', slash - 1))
                .map(slash -> path.substring(0, slash));
    }

    int deletions() {
        return remove.size() + removeDirectories.size();
    }
}
