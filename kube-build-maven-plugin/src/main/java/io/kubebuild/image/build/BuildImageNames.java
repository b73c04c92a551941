package io.kubebuild.image.build;

import java.util.List;

/**
 * Names of a tree's build image and containers, as upstream has them.
 *
 * @param repository {@code kube-build}
 * @param tag {@code build-<hash>-5-v1.15.5-1}
 * @param tagBase what tags of older versions of the same tree begin with ({@code build-<hash>})
 * @param containers its containers
 */
public record BuildImageNames(String repository, String tag, String tagBase, List<ContainerName> containers) {

    public BuildImageNames {
        containers = List.copyOf(containers);
        if (tagBase.isBlank() || !tag.startsWith(tagBase)) {
            // Everything that begins so is deleted: never let that be everything.
            throw new IllegalArgumentException("the tag " + tag + " does not begin with '" + tagBase + "'");
        }
    }

    /** {@code kube-build:build-<hash>-5-v1.15.5-1}. */
    public String image() {
        return repository + ":" + tag;
    }

    /**
     * A container of the tree.
     *
     * @param base what names of older versions begin with ({@code kube-build-data-<hash>})
     * @param current its name now ({@code kube-build-data-<hash>-5-v1.15.5-1})
     */
    public record ContainerName(String base, String current) {
        public ContainerName {
            if (base.isBlank() || !current.startsWith(base)) {
                throw new IllegalArgumentException("the name " + current + " does not begin with '" + base + "'");
            }
        }
    }
}
