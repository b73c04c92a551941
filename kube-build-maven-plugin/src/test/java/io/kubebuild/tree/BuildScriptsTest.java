package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.testing.SampleTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts tell before they run. */
class BuildScriptsTest {

    @Test
    void aVariableIsReadInTheWaysOfBashAndMake() {
        assertThat(new BuildScripts("echo ${KUBE_A:-}").read("KUBE_A")).isTrue();
        assertThat(new BuildScripts("echo $KUBE_A").read("KUBE_A")).isTrue();
        assertThat(new BuildScripts("ifdef KUBE_A").read("KUBE_A")).isTrue();
        assertThat(new BuildScripts("[[ -v KUBE_A ]]").read("KUBE_A")).isTrue();
        assertThat(new BuildScripts("x := $(KUBE_A)").read("KUBE_A")).isTrue();
        assertThat(new BuildScripts("export KUBE_A=1").read("KUBE_A")).isFalse();
        assertThat(new BuildScripts("echo ${KUBE_AB}").read("KUBE_A")).isFalse();
    }

    @Test
    void onlyWhatTakesPartInABuildCounts(@TempDir Path directory) throws Exception {
        SampleTree sample = SampleTree.copyTo(directory.resolve("tree"));
        Files.writeString(sample.file("hack/lib/more.sh"), "# ${KUBE_IN_COMMENT}\necho ${KUBE_IN_LIB}\n");
        Files.createDirectories(sample.file("hack/tools"));
        Files.writeString(sample.file("hack/tools/tool.sh"), "echo ${KUBE_IN_TOOL}\n");

        BuildScripts scripts = BuildScripts.of(TreeRoot.locate(sample.root()));

        assertThat(scripts.read("KUBE_IN_LIB")).isTrue();
        assertThat(scripts.read("KUBE_BASE_IMAGE_REGISTRY")).isTrue();
        assertThat(scripts.read("KUBE_IN_COMMENT")).isFalse();
        assertThat(scripts.read("KUBE_IN_TOOL")).isFalse();
        assertThat(scripts.read("KUBE_BUILD_HYPERKUBE")).isFalse();
    }
}
