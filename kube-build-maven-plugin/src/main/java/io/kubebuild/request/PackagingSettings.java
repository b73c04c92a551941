package io.kubebuild.request;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is chosen of the packages of a release.
 *
 * @param baseImages upstream's variable of a base to the image ({@code KUBE_GORUNNER_IMAGE})
 * @param mondoTestTarball make the one tarball with all tests (KUBE_BUILD_MONDO_TEST_TARBALL)
 */
public record PackagingSettings(SortedMap<String, String> baseImages, Optional<Boolean> mondoTestTarball) {

    /**
     * What a base is called here, and upstream's variable for it ({@code build/common.sh}, {@code
     * kube::build::get_docker_wrapped_binaries}).
     */
    public static final Map<String, String> BASES = Map.of(
            "go-runner", "KUBE_GORUNNER_IMAGE",
            "kube-apiserver", "KUBE_APISERVER_BASE_IMAGE",
            "kube-controller-manager", "KUBE_CONTROLLER_MANAGER_BASE_IMAGE",
            "kube-scheduler", "KUBE_SCHEDULER_BASE_IMAGE",
            "kube-proxy", "KUBE_PROXY_BASE_IMAGE",
            "kubectl", "KUBECTL_BASE_IMAGE",
            "setcap", "KUBE_BUILD_SETCAP_IMAGE");

    /** The tree's own. */
    public static final PackagingSettings NONE = new PackagingSettings(new TreeMap<>(), Optional.empty());

    public PackagingSettings {
        baseImages = Collections.unmodifiableSortedMap(new TreeMap<>(baseImages));
    }
}
