package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostToolsTest {

    private final Path programs;

    HostToolsTest(@TempDir Path programs) {
        this.programs = programs;
    }

    private List<String> missing() throws InterruptedException {
        return new HostTools(List.of(programs))
                .missing().stream().map(Problem::text).toList();
    }

    @Test
    void namesEverythingAtOnceWithTheWayToGetIt() throws Exception {
        Sdks.program(programs.resolve("tar"), ":");
        Sdks.program(programs.resolve("bash"), "echo 'GNU bash, version 3.2.57(1)-release (arm64-apple-darwin23)'");
        Sdks.program(programs.resolve("stat"), "echo 'stat: illegal option -- -' >&2; exit 1");

        assertThat(missing())
                .satisfiesExactly(
                        bash -> assertThat(bash)
                                .contains("bash of this machine (" + programs + "/bash) is too old")
                                .contains("macOS brings bash 3.2, and Kubernetes' scripts need 4.2")
                                .contains("brew install bash"),
                        absent -> assertThat(absent)
                                .contains(
                                        "this machine lacks awk, cmp, diff, find, grep, make, od, sed, sha256sum, xargs")
                                .contains("apt-get install coreutils diffutils findutils gawk grep make sed"),
                        stat -> assertThat(stat).contains("is not GNU's", "brew install coreutils"));
    }

    @Test
    void takesBashFrom42On() throws Exception {
        for (String program :
                List.of("make", "tar", "sed", "grep", "awk", "find", "xargs", "diff", "cmp", "stat", "od")) {
            Sdks.program(programs.resolve(program), ":");
        }
        Sdks.program(programs.resolve("sha256sum"), ":");
        Sdks.program(programs.resolve("bash"), "echo 'GNU bash, version 4.2.46(2)-release (x86_64-redhat-linux-gnu)'");
        assertThat(missing()).isEmpty();

        Sdks.program(programs.resolve("bash"), "echo 'GNU bash, version 4.1.2(1)-release'");
        assertThat(missing()).hasSize(1);
        Files.delete(programs.resolve("bash"));
        assertThat(missing()).singleElement().asString().contains("this machine lacks bash");
    }

    @Test
    void asksForTheCompiler() throws Exception {
        HostTools tools = new HostTools(List.of(programs));
        assertThat(tools.compiler()).isEmpty();
        Sdks.program(programs.resolve("gcc"), "echo 'gcc (Debian 12.2.0-14) 12.2.0'; echo more");
        assertThat(tools.compiler()).contains("gcc (Debian 12.2.0-14) 12.2.0");
        assertThat(tools.unshare()).isEmpty();
        assertThat(tools.path()).isEqualTo(programs.toString());
    }

    @Test
    void findsWhatThisMachineHas() throws Exception {
        assertThat(HostTools.ofThisMachine().find("sh")).isPresent();
        assertThat(HostTools.ofThisMachine()
                        .ask(List.of("/no/such/program"), java.util.Map.of())
                        .exitCode())
                .isEqualTo(127);
    }
}
