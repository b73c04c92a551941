package io.kubebuild.step;

import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.PackagingSettings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Variables that the tree's scripts see inside the workspace: those of {@code kube::build::run_build_command_ex}
 * (build/common.sh), the version file and the pinned Go settings.
 */
final class ContainerEnvironment {

    private ContainerEnvironment() {}

    /**
     * The variables of one build.
     *
     * @param platforms value of KUBE_BUILD_PLATFORMS; empty leaves the choice to the tree
     * @param epochSeconds build date
     */
    static Map<String, String> of(BuildRequest request, List<String> platforms, long epochSeconds, String builderOs) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("KUBE_FASTBUILD", Boolean.toString(request.selection().quick()));
        variables.put("KUBE_BUILDER_OS", builderOs);
        variables.put("KUBE_BUILD_PLATFORMS", String.join(" ", platforms));
        variables.put("GOFLAGS", request.go().goFlags().orElse(""));
        variables.put("GOGCFLAGS", request.go().goGcFlags().orElse(""));
        variables.put("SOURCE_DATE_EPOCH", Long.toString(epochSeconds));
        // From v1.15 to v1.23 set but empty means "keep the symbols", so an absent flag stays absent.
        request.go().goLdFlags().ifPresent(flags -> variables.put("GOLDFLAGS", flags));
        // Scripts from v1.27 on would otherwise fetch another Go in mid-build.
        variables.put("GOTOOLCHAIN", "local");
        variables.put("FORCE_HOST_GO", "y");
        return variables;
    }

    /**
     * What containers get besides, and no fingerprint: proxies and how much scripts tell change nothing of what is built.
     * KUBE_VERBOSE stays unset where nobody gave it, so that the tree's own default holds (hack/lib/logging.sh).
     *
     * @param proxies as {@link ContainerProxies} has them
     */
    static Map<String, String> ofContainerAlone(BuildRequest request, Map<String, String> proxies) {
        Map<String, String> variables = new TreeMap<>();
        request.verbose().ifPresent(level -> variables.put("KUBE_VERBOSE", level));
        variables.putAll(ofCommands(request, proxies));
        return variables;
    }

    /** Those of them that may hold passwords: a container gets them with each command, so that inspecting it does not show them. */
    static Map<String, String> ofCommands(BuildRequest request, Map<String, String> proxies) {
        Map<String, String> variables = new TreeMap<>();
        request.network().goProxy().ifPresent(proxy -> variables.put("GOPROXY", proxy));
        variables.putAll(proxies);
        return variables;
    }

    /** What {@code kube::build::run_build_command_ex} adds from v1.35 on; before, the build image has it in its git configuration. */
    static Map<String, String> withoutBuildImage() {
        return Map.of("GIT_AUTHOR_EMAIL", "nobody@k8s.io", "GIT_AUTHOR_NAME", "kube-build-image");
    }

    /** Variables of packaging; those that the user did not give stay unset, so that the tree's defaults hold. */
    static Map<String, String> ofPackaging(BuildRequest request) {
        Map<String, String> variables = new TreeMap<>();
        request.selection().conformance().ifPresent(wanted -> variables.put("KUBE_BUILD_CONFORMANCE", yesOrNo(wanted)));
        request.selection().hyperkube().ifPresent(wanted -> variables.put("KUBE_BUILD_HYPERKUBE", yesOrNo(wanted)));
        request.images().registry().ifPresent(registry -> variables.put("KUBE_DOCKER_REGISTRY", registry));
        request.images().imageTag().ifPresent(tag -> variables.put("KUBE_DOCKER_IMAGE_TAG", tag));
        request.images().baseImageRegistry().ifPresent(base -> variables.put("KUBE_BASE_IMAGE_REGISTRY", base));
        PackagingSettings packaging = request.scripts().packaging();
        variables.putAll(packaging.baseImages());
        packaging
                .mondoTestTarball()
                .ifPresent(wanted -> variables.put("KUBE_BUILD_MONDO_TEST_TARBALL", yesOrNo(wanted)));
        variables.put("KUBE_BUILD_PULL_LATEST_IMAGES", "n");
        return variables;
    }

    private static String yesOrNo(boolean wanted) {
        return wanted ? "y" : "n";
    }
}
