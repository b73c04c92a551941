package io.kubebuild.reach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.workspace.HostShellWorkspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratorInputsTest {

    private static final String SEEN = "/go/_output/dockerized/go/src/k8s.io/kubernetes/";

    private final Edited tree;

    GeneratorInputsTest(@TempDir Path directory) throws IOException {
        this.tree = new Edited(directory.toRealPath());
    }

    @BeforeEach
    void makeTree() throws IOException {
        tree.with("Makefile.generated_files", """
                        .PHONY: generated_files
                        generated_files: gen_deepcopy \\
                            gen_conversion
                        EXTRA := $(PRJ_SRC_PATH)/pkg/apis/peer
                        $(GEN): $(k8s.io/kubernetes/vendor/k8s.io/code-generator/cmd/deepcopy-gen)
                        """)
                .with("hack/generate-bindata.sh", "go-bindata \\\n  \"test/images/...\" \\\n  \"translations/...\"\n")
                .with("pkg/apis/a/types.go", "package a\n// +k8s:deepcopy-gen=package\n")
                .with(
                        "pkg/apis/a/v1/doc.go",
                        "// +k8s:conversion-gen=k8s.io/kubernetes/pkg/apis/a\n// +k8s:defaulter-gen-input=../../../../vendor/k8s.io/api/a\npackage v1\n")
                .with("staging/src/k8s.io/api/a/a.go", "package a\n")
                .with("staging/src/k8s.io/api/deep/d.go", "package deep\n")
                .with("staging/src/k8s.io/code-generator/cmd/deepcopy-gen/main.go", "package main\n")
                .with(
                        "staging/src/k8s.io/code-generator/_examples/e/e.go",
                        "package e // +k8s:deepcopy-gen=package\nimport \"example.org/hidden\"\n")
                .withLink("vendor/k8s.io/api", "../../staging/src/k8s.io/api")
                .withLink("vendor/k8s.io/code-generator", "../../staging/src/k8s.io/code-generator")
                .with("vendor/example.org/hidden/h.go", "package hidden\n")
                .with("vendor/example.org/other/o.go", "package other\n")
                .with("pkg/apis/peer/p.go", "package peer\n")
                .with("pkg/imported/i.go", "package imported\n")
                .with("cmd/free/main.go", "package main\n")
                .with("README.md", "words\n")
                .with("test/images/x/x.go", "package x\n")
                .with(
                        ".make/go-pkgdeps.mk",
                        graph("k8s.io/kubernetes/pkg/apis/a", "pkg/apis/a", "pkg/imported")
                                + graph("k8s.io/kubernetes/pkg/apis/a/v1", "pkg/apis/a/v1", "pkg/apis/a")
                                + graph("k8s.io/api/a", "vendor/k8s.io/api/a", "vendor/k8s.io/api/deep")
                                + graph("k8s.io/kubernetes/cmd/free", "cmd/free", "vendor/example.org/other"));
    }

    private static String graph(String name, String... directories) {
        StringBuilder text = new StringBuilder(name + " :=  \\\n");
        for (String directory : directories) {
            text.append("  ").append(SEEN).append(directory).append("/ \\\n");
            text.append("  ").append(SEEN).append(directory).append("/file.go \\\n");
        }
        return text.append("\n").toString();
    }

    private GeneratorInputs read() throws IOException, InterruptedException {
        HostShellWorkspace workspace =
                new HostShellWorkspace(tree.root().toString(), Map.of("PATH", "/usr/local/bin:/usr/bin:/bin"));
        return new GeneratorInputsReader(workspace, tree.directories()).read();
    }

    @Test
    void areTaggedPackagesTheirPeersTheGeneratorsAndAllThatTheseImport() throws Exception {
        GeneratorInputs inputs = read();

        assertThat(inputs.directories())
                .containsExactly(
                        "pkg/apis/a",
                        "pkg/apis/a/v1",
                        "pkg/apis/peer",
                        "pkg/imported",
                        "staging/src/k8s.io/api/a",
                        "staging/src/k8s.io/api/deep",
                        "staging/src/k8s.io/code-generator/_examples/e",
                        "staging/src/k8s.io/code-generator/cmd/deepcopy-gen",
                        "vendor/example.org/hidden");
        assertThat(inputs.bundled()).containsExactly("test/images", "translations");
    }

    @Test
    void areUnknownWhereARuleMayReadAnything() throws Exception {
        tree.with("Makefile.generated_files", "generated_files: gen_deepcopy gen_mocks\n");
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("gen_mocks");

        tree.with("Makefile.generated_files", "generated_files: gen_deepcopy\n\thack/more.sh\n");
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("no rule");
    }

    @Test
    void areUnknownWithoutTheListOfImports() throws Exception {
        tree.without(".make/go-pkgdeps.mk");

        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining(".make/go-pkgdeps.mk");
    }

    @Test
    void areUnknownWhereATagNamesWhatIsNotThere() throws Exception {
        tree.with("pkg/apis/a/doc.go", "// +k8s:conversion-gen=k8s.io/gone/api\npackage a\n");

        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("k8s.io/gone/api");
    }

    @Test
    void doNotChangeWithWhatTheyDoNotRead() throws Exception {
        GeneratorInputs inputs = read();
        SourceSnapshot before = tree.snapshot();
        tree.with("cmd/free/main.go", "package main\n// edited\n")
                .with("cmd/free/more.go", "package main\n")
                .with("README.md", "other words\n");

        assertThat(inputs.readsOf(tree.since(before))).isEmpty();
    }

    @Test
    void changeWithEverythingElse() throws Exception {
        GeneratorInputs inputs = read();
        changed(inputs, "pkg/imported/i.go");
        changed(inputs, "staging/src/k8s.io/api/deep/d.go");
        changed(inputs, "staging/src/k8s.io/api/deep/new.go");
        changed(inputs, "vendor/example.org/hidden/h.go");
        changed(inputs, "hack/lib/init.sh");
        changed(inputs, "hack/tool.go");
        changed(inputs, "build/root/Makefile");
        changed(inputs, "Makefile.generated_files");
        changed(inputs, "api/api-rules/violation_exceptions.list");
        changed(inputs, "test/images/x/x.go");
        changed(inputs, "staging/src/k8s.io/kubectl/translations/x.md");
        changed(inputs, "staging/src/k8s.io/code-generator/hack/boilerplate.go.txt");
        changed(inputs, "staging/src/k8s.io/kubectl/pkg/generated/bindata.go");
        changed(inputs, "cmd/free/zz_generated.x.go");
        changed(inputs, "go.mod");
    }

    private void changed(GeneratorInputs inputs, String path) throws IOException {
        SourceSnapshot before = tree.snapshot();
        tree.with(path, "package edited\n// " + path + "\n");
        assertThat(inputs.readsOf(tree.since(before))).as(path).hasValueSatisfying(why -> assertThat(why)
                .contains(path.endsWith("tool.go") ? "hack" : path.endsWith("bindata.go") ? "generated" : path));
    }

    @Test
    void changeWithANewTagAndANewPackage() throws Exception {
        GeneratorInputs inputs = read();
        SourceSnapshot before = tree.snapshot();
        tree.with("cmd/free/main.go", "package main\n// +k8s:deepcopy-gen=package\n");
        assertThat(inputs.readsOf(tree.since(before))).contains("cmd/free/main.go changed");

        before = tree.snapshot();
        tree.with("pkg/fresh/f.go", "package fresh\n");
        assertThat(inputs.readsOf(tree.since(before))).contains("pkg/fresh has Go files now");

        before = tree.snapshot();
        tree.without("vendor/k8s.io/api").withLink("vendor/k8s.io/api", "../../staging/src/k8s.io/other");
        assertThat(inputs.readsOf(tree.since(before))).contains("vendor/k8s.io/api changed");
    }
}
