package io.kubebuild.reach;

import io.kubebuild.sync.SourceEntry;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.sync.SourceTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What differs between two snapshots of one tree. */
public final class SourceChange {

    /** They say which directory an import path is, for every package at once. */
    private static final Set<String> ABOUT_MODULES =
            Set.of("go.mod", "go.sum", "go.work", "go.work.sum", "modules.txt", ".go-version");

    private final SourceSnapshot before;
    private final SourceSnapshot now;
    private final SourceTexts texts;
    private final SourceDirectories directories;
    private final List<String> files = new ArrayList<>();
    private final Optional<String> unbounded;

    /**
     * @param texts of the later snapshot
     */
    public SourceChange(SourceSnapshot before, SourceSnapshot now, SourceTexts texts) {
        this.before = before;
        this.now = now;
        this.texts = texts;
        this.directories = new SourceDirectories(now);
        Optional<String> first = Optional.empty();
        for (String path : now.changedSince(before)) {
            if (is(SourceEntry.Type.DIRECTORY, path)) {
                continue; // what is in it is listed by itself
            }
            files.add(path);
            String name = path.substring(path.lastIndexOf('/') + 1);
            boolean bounded = is(SourceEntry.Type.FILE, path)
                    && !ABOUT_MODULES.contains(name)
                    && !path.startsWith(".git/")
                    && !path.equals(".git");
            if (!bounded && first.isEmpty()) {
                first = Optional.of(path + " changed");
            }
        }
        this.unbounded = first.or(this::otherPackages);
    }

    /** Files and links that were added, changed or removed, in order. */
    List<String> files() {
        return List.copyOf(files);
    }

    /**
     * Why nothing can be said about how far the change reaches; empty where every import of a package whose files are the same still
     * means the same directory: no link, no module file and no set of directories that hold Go files is different.
     */
    Optional<String> unbounded() {
        return unbounded;
    }

    /** The directories after the change. */
    SourceDirectories directories() {
        return directories;
    }

    /** The text of a file after the change; empty where it is gone, or may have been written to since. */
    Optional<String> text(String path) {
        return texts.read(path);
    }

    /** Whether the file is still there. */
    boolean remains(String path) {
        return now.entries().containsKey(path);
    }

    /** Go files of a directory after the change. */
    List<String> goFiles(String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        return now.entries().keySet().stream()
                .filter(path -> path.startsWith(prefix)
                        && path.indexOf('/', prefix.length()) < 0
                        && SourceDirectories.isGo(path))
                .toList();
    }

    private boolean is(SourceEntry.Type type, String path) {
        SourceEntry old = before.entries().get(path);
        SourceEntry current = now.entries().get(path);
        return (old == null || old.type() == type) && (current == null || current.type() == type);
    }

    private Optional<String> otherPackages() {
        Set<String> different = new TreeSet<>(directories.holdingGo());
        Set<String> earlier = new SourceDirectories(before).holdingGo();
        different.removeAll(earlier);
        Optional<String> added = different.stream().findFirst().map(name -> name + " has Go files now");
        different = new TreeSet<>(earlier);
        different.removeAll(directories.holdingGo());
        Optional<String> removed = different.stream().findFirst().map(name -> name + " has no Go files any more");
        return added.or(() -> removed);
    }
}
