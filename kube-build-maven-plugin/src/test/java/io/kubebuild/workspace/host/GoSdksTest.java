package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.TreeRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which Go of a machine builds which tree. */
class GoSdksTest {

    private static final HostTools TOOLS = HostTools.ofThisMachine();

    private final Path home;
    private final Path lib;

    GoSdksTest(@TempDir Path home) throws IOException {
        this.home = home;
        this.lib = Files.createDirectories(home.resolve("lib"));
    }

    private static GoRequirement atLeast(String version) {
        return new GoRequirement(GoVersion.parse(version), false, Optional.empty());
    }

    private GoSdks sdks(String path) {
        return new GoSdks(TOOLS, path, lib);
    }

    private GoRequirement of(String script, String module, String goVersion) throws IOException {
        Path tree = Files.createDirectories(home.resolve("tree"));
        Files.createDirectories(tree.resolve("hack/lib"));
        Files.createDirectories(tree.resolve("build/lib"));
        Files.createDirectories(tree.resolve("build/build-image/cross"));
        Files.createDirectories(tree.resolve("cmd"));
        Files.createDirectories(tree.resolve("pkg"));
        Files.writeString(tree.resolve("hack/lib/golang.sh"), script);
        Files.writeString(tree.resolve("build/common.sh"), "kube::build::x() {\n}\n");
        Files.writeString(tree.resolve("go.mod"), module);
        if (!goVersion.isEmpty()) {
            Files.writeString(tree.resolve(".go-version"), goVersion + "\n");
        }
        return GoRequirement.of(new TreeRoot(tree, io.kubebuild.tree.Era.RSYNC));
    }

    @Test
    void takesTheUsersGoAsItIsOnTheirPath() throws Exception {
        GoSdk sdk = Sdks.make(home.resolve("mine"), "go1.19.8");
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("go"), sdk.root().resolve("bin/go"));

        assertThat(sdks("relative:" + bin + ":/nowhere").own(atLeast("go1.15.0")))
                .isEqualTo(sdk);
    }

    @Test
    void prefersTheOneThatReleasesAreBuiltWith() throws Exception {
        Sdks.make(lib.resolve("go-1.9"), "go1.9.7");
        Sdks.make(lib.resolve("go-1.22"), "go1.22.9");
        GoSdk wanted = Sdks.make(lib.resolve("go-1.19"), "go1.19.8");
        Files.createDirectories(lib.resolve("go-1.23"));
        Files.createDirectories(lib.resolve("google"));

        assertThat(sdks("").own(atLeast("go1.15"))).extracting(GoSdk::version).isEqualTo("go1.22.9");
        GoRequirement exactly = new GoRequirement(GoVersion.parse("1.15"), false, GoVersion.parse("1.19.8"));
        assertThat(sdks("").own(exactly)).isEqualTo(wanted);
        assertThat(exactly.difference(wanted)).isEmpty();
    }

    @Test
    void tellsWhichThereAreWhereNoneWillDo() throws Exception {
        Sdks.make(lib.resolve("go-1.9"), "go1.9.7");
        Sdks.make(lib.resolve("go-1.19"), "go1.19.8");

        assertThatThrownBy(() -> sdks("").own(atLeast("go1.23")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("there is no Go on this machine that this tree can be built with")
                .hasMessageContaining(
                        "it needs go1.23 or newer, and these are here: go1.19.8 in " + lib + "/go-1.19, go1.9.7")
                .hasMessageContaining("-Dkube.goSdk=DIRECTORY");
    }

    @Test
    void refusesADirectoryThatIsNoSdk() throws Exception {
        Path empty = Files.createDirectories(home.resolve("empty"));
        assertThatThrownBy(() -> sdks("").named(empty, atLeast("go1.15")))
                .hasMessageContaining("kube.goSdk names " + empty + ", which holds no Go SDK that runs here")
                .hasMessageContaining("no program bin/go");

        Files.createDirectories(empty.resolve("bin"));
        Sdks.program(empty.resolve("bin/go"), "echo cannot execute binary file; exit 126");
        assertThatThrownBy(() -> sdks("").named(empty, atLeast("go1.15")))
                .hasMessageContaining("does not answer to: go version");
    }

    @Test
    void comparesVersionsByTheirNumbers() throws Exception {
        GoSdk old = Sdks.make(home.resolve("old"), "go1.9.7");
        GoRequirement requirement = of("  minimum_go_version=go1.15.0\n", "module k8s.io/kubernetes\n\ngo 1.15\n", "");

        assertThat(requirement.comparesText()).isFalse();
        assertThat(requirement.problem(old).orElseThrow().text())
                .contains("is go1.9.7, and this tree needs go1.15.0 or newer", "-Dkube.goSdk.url=");
        assertThat(requirement.problem(Sdks.make(home.resolve("new"), "go1.19.8")))
                .isEmpty();
        assertThat(requirement.problem(Sdks.make(home.resolve("head"), "devel")))
                .isEmpty();
    }

    /** As in hack/lib/golang.sh of v1.5 to v1.13. */
    @Test
    void foreseesThatOldScriptsCompareText() throws Exception {
        GoRequirement requirement =
                of("  if [[ \"${go_version[2]}\" < \"go1.6\" && \"${go_version[2]}\" != \"devel\" ]]; then\n", "", "");
        GoSdk newer = Sdks.make(home.resolve("newer"), "go1.19.8");

        assertThat(requirement.problem(newer).orElseThrow().text())
                .contains("this tree's scripts take it for older than go1.6", "compares versions as text");
        assertThat(requirement.problem(Sdks.make(home.resolve("fits"), "go1.7.6")))
                .isEmpty();
    }

    @Test
    void readsWhatLaterTreesSay() throws Exception {
        GoRequirement requirement =
                of("minimum_go_version=go1.22\n", "module k8s.io/kubernetes\n\ngo 1.22.0\n", "1.22.9");

        assertThat(requirement.minimum().map(GoVersion::toString)).contains("go1.22");
        GoSdk other = Sdks.make(home.resolve("other"), "go1.22.5");
        assertThat(requirement.problem(other)).isEmpty();
        assertThat(requirement.difference(other).orElseThrow())
                .isEqualTo(
                        "Go is go1.22.5, the tree's .go-version says go1.22.9: binaries differ from those that are released");
        assertThat(requirement.difference(Sdks.make(home.resolve("same"), "go1.22.9")))
                .isEmpty();
        assertThat(of("minimum_go_version=go1.22\n", "go 1.23.4\n", "")
                        .minimum()
                        .orElseThrow())
                .isEqualTo(GoVersion.parse("1.23.4").orElseThrow());
    }
}
