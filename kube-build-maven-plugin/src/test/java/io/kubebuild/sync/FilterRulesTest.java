package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterRulesTest {

    private static final String SCRIPT = """
            function kube::build::sync_to_container() {
              kube::build::rsync \\
                --delete \\
                --filter='H /.git' \\
                --filter='- /_output/' \\
                --filter='- /' \\
                --filter='H zz_generated.*' \\
                "${KUBE_ROOT}/" "rsync://somewhere/"
            }
            function kube::build::copy_output() {
              kube::build::rsync \\
                --prune-empty-dirs \\
                --filter='+ /vendor/' \\
                --filter='+ /_output/dockerized/bin/**' \\
                --filter='+ zz_generated.*' \\
                --filter='+ types.go' \\
                --filter='+ */' \\
                --filter='- /**' \\
                "rsync://somewhere/" "${KUBE_ROOT}"
            }
            """;

    @Test
    void readsTheRulesOfTheTree() {
        assertThat(FilterRules.inward(SCRIPT))
                .isEqualTo(FilterRules.of(List.of("H /.git", "- /_output/", "- /", "H zz_generated.*")));
    }

    @Test
    void hiddenFilesAreDeletedInTheWorkspaceAndExcludedOnesAreNot() {
        FilterRules rules = FilterRules.inward(SCRIPT);
        assertThat(rules.sends("pkg/zz_generated.deepcopy.go", false)).isFalse();
        assertThat(rules.shelters("pkg/zz_generated.deepcopy.go", false)).isFalse();
        assertThat(rules.sends("_output", true)).isFalse();
        assertThat(rules.shelters("_output/dockerized/zz_generated.x", false)).isTrue();
        assertThat(rules.sends("_output", false))
                .as("a file of that name is no directory")
                .isTrue();
        assertThat(rules.shelteredDirectories()).containsExactly("_output");
    }

    @Test
    void bringsBackGeneratedSourcesButNothingFromTheOutputDirectory() {
        FilterRules rules = FilterRules.generatedOutward(SCRIPT);
        assertThat(rules.sends("_output", true)).isFalse();
        assertThat(rules.sends("pkg", true)).isTrue();
        assertThat(rules.sends("pkg/types.go", false)).isTrue();
        assertThat(rules.sends("pkg/other.go", false)).isFalse();
    }

    @Test
    void hasRulesForTreesWithoutAny() {
        assertThat(FilterRules.inward("").sends("_output", true)).isFalse();
        assertThat(FilterRules.inward("").sends("cmd", true)).isTrue();
        assertThat(FilterRules.inward("").sends(".git", true)).isFalse();
        assertThat(FilterRules.generatedOutward("").sends("a/zz_generated.x.go", false))
                .isTrue();
    }

    @Test
    void aTreeWhoseScriptsMountItIsSentAsAWhole() {
        FilterRules rules = FilterRules.inward("KUBE_CROSS_CONTAINER_ROOT=\"/go/src/k8s.io/kubernetes\"");

        assertThat(rules.sends(".git", true)).isTrue();
        assertThat(rules.sends("pkg/zz_generated.deepcopy.go", false)).isTrue();
        assertThat(rules.sends("_output", true)).isFalse();
        assertThat(rules.protects("_output", true)).isTrue();
    }

    @Test
    void namesARuleThatItCannotRead() {
        assertThatThrownBy(() -> FilterRules.of(List.of("merge /etc/filters")))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("merge /etc/filters");
    }
}
