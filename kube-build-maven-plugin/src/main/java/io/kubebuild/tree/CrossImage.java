package io.kubebuild.tree;

import io.kubebuild.problem.KubeException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The cross image (kube-cross) that a tree asks for: the Go toolchain and C compilers that its build image is based on.
 *
 * @param reference as the tree names it, with its tag
 */
public record CrossImage(String reference) {

    private static final Pattern FROM = Pattern.compile("(?mi)^[ \\t]*FROM[ \\t]+(?:--platform=\\S+[ \\t]+)?(\\S+)");
    private static final String PLACEHOLDER = "KUBE_BUILD_IMAGE_CROSS_TAG";

    /**
     * The cross image of a tree: from the FROM line of {@code build-image/Dockerfile} as kube::build::build_image
     * (build/common.sh) completes it, or, where there is no build image, from KUBE_CROSS_IMAGE and KUBE_CROSS_VERSION.
     *
     * @param variables KUBE_BASE_IMAGE_REGISTRY, KUBE_CROSS_IMAGE and KUBE_CROSS_VERSION, if given; as upstream does, one that
     *     the tree's scripts do not know has no effect
     * @throws KubeException where the tree's scripts name no image in a way that is understood
     */
    public static CrossImage of(TreeRoot tree, Map<String, String> variables) {
        ShellVariables script = new ShellVariables(tree, tree.commonScript(), variables);
        String dockerfile = tree.buildDirectory() + "/build-image/Dockerfile";
        Optional<String> reference = tree.era().hasBuildImage()
                ? tree.text(dockerfile).flatMap(text -> fromDockerfile(text, script))
                : script.expand("${KUBE_CROSS_IMAGE}:${KUBE_CROSS_VERSION}");
        return reference
                .filter(text -> !text.contains("$") && text.lastIndexOf(':') > text.lastIndexOf('/'))
                .map(CrossImage::new)
                .orElseThrow(() -> KubeException.user(
                        "the cross image of the tree " + tree.path() + " cannot be determined",
                        (tree.era().hasBuildImage() ? dockerfile : tree.buildDirectory() + "/common.sh")
                                + " does not name it in a way that is understood",
                        "restore that file and " + tree.buildDirectory()
                                + "/build-image/cross/VERSION from the Kubernetes release"));
    }

    /**
     * The same with another name or tag.
     *
     * @param name without a tag
     */
    public CrossImage with(Optional<String> name, Optional<String> tag) {
        int colon = reference.lastIndexOf(':');
        return new CrossImage(
                name.orElse(reference.substring(0, colon)) + ":" + tag.orElse(reference.substring(colon + 1)));
    }

    private static Optional<String> fromDockerfile(String text, ShellVariables script) {
        Matcher from = FROM.matcher(text);
        if (!from.find()) {
            return Optional.empty();
        }
        Optional<String> image = script.expand(from.group(1));
        if (image.isPresent() && image.get().contains(PLACEHOLDER)) {
            // Up to v1.20 the tag comes in by sed: the word stands for it.
            String completed = image.get();
            return script.value(PLACEHOLDER).map(tag -> completed.replace(PLACEHOLDER, tag));
        }
        return image;
    }
}
