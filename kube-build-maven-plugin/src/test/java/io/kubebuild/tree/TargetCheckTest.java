package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TargetCheckTest {

    private static final Description DESCRIPTION = new Description(Map.of(
            "KUBE_SERVER_TARGETS", List.of("cmd/kube-apiserver", "cmd/kubelet", "vendor/k8s.io/kube-aggregator"),
            "KUBE_TEST_TARGETS", List.of("ginkgo", "test/e2e/e2e.test")));

    private final TestTree tree;

    TargetCheckTest(@TempDir Path directory) throws IOException {
        this.tree = TestTree.rsync(directory);
        tree.write("cmd/gendocs/gendocs.go", "// docs\npackage main\n");
        tree.write("cmd/kubelet/app/server.go", "package app\n");
        tree.write("staging/src/k8s.io/sample-controller/main.go", "package main\n");
        tree.write("test/integration/auth/auth_test.go", "package auth\n");
    }

    private TargetCheck check(String... written) {
        return TargetCheck.against(tree.located(), Optional.of(DESCRIPTION), List.of(written));
    }

    @Test
    void acceptsEverySpellingOfAKnownTarget() {
        TargetCheck check = check(
                "./cmd/kubelet,cmd/kubelet/ k8s.io/kubernetes/cmd/kubelet",
                "ginkgo",
                "test/e2e/e2e.test,vendor/k8s.io/kube-aggregator");

        assertThat(check.problems()).isEmpty();
        assertThat(check.targets())
                .containsExactly("cmd/kubelet", "ginkgo", "test/e2e/e2e.test", "vendor/k8s.io/kube-aggregator");
    }

    @Test
    void acceptsAnyProgramAndAnyTestBinaryOfTheTree() {
        TargetCheck check =
                check("cmd/gendocs", "staging/src/k8s.io/sample-controller", "test/integration/auth/auth.test");

        assertThat(check.problems()).isEmpty();
        assertThat(check.targets()).hasSize(3);
    }

    @Test
    void findsAPackageByItsImportPath() {
        assertThat(check("k8s.io/sample-controller").targets()).containsExactly("staging/src/k8s.io/sample-controller");
    }

    @Test
    void reportsEveryBadTargetAtOnce() {
        TargetCheck check =
                check("cmd/kube-apisever", "cmd/kubelet/app", "./cmd/...", "../x", "kubelet", "/etc", "a.test");

        assertThat(check.targets()).isEmpty();
        assertThat(check.problems())
                .extracting(Problem::what)
                .containsExactly(
                        "what has cmd/kube-apisever, which is no target of this tree",
                        "what has cmd/kubelet/app, which is no target of this tree",
                        "what has ./cmd/..., a pattern",
                        "what has ../x, which is no target",
                        "what has kubelet, which is no target of this tree",
                        "what has /etc, which is no target",
                        "what has a.test, which is no target of this tree");
        assertThat(check.problems().get(0).fix()).isEqualTo("-Dwhat=cmd/kube-apiserver");
        assertThat(check.problems().get(1).why()).contains("holds no program");
        assertThat(check.problems().get(4).fix()).isEqualTo("-Dwhat=cmd/kubelet");
    }

    @Test
    void checksDirectoriesWhereTheTreeIsNotDescribed() {
        TargetCheck check = TargetCheck.against(tree.located(), Optional.empty(), List.of("cmd/gendocs", "cmd/gendoc"));

        assertThat(check.targets()).containsExactly("cmd/gendocs");
        assertThat(check.problems()).extracting(Problem::fix).containsExactly("-Dwhat=cmd/gendocs");
    }
}
