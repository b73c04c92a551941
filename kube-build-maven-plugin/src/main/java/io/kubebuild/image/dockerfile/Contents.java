package io.kubebuild.image.dockerfile;

import java.util.List;
import java.util.Optional;

/** Looks things up in what a stage holds. */
final class Contents {

    private Contents() {}

    /** The copy that put a file at that path, the last one if there are several. */
    static Optional<ImageRecipe.Copy> copyTo(List<ImageRecipe.Content> contents, String path) {
        for (int i = contents.size() - 1; i >= 0; i--) {
            if (contents.get(i) instanceof ImageRecipe.Copy copy && file(copy).equals(path)) {
                return Optional.of(copy);
            }
        }
        return Optional.empty();
    }

    /** Where a copied file lands, if its target is not a directory of the base without saying so. */
    private static String file(ImageRecipe.Copy copy) {
        String name = copy.source().substring(copy.source().lastIndexOf('/') + 1);
        boolean directory = copy.target().endsWith("/");
        return directory ? copy.target() + name : copy.target();
    }
}
