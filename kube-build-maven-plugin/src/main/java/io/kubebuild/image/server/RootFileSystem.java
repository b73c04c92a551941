package io.kubebuild.image.server;

import io.kubebuild.image.base.BaseImage;
import io.kubebuild.io.ArchiveLimits;
import io.kubebuild.io.ForeignTar;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * What lies where in a stack of layers, as far as COPY has to know: whether a path is a directory, a link, or something else.
 * Paths are absolute; {@code /} is always there.
 */
final class RootFileSystem {

    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int MOST_LINKS = 40;

    /** The link's target for links, {@link #DIRECTORY} or {@link #OTHER} else. */
    private final TreeMap<String, String> entries = new TreeMap<>();

    private static final String DIRECTORY = "\0directory";
    private static final String OTHER = "\0other";

    /** Reads the headers of all layers; contents are skipped. */
    static RootFileSystem of(List<BaseImage.Layer> layers) throws IOException {
        RootFileSystem files = new RootFileSystem();
        for (BaseImage.Layer layer : layers) {
            List<Entry> entries = entries(layer);
            // What a layer takes away are things of the layers below it.
            entries.forEach(files::takeAway);
            entries.forEach(files::add);
        }
        return files;
    }

    /** As little as has to be known of one: a layer of others may have two million. */
    private record Entry(String path, String what) {

        static Entry of(TarArchiveEntry entry) {
            String what = entry.isDirectory() ? DIRECTORY : OTHER;
            return new Entry(absolute(entry.getName()), entry.isSymbolicLink() ? entry.getLinkName() : what);
        }

        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    private static List<Entry> entries(BaseImage.Layer layer) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (ForeignTar tar = new ForeignTar(Files.newInputStream(layer.tar()), ArchiveLimits.IMAGE_LAYER)) {
            for (Optional<TarArchiveEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
                entries.add(Entry.of(next.get()));
            }
        }
        return entries;
    }

    private void takeAway(Entry entry) {
        String path = entry.path();
        String name = entry.name();
        String parent = path.substring(0, path.lastIndexOf('/'));
        if (name.equals(OPAQUE)) {
            removeBelow(parent);
        } else if (name.startsWith(WHITEOUT)) {
            String gone = parent + "/" + name.substring(WHITEOUT.length());
            entries.remove(gone);
            removeBelow(gone);
        }
    }

    private void removeBelow(String directory) {
        entries.subMap(directory + "/", directory + "0").clear();
    }

    private void add(Entry entry) {
        if (!entry.path().equals("/") && !entry.name().startsWith(WHITEOUT)) {
            put(entry.path(), entry.what());
        }
    }

    private void put(String path, String what) {
        String before = entries.put(path, what);
        if (DIRECTORY.equals(before) && !what.equals(DIRECTORY)) {
            removeBelow(path);
        }
    }

    private static String absolute(String name) {
        // Not by the JDK's paths: they refuse names that the locale of the JVM does not have.
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }

    boolean isDirectory(String path) {
        return path.equals("/") || DIRECTORY.equals(entries.get(path));
    }

    boolean exists(String path) {
        return path.equals("/") || entries.containsKey(path);
    }

    void addDirectory(String path) {
        put(path, DIRECTORY);
    }

    void addFile(String path) {
        put(path, OTHER);
    }

    /** Follows all links on the way to a path, the path itself included; what does not exist is taken as it is written. */
    String resolved(String path) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(path.split("/", -1)));
        String at = "";
        int links = 0;
        while (!left.isEmpty()) {
            String name = left.removeFirst();
            if (name.isEmpty() || name.equals(".")) {
                continue;
            }
            if (name.equals("..")) {
                at = at.isEmpty() ? "" : at.substring(0, at.lastIndexOf('/'));
                continue;
            }
            String next = at + "/" + name;
            Optional<String> target = link(next);
            if (target.isEmpty()) {
                at = next;
                continue;
            }
            if (++links > MOST_LINKS) {
                throw new IOException("links go round in a circle at " + next);
            }
            if (target.get().startsWith("/")) {
                at = "";
            }
            String[] parts = target.get().split("/", -1);
            for (int i = parts.length - 1; i >= 0; i--) {
                left.addFirst(parts[i]);
            }
        }
        return at.isEmpty() ? "/" : at;
    }

    private Optional<String> link(String path) {
        return Optional.ofNullable(entries.get(path)).filter(what -> !what.startsWith("\0"));
    }
}
