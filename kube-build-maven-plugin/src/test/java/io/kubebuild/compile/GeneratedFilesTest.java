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
