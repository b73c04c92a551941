package io.kubebuild.sync;

import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a workspace's tree holds besides the sources that were sent: what the tree generated there. What sync leaves alone ({@code
 * _output}) and names at the root that begin with a dot, where tools keep their own, are not looked at.
 */
public final class UnsentFiles {

    private static final long NANOS = 1_000_000_000;

    private UnsentFiles() {}

    /**
     * Files of a workspace, by paths relative to the root.
     *
     * @param added files that were never sent
     * @param overwritten sources that were written over, as v1.20 does with {@code bindata.go} of kubectl
     */
    public record Found(List<String> added, List<String> overwritten) {
        public Found {
            added = List.copyOf(added);
            overwritten = List.copyOf(overwritten);
        }
    }

    /** What can be carried elsewhere; empty where there is something else than files and directories. */
    public static Optional<Found> in(Workspace workspace, SourceSnapshot snapshot, FilterRules inward)
            throws IOException, InterruptedException {
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            List<String> added = new ArrayList<>();
            List<String> changed = new ArrayList<>();
            for (Listing.Found file : all(workspace, scratch, inward)) {
                if (looksAsSent(file, snapshot)) {
                    continue;
                }
                if (file.type() != 'f') {
                    return Optional.empty();
                }
                (snapshot.entries().containsKey(file.path()) ? changed : added).add(file.path());
            }
            Map<String, String> hashes = scratch.sha256(named(changed));
            changed.removeIf(path -> isAsSent(path, hashes, snapshot));
            return Optional.of(new Found(added, changed));
        }
    }

    /**
     * A hash over names and contents of everything that was generated there, sources that were written over included. Two workspaces
     * that got the same sources and have the same hash hold the same files.
     */
    public static String contentsIn(Workspace workspace, SourceSnapshot snapshot, FilterRules inward)
            throws IOException, InterruptedException {
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            List<String> files = new ArrayList<>();
            List<String> others = new ArrayList<>();
            for (Listing.Found file : all(workspace, scratch, inward)) {
                if (looksAsSent(file, snapshot)) {
                    continue;
                }
                if (file.type() == 'f') {
                    files.add(file.path());
                } else {
                    others.add(file.type() + file.path());
                }
            }
            Map<String, String> hashes = new TreeMap<>(scratch.sha256(named(files)));
            files.stream().filter(path -> isAsSent(path, hashes, snapshot)).forEach(path -> hashes.remove(named(path)));
            return Fingerprint.builder()
                    .add("files", hashes.entrySet())
                    .add("others", others.stream().sorted().toList())
                    .build()
                    .id();
        }
    }

    private static List<Listing.Found> all(Workspace workspace, WorkspaceScratch scratch, FilterRules inward)
            throws IOException, InterruptedException {
        return Listing.ofTree(workspace, scratch, inward.shelteredDirectories()).found().stream()
                .filter(file -> !file.isDirectory() && !file.path().startsWith("."))
                .toList();
    }

    /** Paths that no program takes for an option. */
    private static List<String> named(List<String> paths) {
        return paths.stream().map(UnsentFiles::named).toList();
    }

    private static String named(String path) {
        return "./" + path;
    }

    /** A source that was touched on the host has another time than the one that was sent, and no other content. */
    private static boolean isAsSent(String path, Map<String, String> hashes, SourceSnapshot snapshot) {
        SourceEntry sent = snapshot.entries().get(path);
        return sent != null && sent.sha256().equals(hashes.get(named(path)));
    }

    /** By size and time, in seconds: archives need not carry more. */
    private static boolean looksAsSent(Listing.Found file, SourceSnapshot snapshot) {
        SourceEntry sent = snapshot.entries().get(file.path());
        return sent != null
                && (file.type() != 'f'
                        || (sent.stat().size() == file.size() && sent.stat().mtime() / NANOS == file.mtime() / NANOS));
    }
}
