package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.request.BuildRequest;
import io.kubebuild.request.StepName;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.Requests;
import io.kubebuild.testing.RequiresEngine;
import io.kubebuild.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * After whatever edit, what is compiled of the sample tree by halves is what a compile of everything makes of it. Test binaries are
 * compared by nothing but their being there: go writes a random name into them.
 */
@Tag("more")
@RequiresEngine
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandingOutputsIT {

    private final Path directory;
    private final SampleTree tree;
    private int all;

    StandingOutputsIT(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws IOException, InterruptedException {
        this.directory = directory;
        this.tree = SampleTree.copyTo(directory.resolve("kubernetes"));
    }

    @BeforeAll
    void compileFromNothing() throws IOException {
        // Dirty from the beginning, or the first edit would move the version, which is in every program.
        write("docs/dirty.md", "dirty");
        assertThat(compile(false).facts("compile")).containsExactly("all 15 programs: the plan is new");
        all = hashes().size();
    }

    @AfterAll
    void nothingIsLeftBehind() {
        Pipeline.of(request(false), BuildListener.SILENT).clean(true);
    }

    @Test
    void whatIsCompiledByHalvesIsWhatACompileOfEverythingMakes() throws IOException {
        after(() -> append("cmd/kubectl/main.go", "\nfunc init() { println(\"edited\") }\n"))
                .says("cmd/kubectl: cmd/kubectl/main.go changed; 14 of 15 programs stand");
        after(() -> write("cmd/kubeadm/more.go", "package main\n\nfunc init() { println(\"more\") }\n"))
                .says("cmd/kubeadm: cmd/kubeadm/more.go changed; 14 of 15 programs stand");
        after(() -> append("docs/README.md", "more words\n"))
                .says("nothing that programs are made of changed; all 15 stand");
        after(() -> append("test/e2e/e2e_test.go", "\nvar edited = 1\n"))
                .says("test/e2e/e2e.test: test/e2e/e2e_test.go changed; 14 of 15 programs stand");
        after(() -> append("pkg/native/native.go", "\nfunc init() { println(\"native\") }\n"))
                .says("cmd/kubelet: pkg/native/native.go changed; 14 of 15 programs stand");
        after(() -> append("vendor/github.com/onsi/ginkgo/ginkgo/main.go", "\nfunc init() { println(\"ginkgo\") }\n"))
                .says("vendor/github.com/onsi/ginkgo/ginkgo: vendor/github.com/onsi/ginkgo/ginkgo/main.go changed;"
                        + " 14 of 15 programs stand");
        everythingIsAsWhenAllIsCompiled();
        after(() -> append(
                        "staging/src/k8s.io/component-base/version/version.go", "\nfunc init() { println(\"v\") }\n"))
                // They were generated again and came out the same.
                .says("cmd/kube-apiserver, cmd/kube-controller-manager, cmd/kube-proxy and 11 more:"
                        + " staging/src/k8s.io/component-base/version/version.go changed; 1 of 15 programs stand");
        everythingIsAsWhenAllIsCompiled();
    }

    @Test
    void newPackagesAndEmbeddedFilesReachWhatImportsThem() throws IOException {
        after(() -> {
                    write(
                            "pkg/words/words.go",
                            "package words\n\nimport _ \"embed\"\n\n//go:embed a/words.md\nvar Words string\n");
                    write("pkg/words/a/words.md", "first");
                    write(
                            "cmd/kubemark/words.go",
                            "package main\n\nimport \"k8s.io/kubernetes/pkg/words\"\n\nfunc init() { println(words.Words) }\n");
                })
                .says("all 15 programs: pkg/words has Go files now");
        after(() -> write("pkg/words/a/words.md", "second"))
                .says("cmd/kubemark: pkg/words/a/words.md changed; 14 of 15 programs stand");
        everythingIsAsWhenAllIsCompiled();
        after(() -> {
                    Files.delete(tree.file("cmd/kubemark/words.go"));
                    append("cmd/kubectl/main.go", "\n// of no consequence\n");
                })
                .says("cmd/kubectl, cmd/kubemark: cmd/kubectl/main.go changed; 13 of 15 programs stand");
        // Nothing is made of it any more.
        after(() -> write("pkg/words/a/words.md", "third"))
                .says("nothing that programs are made of changed; all 15 stand");
        everythingIsAsWhenAllIsCompiled();
    }

    @Test
    void aCompileThatFailsAndWhatSomebodyWroteToAreMadeUpFor() throws IOException {
        String source = Files.readString(tree.file("cmd/gendocs/main.go"));
        write("cmd/gendocs/main.go", source + "\nfunc broken( {\n");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> compile(false)))
                .hasMessageContaining("cmd/gendocs");
        after(() -> write("cmd/gendocs/main.go", source + "\nfunc init() { println(\"mended\") }\n"))
                .says("cmd/gendocs: cmd/gendocs/main.go changed; 14 of 15 programs stand");
        everythingIsAsWhenAllIsCompiled();
    }

    /** What a test does to the tree. */
    @FunctionalInterface
    private interface Edit {
        void make() throws IOException;
    }

    /** What was said. */
    private record Said(Heard heard) {
        void says(String text) {
            assertThat(heard.facts("compile")).containsExactly(text);
        }
    }

    private Said after(Edit edit) throws IOException {
        edit.make();
        return new Said(compile(false));
    }

    /** Whatever an edit before did not reach, although it should have, still is what it was. */
    private void everythingIsAsWhenAllIsCompiled() throws IOException {
        Map<String, String> byHalves = hashes();
        compile(true);
        assertThat(byHalves).hasSize(all).isEqualTo(hashes());
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(tree.file(path).getParent());
        Files.writeString(tree.file(path), text);
    }

    private void append(String path, String text) throws IOException {
        write(path, Files.readString(tree.file(path)) + text);
    }

    private BuildRequest request(boolean force) {
        return Requests.of(tree.root(), directory.resolve("home"))
                .platforms("linux/amd64")
                .force(force)
                .build();
    }

    private Heard compile(boolean force) {
        Heard heard = new Heard();
        Pipeline.of(request(force), heard).run(List.of(StepName.CROSS_COMPILE, StepName.COPY_OUTPUT), true);
        return heard;
    }

    private Map<String, String> hashes() throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (Stream<Path> files = Files.list(tree.file("_output/dockerized/bin/linux/amd64"))) {
            for (Path file : files.toList()) {
                boolean test = file.toString().endsWith(".test");
                byte[] bytes = test ? new byte[0] : Files.readAllBytes(file);
                hashes.put(
                        file.getFileName().toString(),
                        HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        return hashes;
    }
}
