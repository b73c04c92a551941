package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DescriptionProbeTest {

    private static final String INIT = """
            set -o errexit -o nounset -o pipefail
            KUBE_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
            trap 'echo failed; exit 9' ERR
            source "${KUBE_ROOT}/hack/lib/golang.sh"
            """;

    private static final String GOLANG = """
            readonly KUBE_SUPPORTED_SERVER_PLATFORMS=(linux/amd64 linux/arm64)
            readonly KUBE_SUPPORTED_CLIENT_PLATFORMS=(linux/amd64 windows/386)
            if [[ -n "${KUBE_BUILD_PLATFORMS:-}" ]]; then
              KUBE_SERVER_PLATFORMS=(${KUBE_BUILD_PLATFORMS})
            else
              KUBE_SERVER_PLATFORMS=("${KUBE_SUPPORTED_SERVER_PLATFORMS[@]}")
            fi
            readonly KUBE_SERVER_PLATFORMS
            readonly KUBE_SERVER_TARGETS=(cmd/kube-apiserver "cmd/odd name")
            declare -a KUBE_EMPTY=()
            readonly KUBE_EMPTY
            readonly KUBE_SCALAR="a value (with brackets), and
            two lines"
            kube::golang::verify_go_version() { local minimum_go_version; minimum_go_version=go1.15.0; }
            # KUBE_BUILD_HYPERKUBE is only spoken of here
            : "${GOLDFLAGS:-}"
            """;

    private static final String COMMON = """
            source "$(dirname "${BASH_SOURCE[0]}")/../hack/lib/init.sh"
            readonly KUBE_DOCKER_REGISTRY="${KUBE_DOCKER_REGISTRY:-k8s.gcr.io}"
            kube::build::get_docker_wrapped_binaries() {
              case $1 in
              amd64) echo "kube-apiserver,base/runner:v1 kube-proxy,base/iptables:v2" ;;
              *) local targets; echo "${targets[@]}" ;;
              esac
            }
            """;

    private final Path directory;
    private final TestTree tree;

    DescriptionProbeTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        this.tree = TestTree.rsync(Files.createDirectory(directory.resolve("kubernetes")));
        tree.write("hack/lib/init.sh", INIT).write("hack/lib/golang.sh", GOLANG).write("build/common.sh", COMMON);
        tree.write("Makefile", "all: generated_files\n\techo ${OUT_DIR}\n");
    }

    private DescriptionProbe probe(Map<String, String> environment) {
        return new DescriptionProbe(tree.located(), environment, List.of("pom.xml", ".mvn", "target"));
    }

    private Description describe(Map<String, String> variables) throws IOException, InterruptedException {
        DescriptionProbe probe = probe(variables);
        Path script = Files.writeString(directory.resolve("describe.sh"), probe.script());
        Path output = directory.resolve("description");
        Map<String, String> environment = new HashMap<>(tree.environment());
        environment.putAll(probe.variables());
        Bash.run(
                directory,
                environment,
                "exec \"$@\"",
                probe.command(script.toString(), tree.root.toString(), output.toString())
                        .toArray(String[]::new));
        try (var left = Files.list(directory)) {
            assertThat(left.map(path -> String.valueOf(path.getFileName())))
                    .containsExactlyInAnyOrder("kubernetes", "describe.sh", "description");
        }
        return Description.parse(Files.readAllBytes(output));
    }

    @Test
    void asksTheTreesOwnScripts() throws Exception {
        Description described = describe(Map.of());

        assertThat(described.targets(TargetGroup.SERVER)).containsExactly("cmd/kube-apiserver", "cmd/odd name");
        assertThat(described.platforms(TargetGroup.SERVER)).hasToString("[linux/amd64, linux/arm64]");
        assertThat(described.supportedPlatforms()).hasToString("[linux/amd64, linux/arm64, windows/386]");
        assertThat(described.variable("KUBE_EMPTY")).contains(List.of());
        assertThat(described.scalar("KUBE_SCALAR")).contains("a value (with brackets), and\ntwo lines");
        assertThat(described.scalar("KUBE_DOCKER_REGISTRY")).contains("k8s.gcr.io");
        assertThat(described.serverImages("amd64"))
                .extracting(Description.ServerImage::binary)
                .containsExactly("kube-apiserver", "kube-proxy");
        assertThat(described.serverImages("arm")).isEmpty();
        assertThat(described.generatesFiles()).isTrue();
        assertThat(described.hasFunction("kube::build::get_docker_wrapped_binaries"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "go version go1.22.12 linux/amd64, go1.22.12",
        "go version go1.22.4 X:boringcrypto linux/amd64, go1.22.4",
        "go version go1.21.13-fips linux/amd64, go1.21.13-fips",
        "go version devel go1.25-abcdef Tue Jan 7 10:00:00 2025 +0000 linux/amd64, devel go1.25-abcdef",
        "go version devel +abcdef Tue Jan 7 10:00:00 2020 +0000 linux/amd64, devel +abcdef"
    })
    void readsWhichGoIsThere(String says, String go) throws Exception {
        Path bin = Files.createDirectory(directory.resolve("kubernetes/bin"));
        Path program = Files.writeString(bin.resolve("go"), "#!/bin/sh\necho " + says + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();

        Description described = describe(Map.of("PATH", bin + ":" + System.getenv("PATH")));

        assertThat(described.go()).contains(go);
    }

    @Test
    void tellsWhatTheSelectionLeavesFromWhatIsSupported() throws Exception {
        Description described = describe(Map.of("KUBE_BUILD_PLATFORMS", "linux/arm64"));

        assertThat(described.platforms(TargetGroup.SERVER)).hasToString("[linux/arm64]");
        assertThat(described.supportedPlatforms(TargetGroup.SERVER)).hasToString("[linux/amd64, linux/arm64]");
    }

    @Test
    void knowsVariablesThatScriptsReadAndNotThoseInComments() throws Exception {
        Description described = describe(Map.of());

        assertThat(described.knows("KUBE_BUILD_PLATFORMS")).isTrue();
        assertThat(described.knows("GOLDFLAGS")).isTrue();
        assertThat(described.knows("OUT_DIR")).isTrue();
        assertThat(described.knows("KUBE_BUILD_HYPERKUBE")).isFalse();
        assertThat(described.knows("GOFLAGS")).isFalse();
    }

    @Test
    void takesATargetThatAllDoesNotNeedForNone() throws Exception {
        tree.write("Makefile", "all:\n\thack/make-rules/build.sh\ngenerated_files:\n\t@echo gone\n");

        assertThat(describe(Map.of()).generatesFiles()).isFalse();
    }

    @Test
    void saysWhichScriptDoesNotWork() throws IOException {
        tree.write("hack/lib/golang.sh", "readonly X=1\nX=2\n");

        assertThatThrownBy(() -> describe(Map.of()))
                .hasMessageContaining("lists: ")
                .hasMessageContaining("readonly variable");
    }

    @Test
    void shipsScriptsAndTheRootsFilesOnly() throws IOException {
        tree.write("pom.xml", "")
                .write("cmd/x/main.go", "")
                .write(GitVersion.FILE, "")
                .write("cluster/lib/util.sh", "");
        tree.write("huge.tar", "x".repeat((1 << 20) + 1));
        Files.createSymbolicLink(tree.root.resolve("link"), Path.of("build/common.sh"));
        Files.createSymbolicLink(tree.root.resolve("away"), directory.resolve("elsewhere"));

        assertThat(probe(Map.of()).files())
                .contains("Makefile", "go.mod", "hack/lib/init.sh", "build/common.sh", "cluster/lib/util.sh", "link")
                .doesNotContain("pom.xml", "cmd/x/main.go", GitVersion.FILE, "huge.tar", "away")
                .isSorted();
    }

    @Test
    void changesItsFingerprintWithContentModeAndEnvironment() throws IOException {
        String first = probe(Map.of()).fingerprint().id();
        assertThat(probe(Map.of()).fingerprint().id()).isEqualTo(first);
        assertThat(probe(Map.of("KUBE_FASTBUILD", "true")).fingerprint().id()).isNotEqualTo(first);

        tree.write("pkg/x.go", "");
        assertThat(probe(Map.of()).fingerprint().id()).isEqualTo(first);

        tree.write("hack/lib/golang.sh", GOLANG + "\n");
        String second = probe(Map.of()).fingerprint().id();
        assertThat(second).isNotEqualTo(first);
        assertThat(tree.root.resolve("hack/lib/golang.sh").toFile().setExecutable(true))
                .isTrue();
        assertThat(probe(Map.of()).fingerprint().id()).isNotEqualTo(second);
    }
}
