package io.kubebuild.step;

import io.kubebuild.problem.Problem;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.PackagingSettings;
import io.kubebuild.request.ToolSettings;
import io.kubebuild.tree.BuildScripts;
import io.kubebuild.tree.CrossImage;
import io.kubebuild.tree.Description;
import io.kubebuild.tree.PlatformCheck;
import io.kubebuild.tree.TreeRoot;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Upstream's variables that a tree's description depends on, and whether the tree knows those that the user set. */
final class TreeVariables {

    static final String PPC64LE = "KUBE_BUILD_PPC64LE";

    private TreeVariables() {}

    static Map<String, String> of(BuildContext context) {
        BuildRequest request = context.request();
        Map<String, String> variables = new TreeMap<>(ContainerEnvironment.ofPackaging(request));
        List<String> platforms = PlatformCheck.syntax(request.selection().platforms()).platforms().stream()
                .map(Object::toString)
                .toList();
        variables.put("KUBE_BUILD_PLATFORMS", String.join(" ", platforms));
        variables.put("KUBE_FASTBUILD", Boolean.toString(request.selection().quick()));
        variables.put("KUBE_BUILDER_OS", context.builderOs());
        if (asksForPpc64le(request)) {
            variables.put(PPC64LE, "y");
        }
        ToolSettings tools = request.scripts().tools();
        tools.crossImage().ifPresent(image -> variables.put("KUBE_CROSS_IMAGE", image));
        tools.crossVersion().ifPresent(tag -> variables.put("KUBE_CROSS_VERSION", tag));
        return variables;
    }

    /** v1.4 and v1.5 build for it only where a switch is thrown; asking for the platform throws it. */
    static boolean asksForPpc64le(BuildRequest request) {
        return request.selection().platforms().contains("linux/ppc64le");
    }

    /** The cross image that is asked for; a tree that does not let it be chosen (up to v1.21) gets it all the same. */
    static CrossImage crossImage(BuildContext context) {
        ToolSettings tools = context.request().scripts().tools();
        return CrossImage.of(context.tree(), of(context)).with(tools.crossImage(), tools.crossVersion());
    }

    /** Parameters that the tree's scripts never read: they would be accepted and ignored. */
    static List<Problem> unknown(BuildRequest request, Description description) {
        return unknown(set(request), description::knows);
    }

    /** The same, from the texts of the scripts alone. */
    static List<Problem> unread(BuildRequest request, TreeRoot tree) {
        Map<String, String> set = set(request);
        return set.isEmpty() ? List.of() : unknown(set, BuildScripts.of(tree)::read);
    }

    private static List<Problem> unknown(Map<String, String> set, Predicate<String> isKnown) {
        return set.entrySet().stream()
                .filter(entry -> !isKnown.test(entry.getKey()))
                .map(entry -> new Problem(
                        entry.getValue() + " is set, but this tree has no use for it",
                        "none of its scripts reads " + entry.getKey(),
                        "leave " + entry.getValue() + " (and " + entry.getKey()
                                + ") out for this version of Kubernetes"))
                .toList();
    }

    /** The variable behind each parameter that is set to something else than a tree without it does anyway. */
    private static Map<String, String> set(BuildRequest request) {
        Map<String, String> set = new TreeMap<>();
        BuildRequest.Selection selection = request.selection();
        selection
                .conformance()
                .filter(wanted -> wanted)
                .ifPresent(wanted -> set.put("KUBE_BUILD_CONFORMANCE", "kube.conformance"));
        selection
                .hyperkube()
                .filter(wanted -> wanted)
                .ifPresent(wanted -> set.put("KUBE_BUILD_HYPERKUBE", "kube.hyperkube"));
        if (selection.quick()) {
            set.put("KUBE_FASTBUILD", "kube.quick");
        }
        BuildRequest.ImageSettings images = request.images();
        images.registry().ifPresent(value -> set.put("KUBE_DOCKER_REGISTRY", "kube.registry"));
        images.imageTag().ifPresent(value -> set.put("KUBE_DOCKER_IMAGE_TAG", "kube.imageTag"));
        images.baseImageRegistry().ifPresent(value -> set.put("KUBE_BASE_IMAGE_REGISTRY", "kube.baseImageRegistry"));
        PackagingSettings packaging = request.scripts().packaging();
        packaging.baseImages().keySet().forEach(variable -> set.put(variable, "kube.baseImages"));
        packaging
                .mondoTestTarball()
                .filter(wanted -> wanted)
                .ifPresent(wanted -> set.put("KUBE_BUILD_MONDO_TEST_TARBALL", "kube.mondoTestTarball"));
        BuildRequest.GoSettings go = request.go();
        go.goFlags().filter(flags -> !flags.isEmpty()).ifPresent(flags -> set.put("GOFLAGS", "kube.goFlags"));
        go.goLdFlags().filter(flags -> !flags.isEmpty()).ifPresent(flags -> set.put("GOLDFLAGS", "kube.goLdFlags"));
        go.goGcFlags().filter(flags -> !flags.isEmpty()).ifPresent(flags -> set.put("GOGCFLAGS", "kube.goGcFlags"));
        return set;
    }
}
