package io.kubebuild.image.server;

import io.kubebuild.image.dockerfile.FileCapability;
import io.kubebuild.image.dockerfile.ImageRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What our layer holds: the files of a recipe, and the directories that they need and the base does not have. Directories of
 * the base are not repeated, so that their modes and owners stay.
 */
final class LayerPlan {

    private static final int NEW_DIRECTORY = 0755;
    private static final int PERMISSIONS = 07777;

    private final RootFileSystem files;
    private final BuildContext context;
    /** By path, so that parents come before what is in them and the order owes nothing to the host's file system. */
    private final TreeMap<String, Item> items = new TreeMap<>();

    private LayerPlan(RootFileSystem files, BuildContext context) {
        this.files = files;
        this.context = context;
    }

    /** Something in the layer. */
    sealed interface Item {
        /** Permissions. */
        int mode();
    }

    record DirectoryItem(int mode) implements Item {}

    record LinkItem(String target) implements Item {
        @Override
        public int mode() {
            return 0777;
        }
    }

    record FileItem(Path file, int mode, Optional<FileCapability> capability) implements Item {}

    /**
     * Makes the plan.
     *
     * @return absolute path to what lies there, sorted
     * @throws IOException if a source is not there, or a directory is in the way of a file or the other way round
     */
    static Map<String, Item> of(List<ImageRecipe.Content> contents, RootFileSystem base, BuildContext context)
            throws IOException {
        LayerPlan plan = new LayerPlan(base, context);
        for (ImageRecipe.Content content : contents) {
            if (content instanceof ImageRecipe.Directory directory) {
                plan.directories(base.resolved(directory.path()));
            } else if (content instanceof ImageRecipe.Copy copy) {
                plan.copy(copy);
            }
        }
        return plan.items;
    }

    private void copy(ImageRecipe.Copy copy) throws IOException {
        BuildContext.Entry source = context.find(copy.source())
                .orElseThrow(() -> new IOException("COPY " + copy.source() + ": the build context has no such file"));
        String target = files.resolved(copy.target());
        if (Files.isDirectory(source.path(), LinkOption.NOFOLLOW_LINKS)) {
            directories(target);
            tree(source.path(), target, copy.mode());
            return;
        }
        if (copy.target().endsWith("/") || files.isDirectory(target)) {
            String name = copy.source().substring(copy.source().lastIndexOf('/') + 1);
            target = (target.equals("/") ? "" : target) + "/" + name;
        }
        file(source.path(), target, copy.mode().or(source::mode), copy.capability());
    }

    private void tree(Path directory, String target, Optional<Integer> mode) throws IOException {
        List<Path> children;
        try (var listing = Files.list(directory)) {
            children = listing.sorted().toList();
        }
        String prefix = target.equals("/") ? "" : target;
        for (Path child : children) {
            String path = prefix + "/" + child.getFileName();
            if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                String resolved = files.resolved(path);
                // A copied directory brings its own mode, also to one that is there.
                add(resolved, new DirectoryItem(mode.orElse(mode(child))));
                files.addDirectory(resolved);
                tree(child, resolved, mode);
            } else {
                file(child, path, mode, Optional.empty());
            }
        }
    }

    private void file(Path source, String target, Optional<Integer> mode, Optional<FileCapability> capability)
            throws IOException {
        directories(parent(target));
        if (files.isDirectory(target)) {
            throw new IOException("COPY to " + target + ": the image has a directory there");
        }
        if (Files.isSymbolicLink(source)) {
            add(target, new LinkItem(Files.readSymbolicLink(source).toString()));
        } else {
            add(target, new FileItem(source, mode.orElse(mode(source)), capability));
        }
        files.addFile(target);
    }

    private void directories(String path) throws IOException {
        if (files.isDirectory(path)) {
            return;
        }
        if (files.exists(path)) {
            throw new IOException(path + " has to be a directory, but the image has a file there");
        }
        directories(parent(path));
        add(path, new DirectoryItem(NEW_DIRECTORY));
        files.addDirectory(path);
    }

    private void add(String path, Item item) {
        items.put(path, item);
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? "/" : path.substring(0, slash);
    }

    private static int mode(Path file) throws IOException {
        return (Integer) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS) & PERMISSIONS;
    }
}
