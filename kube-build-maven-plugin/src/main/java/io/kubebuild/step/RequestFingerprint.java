package io.kubebuild.step;

import io.kubebuild.fingerprint.Fingerprint;
import java.util.TreeMap;

/** One hash over everything in a request that can change what is built; where it is built and how it is told does not count. */
final class RequestFingerprint {

    private RequestFingerprint() {}

    static String of(BuildRequest request) {
        return Fingerprint.builder()
                .add("tree", request.tree().toAbsolutePath().normalize())
                .add("selection", request.selection())
                .add("version", request.version())
                .add("go", request.go())
                .add("registry", request.images().registry())
                .add("image tag", request.images().imageTag())
                .add("base image registry", request.images().baseImageRegistry())
                // Sorted: the order of an immutable map changes from one JVM to the next.
                .add("base image archives", new TreeMap<>(request.images().baseImageArchives()))
                .add("plugin", request.pluginVersion())
                .build()
                .id();
    }
}
