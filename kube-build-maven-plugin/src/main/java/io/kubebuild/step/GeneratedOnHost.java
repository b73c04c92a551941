package io.kubebuild.step;

import io.kubebuild.sync.FilterRules;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Generated sources in the tree: files that come back from the workspace and do not go in. The snapshot does not see them, but the
 * source tarball of a tree that is not clean holds them.
 */
final class GeneratedOnHost {

    private GeneratedOnHost() {}

    /** Where they lie. */
    static List<Path> in(BuildContext context) throws IOException {
        Path tree = context.tree().path();
        FilterRules outward = FilterRules.generatedOutward(context.tree().commonScript());
        FilterRules inward = context.inward();
        Set<Path> leftOut = Set.of(tree.resolve(".git"), context.output());
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(tree, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String path = tree.relativize(directory).toString();
                boolean entered = path.isEmpty() || (!leftOut.contains(directory) && outward.sends(path, true));
                return entered ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String path = tree.relativize(file).toString();
                if (attributes.isRegularFile() && outward.sends(path, false) && !inward.sends(path, false)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }
}
