package io.kubebuild.output;

import io.kubebuild.io.DirectoryRemoval;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.TreeRoot;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where a build writes on the host, and deleting it again.
 *
 * @param path absolute; its parent is physical
 * @param inside whether it lies in the tree
 */
public record OutputDirectory(Path path, boolean inside) {

    /** Upstream's, on the host and in the workspace. */
    public static final String USUAL = "_output";

    /** What the plugin keeps there for itself. */
    public static final String STATE = "kube-build-plugin";

    /** A recording of the release on its way to becoming one. */
    public static final String RECORDED = "release-recorded";

    /** What others may take this tree's Go build cache from. */
    public static final String CACHE = "kube-build-cache.tar.zst";

    /** What a release would do. */
    public static final String PLAN = "kube-release-plan.json";

    /** Contexts of build images, by the image's name, as upstream stages them. */
    private static final String IMAGES = "images";

    private static final Set<String> MADE_BY_BUILDS =
            Set.of(STATE, RECORDED, CACHE, PLAN, "dockerized", "release-stage", "release-images", "release-tars");

    /** What upstream's scripts leave there besides. */
    private static final Set<String> MADE_BY_UPSTREAM = Set.of(IMAGES, "local", "bin", "gcs-stage");

    /**
     * The directory that the user named, or upstream's.
     *
     * @throws KubeException where a build there would be part of the sources, or cleaning would delete what is not ours
     */
    public static OutputDirectory locate(TreeRoot tree, Optional<Path> named) {
        Path path = tree.path().resolve(named.orElse(Path.of(USUAL))).normalize();
        OutputDirectory output = new OutputDirectory(physical(path), false);
        if (tree.path().startsWith(output.path())) {
            throw refused(path, "it holds the tree itself");
        }
        boolean inside = output.path().startsWith(tree.path());
        if (inside && output.path().getNameCount() != tree.path().getNameCount() + 1) {
            throw refused(
                    path,
                    "it is inside the tree but not directly below its root: what lies there would count as sources");
        }
        output = new OutputDirectory(output.path(), inside);
        if (inside && !output.name().startsWith(USUAL)) {
            output.foreigner().ifPresent(found -> {
                throw refused(path, "it is a part of the tree: no build has made " + found);
            });
        } else if (inside && Files.isSymbolicLink(output.path())) {
            // The user's link to a larger disk, as a rule; a tree may bring one along that leads to the user's own
            // files.
            output.foreigner().ifPresent(found -> {
                throw refused(path, "it is a link, and no build has made " + found);
            });
        }
        return output;
    }

    private static KubeException refused(Path path, String why) {
        return KubeException.user(
                "kube.outputDirectory is " + path,
                why,
                "name a directory of the tree's root that only builds use (-Dkube.outputDirectory=_output) or one outside"
                        + " of the tree");
    }

    public String name() {
        return String.valueOf(path.getFileName());
    }

    /** The directory on the way there that exists. */
    public Path existing() {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private Optional<Path> foreigner() {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        if (!Files.isDirectory(path)) {
            return Optional.of(path);
        }
        return children(path).stream()
                .filter(child -> !isOurs(child)
                        && !MADE_BY_UPSTREAM.contains(child.getFileName().toString()))
                .findFirst();
    }

    /**
     * What builds made, with all that is below. In the tree that is the whole directory, as upstream's clean deletes it; elsewhere
     * somebody else may keep files in it, so that only our own count.
     *
     * @param imageRepository repository of the build image, whose contexts lie here
     */
    public List<Path> made(String imageRepository) {
        if (inside) {
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? List.of(path) : List.of();
        }
        List<Path> made = new ArrayList<>();
        if (Files.isDirectory(path)) {
            children(path).stream().filter(OutputDirectory::isOurs).forEach(made::add);
        }
        Path images = path.resolve(IMAGES);
        if (Files.isDirectory(images, LinkOption.NOFOLLOW_LINKS)) {
            children(images).stream()
                    .filter(child -> child.getFileName().toString().startsWith(imageRepository + ":"))
                    .forEach(made::add);
        }
        return List.copyOf(made);
    }

    /** Deletes what builds {@link #made}, and the directory only where nothing is left. */
    public void clean(String imageRepository) {
        made(imageRepository).forEach(OutputDirectory::delete);
        if (inside || !Files.isDirectory(path)) {
            return;
        }
        Path images = path.resolve(IMAGES);
        if (Files.isDirectory(images, LinkOption.NOFOLLOW_LINKS)) {
            deleteIfEmpty(images);
        }
        deleteIfEmpty(path);
    }

    private static boolean isOurs(Path child) {
        String name = child.getFileName().toString();
        // A release directory on its way out is called .release-tars.old for a moment.
        return MADE_BY_BUILDS.contains(name) || name.matches("\\.release-[a-z]+\\.old");
    }

    /** Deletes a directory with everything below; links are removed, never followed. */
    public static void delete(Path directory) {
        try {
            DirectoryRemoval.remove(directory);
        } catch (IOException e) {
            throw undeletable(directory, e);
        }
    }

    private static void deleteIfEmpty(Path directory) {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException somebodyElses) {
            return;
        } catch (IOException e) {
            throw undeletable(directory, e);
        }
    }

    private static List<Path> children(Path directory) {
        List<Path> children = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.forEach(children::add);
        } catch (IOException e) {
            throw KubeException.user(
                    "cannot look into " + directory, e.toString(), "make it readable, or name another directory");
        }
        return children;
    }

    private static KubeException undeletable(Path directory, IOException e) {
        return KubeException.user(
                "cannot delete " + directory,
                e.toString(),
                "files of another user lie there; delete them by hand: sudo rm -rf " + directory);
    }

    /** The last name stays as it is: it may be a link to a larger disk. */
    private static Path physical(Path path) {
        Path there = path.getParent();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            return there == null ? path : there.toRealPath().resolve(there.relativize(path));
        } catch (IOException e) {
            throw KubeException.user(
                    "kube.outputDirectory is " + path, e.toString(), "name a directory that can be reached");
        }
    }
}
