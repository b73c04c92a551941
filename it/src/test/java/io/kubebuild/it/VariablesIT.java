package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Parameters that make other programs than those of a release. */
@Tag("more")
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class VariablesIT {

    private static final String PLATFORM = "linux/amd64";

    private final ReleasedTree released;

    VariablesIT(ReleasedTree released) {
        this.released = released;
    }

    @Test
    void aProgramForADebuggerHasItsSymbolsAndTheNextOneHasNone() throws IOException {
        compile("cmd/kubectl").parameter("kube.debug", "true").execute().succeeded();
        assertThat(program("kubectl")).contains(".symtab", ".debug_info");

        compile("cmd/kubectl").execute().succeeded().says("cross-compile: done");
        assertThat(program("kubectl")).doesNotContain(".symtab", ".debug_info");
    }

    @Test
    void aProgramThatCountsIsCompiledByTheTreesOwnMakeAndLeavesNoTestBehind() throws IOException {
        compile("cmd/kube-apiserver")
                .parameter("kube.coverage", "true")
                .execute()
                .succeeded()
                .says("plan: the tree's own make");

        assertThat(program("kube-apiserver")).contains("zz_generated_kube-apiserver_test.go");
        assertThat(released.tree().list("cmd/kube-apiserver")).containsExactly("main.go");
        compile("cmd/kube-apiserver").execute().succeeded().says("cross-compile: done");
        assertThat(program("kube-apiserver")).doesNotContain("zz_generated_kube-apiserver_test.go");
    }

    @Test
    void whatTheTreeHasNoUseForIsSaidBeforeAnythingIsDone() {
        compile("cmd/kubectl")
                .parameter("kube.race", "true")
                .parameter("kube.cgoOverrides", "kubectll")
                .parameter("kube.compilers", "windows/amd64=gcc")
                .environment("KUBE_GORUNNER_IMAGE", "registry.example.com/runner:v1")
                .execute()
                .failedCleanly()
                .says(
                        "4 problems:",
                        "kube.race is set, but this tree has no use for it",
                        "kube.cgoOverrides has kubectll, which is no program of this tree",
                        "fix: -Dkube.cgoOverrides=kubectl",
                        "kube.compilers for windows/amd64 is set, but this tree has no use for it",
                        "kube.baseImages is set, but this tree has no use for it")
                .doesNotSay("build-image: ");
    }

    private MavenBuild compile(String target) {
        return released.goal("compile").parameter("what", target).parameter("kube.platforms", PLATFORM);
    }

    /** The program's bytes as text. */
    private String program(String name) throws IOException {
        return Files.readString(
                released.tree().file("_output/dockerized/bin/" + PLATFORM + "/" + name), StandardCharsets.ISO_8859_1);
    }
}
