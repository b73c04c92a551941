package io.kubebuild.image.server;

import io.kubebuild.io.ConfinedDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where COPY takes its files from, without a directory that holds them all: nothing has to be linked or copied for it.
 *
 * @param entries name in the context to file or directory; the name {@code ""} stands for a whole directory as the context
 */
public record BuildContext(Map<String, Entry> entries) {

    public BuildContext {
        entries = Map.copyOf(entries);
    }

    /**
     * A file or directory of the context.
     *
     * @param path where it is
     * @param mode permissions to give a file, instead of its own
     */
    public record Entry(Path path, Optional<Integer> mode) {
        /** With its own permissions. */
        public static Entry of(Path path) {
            return new Entry(path, Optional.empty());
        }
    }

    /** A directory as the context. */
    public static BuildContext of(Path directory) {
        return new BuildContext(Map.of("", Entry.of(directory)));
    }

    /** What a source of COPY means. */
    Optional<Entry> find(String source) throws IOException {
        String path = source.endsWith("/") ? source.substring(0, source.length() - 1) : source;
        Entry exact = entries.get(path);
        if (exact != null) {
            return Optional.of(exact);
        }
        for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
            Entry parent = entries.get(path.substring(0, slash));
            if (parent != null) {
                return below(parent, path.substring(slash + 1));
            }
        }
        Entry root = entries.get("");
        return root == null ? Optional.empty() : below(root, path);
    }

    /** Links lead nowhere outside of the context, as with the engine. */
    private static Optional<Entry> below(Entry parent, String rest) throws IOException {
        return new ConfinedDirectory(parent.path()).find(rest).map(Entry::of);
    }
}
