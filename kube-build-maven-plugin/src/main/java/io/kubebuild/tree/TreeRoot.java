package io.kubebuild.tree;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The root directory of a Kubernetes tree, found to be one.
 *
 * @param path physical, absolute path, as {@code pwd -P} gives it to upstream's scripts; part of every name that they hash
 * @param era how the tree's scripts work
 */
public record TreeRoot(Path path, Era era) {

    private static final Pattern MODULE = Pattern.compile("(?m)^module\\s+\"?k8s\\.io/kubernetes\"?\\s*(//.*)?$");
    private static final Pattern GODEPS = Pattern.compile("\"ImportPath\"\\s*:\\s*\"k8s\\.io/kubernetes\"");

    /**
     * The tree at a directory.
     *
     * @throws KubeException naming the path, all that it lacks, and a parent directory that is a tree
     */
    public static TreeRoot locate(Path directory) {
        Path named = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(named)) {
            throw KubeException.user(
                    "no Kubernetes tree at " + named,
                    Files.exists(named) ? "it is not a directory" : "there is no such directory",
                    fix(named));
        }
        Path root = physical(named);
        List<String> missing = missing(root);
        if (!missing.isEmpty()) {
            throw KubeException.user(
                    "no Kubernetes tree at " + root, "missing: " + String.join("; ", missing), fix(root));
        }
        return new TreeRoot(root, eraOf(root));
    }

    /** {@code build}, or {@code build-tools} as the releases v1.5.0 and v1.5.1 have it. */
    public String buildDirectory() {
        return era == Era.RSYNC_BUILD_TOOLS ? "build-tools" : "build";
    }

    /** A path of the tree. */
    public Path resolve(String relative) {
        return path.resolve(relative);
    }

    /** Text of a file of the tree; empty where there is none. */
    public Optional<String> text(String relative) {
        Path file = path.resolve(relative);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            // Not strict UTF-8: a stray byte in a comment must not stop a build.
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Text of {@code build/common.sh}. */
    public String commonScript() {
        return text(buildDirectory() + "/common.sh").orElse("");
    }

    private static List<String> missing(Path root) {
        List<String> missing = new ArrayList<>();
        if (!isKubernetesModule(root)) {
            missing.add("go.mod with module k8s.io/kubernetes (or Godeps/Godeps.json in old trees)");
        }
        if (!Files.isRegularFile(root.resolve("hack/lib/golang.sh"))) {
            missing.add("hack/lib/golang.sh");
        }
        if (!Files.isRegularFile(root.resolve("hack/lib/version.sh"))) {
            missing.add("hack/lib/version.sh");
        }
        if (!Files.isRegularFile(root.resolve("build/common.sh"))
                && !Files.isRegularFile(root.resolve("build-tools/common.sh"))) {
            missing.add("build/common.sh");
        }
        // v1.2 has hack/build-go.sh and hack/build-cross.sh where later trees have hack/make-rules.
        if (!Files.isDirectory(root.resolve("hack/make-rules"))
                && !Files.isRegularFile(root.resolve("hack/build-cross.sh"))) {
            missing.add("hack/make-rules");
        }
        return missing;
    }

    private static boolean isKubernetesModule(Path root) {
        return contains(root.resolve("go.mod"), MODULE) || contains(root.resolve("Godeps/Godeps.json"), GODEPS);
    }

    private static boolean contains(Path file, Pattern pattern) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            return pattern.matcher(new String(Files.readAllBytes(file), StandardCharsets.UTF_8))
                    .find();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static Era eraOf(Path root) {
        if (Files.isRegularFile(root.resolve("build/build-image/rsyncd.sh"))) {
            return Era.RSYNC;
        }
        if (!Files.isRegularFile(root.resolve("build/common.sh"))) {
            return Era.RSYNC_BUILD_TOOLS;
        }
        if (Files.isRegularFile(root.resolve("build/build-image/Dockerfile"))) {
            return Era.BAKED;
        }
        return Era.DIRECT;
    }

    private static String fix(Path directory) {
        for (Path parent = directory.getParent(); parent != null; parent = parent.getParent()) {
            if (Files.isDirectory(parent) && missing(parent).isEmpty()) {
                return "-Dkube.root=" + parent + " (a Kubernetes tree that holds this directory)";
            }
        }
        return "-Dkube.root=<directory of a Kubernetes checkout>, or run Maven in one";
    }

    private static Path physical(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot resolve " + directory, e);
        }
    }
}
