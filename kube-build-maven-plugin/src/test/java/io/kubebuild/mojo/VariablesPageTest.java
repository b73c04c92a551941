package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whatever a pipeline may set for upstream's scripts, the page says what becomes of it. */
class VariablesPageTest {

    /** Surefire runs in the module's directory. */
    private static final Path PAGE = Path.of("..", "src", "site", "markdown", "from-shell-variables-to-parameters.md");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z_0-9*]+(?:, [A-Z_0-9*]+)*) \\| (.*) \\|$");

    /** All variables that users of the build scripts of v1.2 to v1.36 can set: build/, hack/lib, hack/make-rules and the Makefile. */
    private static final String OF_UPSTREAM = """
            KUBE_BUILD_PLATFORMS KUBE_FASTBUILD KUBE_BUILDER_OS KUBE_BUILD_PPC64LE KUBE_RELEASE_RUN_TESTS
            KUBE_BUILD_HYPERKUBE KUBE_BUILD_CONFORMANCE KUBE_BUILD_MONDO_TEST_TARBALL KUBE_BUILD_PULL_LATEST_IMAGES
            KUBE_BUILD_WINDOWS KUBE_EXTRA_WHAT KUBE_DOCKER_REGISTRY KUBE_DOCKER_IMAGE_TAG KUBE_BASE_IMAGE_REGISTRY
            KUBE_GORUNNER_IMAGE KUBE_APISERVER_BASE_IMAGE KUBE_CONTROLLER_MANAGER_BASE_IMAGE
            KUBE_SCHEDULER_BASE_IMAGE KUBE_PROXY_BASE_IMAGE KUBE_BUILD_SETCAP_IMAGE KUBECTL_BASE_IMAGE
            KUBE_CROSS_IMAGE KUBE_CROSS_VERSION KUBE_RUN_COPY_OUTPUT KUBE_RSYNC_PORT KUBE_RSYNC_COMPRESS
            DOCKER_OPTS DOCKER_HOST DOCKER_MACHINE_NAME DOCKER_MACHINE_DRIVER DOCKER_NATIVE DOCKER_CGROUP_PARENT
            KUBERNETES_HTTP_PROXY KUBERNETES_HTTPS_PROXY KUBERNETES_NO_PROXY
            OUT_DIR KUBE_OUTPUT_SUBPATH KUBE_VERBOSE V WHAT KUBE_TEST_ARGS
            GOFLAGS KUBE_GOFLAGS GOLDFLAGS GOGCFLAGS DBG KUBE_RACE KUBE_CGO_OVERRIDES KUBE_STATIC_OVERRIDES
            KUBE_LINUX_AMD64_CC KUBE_LINUX_ARM_CC KUBE_LINUX_ARM64_CC KUBE_LINUX_PPC64LE_CC KUBE_LINUX_S390X_CC
            KUBE_PARALLEL_BUILD_MEMORY KUBE_BUILD_WITH_COVERAGE KUBE_EXTRA_GOPATH KUBE_NO_GODEPS KUBE_GOPATH
            SOURCE_DATE_EPOCH KUBE_GIT_VERSION_FILE KUBE_GIT_COMMIT KUBE_GIT_TREE_STATE KUBE_GIT_VERSION
            KUBE_GIT_MAJOR KUBE_GIT_MINOR FORCE_HOST_GO GO_VERSION GOTOOLCHAIN GIMME_ENV_PREFIX
            GIMME_VERSION_PREFIX GOPROXY GOCACHE GOMODCACHE GOMAXPROCS KUBE_HACK_TOOLS_GOTOOLCHAIN FEDERATION
            KUBE_SKIP_CONFIRMATIONS KUBE_GCS_* TAR HOSTNAME
            """;

    @Test
    void everyVariableOfUpstreamHasAParameterOrAReasonWhyItHasNoEffect() throws IOException {
        Map<String, String> rows = rows();

        assertThat(rows.keySet()).contains(OF_UPSTREAM.split("\\s+"));
        assertThat(rows)
                .allSatisfy((variable, cells) ->
                        assertThat(cells).as(variable).hasSizeGreaterThan(10).isNotEqualToIgnoringCase("nothing"));
    }

    /** Variable to the rest of its row; DOCKER_HOST, which the docker command reads too, stands in a sentence. */
    private static Map<String, String> rows() throws IOException {
        String page = Files.readString(PAGE);
        Map<String, String> rows = new TreeMap<>();
        ROW.matcher(page).results().forEach(row -> names(row.group(1)).forEach(name -> rows.put(name, row.group(2))));
        Pattern.compile("(DOCKER_HOST) \\((`kube\\.docker\\.host`)\\)")
                .matcher(page)
                .results()
                .forEach(found -> rows.put(found.group(1), found.group(2)));
        return rows;
    }

    private static List<String> names(String cell) {
        return List.of(cell.split(", ", -1));
    }
}
