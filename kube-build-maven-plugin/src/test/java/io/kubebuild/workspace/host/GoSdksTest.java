package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.GoRequirement;
import io.kubebuild.tree.GoVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        return atLeast(version, Optional.empty());
    }

    private static GoRequirement atLeast(String version, Optional<String> wanted) {
        return new GoRequirement(
                List.of(new GoRequirement.Floor(GoVersion.parse(version).orElseThrow(), "hack/lib/golang.sh")),
                wanted.flatMap(GoVersion::parse),
                Optional.empty(),
                false);
    }

    private GoSdks sdks(String path) {
        return new GoSdks(TOOLS, path, lib);
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
        assertThat(sdks("").own(atLeast("go1.15", Optional.of("1.19.8")))).isEqualTo(wanted);
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
    void refusesOneThatIsTooOldAndNamesOneThatIsPublished() throws Exception {
        GoSdk old = Sdks.make(home.resolve("old"), "go1.9.7");

        assertThatThrownBy(() -> sdks("").named(old.root(), atLeast("go1.25")))
                .hasMessageContaining(
                        "the Go SDK in " + old.root() + " is go1.9.7, and this tree needs go1.25 or newer")
                .hasMessageContaining("kube::golang::verify_go_version (hack/lib/golang.sh) refuses an older one")
                .hasMessageContaining("-Dkube.goSdk.url=https://…/go1.25.0.linux-amd64.tar.gz");
        for (String good : List.of("go1.25.1", "go1.25rc2", "go1.26.0-fips", "devel")) {
            GoSdk sdk = Sdks.make(home.resolve(good), good);
            assertThat(sdks("").named(sdk.root(), atLeast("go1.25"))).isEqualTo(sdk);
        }
    }
}
