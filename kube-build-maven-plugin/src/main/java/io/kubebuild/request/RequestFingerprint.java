package io.kubebuild.request;

import io.kubebuild.fingerprint.Fingerprint;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One hash over everything in a request that can change what is built; where it is built, over which network and how it is told
 * does not count.
 */
public final class RequestFingerprint {

    /** Variables that no parameter stands for: version and date follow upstream's own rules for them. */
    private static final List<String> VARIABLES = List.of(
            "KUBE_GIT_VERSION_FILE",
            "KUBE_GIT_COMMIT",
            "KUBE_GIT_TREE_STATE",
            "KUBE_GIT_VERSION",
            "KUBE_GIT_MAJOR",
            "KUBE_GIT_MINOR",
            "SOURCE_DATE_EPOCH",
            "KUBE_CROSS_IMAGE",
            "KUBE_CROSS_VERSION");

    private RequestFingerprint() {}

    public static String of(BuildRequest request) {
        return Fingerprint.builder()
                .add("tree", request.tree().toAbsolutePath().normalize())
                .add("selection", request.selection())
                .add("version", request.version())
                .add("go", request.go())
                .add("scripts", request.scripts())
                .add("compression", request.compressionLevel())
                .add("registry", request.images().registry())
                .add("image tag", request.images().imageTag())
                .add("base image registry", request.images().baseImageRegistry())
                // Sorted: the order of an immutable map changes from one JVM to the next.
                .add("base image archives", new TreeMap<>(request.images().baseImageArchives()))
                .add("environment", variables(request.environment()))
                .add("plugin", request.pluginVersion())
                .build()
                .id();
    }

    private static Map<String, String> variables(Map<String, String> environment) {
        Map<String, String> given = new TreeMap<>(environment);
        given.keySet().retainAll(VARIABLES);
        return given;
    }
}
