package io.kubebuild.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.plan.StubTree;
import io.kubebuild.problem.KubeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedFilesTest {

    @Test
    void tellsATargetThatGeneratesFromOneThatOnlySaysGoodbye() {
        assertThat(GeneratedFiles.isGeneratedBy("generated_files gen:\n\t$(MAKE) -f Makefile.generated_files $@\n"))
                .isTrue();
        assertThat(GeneratedFiles.isGeneratedBy("all:\n\tx\ninclude Makefile.generated_files\n"))
                .isTrue();
        assertThat(GeneratedFiles.isGeneratedBy("generated_files:\n\t@echo \"no longer\"\n\t@false\n"))
                .isFalse();
        assertThat(GeneratedFiles.isGeneratedBy("# see Makefile.generated_files\nall:\n\tx\n"))
                .isFalse();
    }

    @Test
    void makesTheTreesOwnTarget(@TempDir Path directory) throws Exception {
        StubTree tree = StubTree.in(directory);
        Path log = directory.resolve("generated.log");
        new GeneratedFiles(log).ensure(tree.workspace(), Map.of(), BuildListener.SILENT);

        assertThat(tree.root().resolve("zz_generated.stub.go")).hasContent("generated");
        assertThat(log).content().contains("sources generated");
    }

    @Test
    void theLogIsWrittenThroughNoLink(@TempDir Path directory) throws Exception {
        StubTree tree = StubTree.in(directory);
        Path victim = Files.writeString(directory.resolve("victim"), "precious");
        Path log = Files.createSymbolicLink(directory.resolve("generated.log"), victim);
        new GeneratedFiles(log).ensure(tree.workspace(), Map.of(), BuildListener.SILENT);

        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(log)).isFalse();
        assertThat(log).content().contains("sources generated");
    }

    /** Scripts of v1.4 to v1.13 would refuse Go 1.19, because its text comes before that of 1.6. */
    @Test
    void scriptsThatCompareVersionsAsTextHearANumberThatTheyTake(@TempDir Path directory) throws Exception {
        StubTree tree = StubTree.in(directory);
        Path log = directory.resolve("generated.log");
        Files.writeString(
                tree.root().resolve("Makefile.generated_files"),
                "generated_files:\n\tgo version; go env GOHOSTARCH; exit $$(go version | grep -c 919)0\n");
        Path script = tree.root().resolve("hack/lib/golang.sh");
        Files.writeString(script, Files.readString(script) + "  if [[ \"${go_version[2]}\" < \"go1.6\" ]]; then\n");

        assertThatThrownBy(() -> new GeneratedFiles(log).ensure(tree.workspace(), Map.of(), BuildListener.SILENT))
                .hasMessageContaining("go version go1.919.8 linux/amd64")
                .hasMessageContaining("amd64\n")
                .hasMessageContaining("exit code 2");
        try (var left = Files.list(tree.root().resolve("_output"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void showsWhatMakeSaidWhenItFails(@TempDir Path directory) throws Exception {
        StubTree tree = StubTree.in(directory);
        Path log = directory.resolve("generated.log");
        Files.writeString(tree.root().resolve("Makefile.generated_files"), "generated_files:\n\techo stale; exit 3\n");

        assertThatThrownBy(() -> new GeneratedFiles(log).ensure(tree.workspace(), Map.of(), BuildListener.SILENT))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("Generating sources failed")
                .hasMessageContaining("stale")
                .hasMessageContaining(log.toString());
    }
}
