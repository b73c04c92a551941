package io.kubebuild.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.tree.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class GoCommandTest {

    private static final Toolchain GO = new Toolchain(new Platform("linux", "amd64"), "go1.19", "/go");

    private static GoCommand command(Map<String, String> environment, String... words) {
        return new GoCommand("/tree", new TreeMap<>(environment), List.of(words));
    }

    @Test
    void tellsFlagsWithAValueInTheNextWordFromThoseWithout() {
        GoCommand command = command(
                Map.of(),
                "go",
                "install",
                "-v",
                "-p",
                "4",
                "-trimpath",
                "-tags",
                "a,b",
                "-ldflags=-s -w",
                "x/a",
                "x/b");

        assertThat(command.verb()).isEqualTo("install");
        assertThat(command.flags()).containsExactly("-v", "-p", "4", "-trimpath", "-tags", "a,b", "-ldflags=-s -w");
        assertThat(command.packages()).containsExactly("x/a", "x/b");
        assertThat(command.flag("ldflags")).contains("-s -w");
        assertThat(command.flag("tags")).contains("a,b");
    }

    @Test
    void findsTheVerbBehindAChangeOfDirectory() {
        GoCommand command = command(Map.of(), "go", "-C", "staging", "build", "-o", "out/x", "./cmd/x");

        assertThat(command.verb()).isEqualTo("build");
        assertThat(command.effectiveDirectory()).isEqualTo("/tree/staging");
        assertThat(new GoOutputs(GO).path(command, "./cmd/x")).isEqualTo("/tree/staging/out/x");
    }

    @Test
    void emptyValuesAreValues() {
        GoCommand command = command(Map.of(), "go", "install", "-gcflags", "", "-tags", "", "x/a");

        assertThat(command.packages()).containsExactly("x/a");
        assertThat(command.flag("gcflags")).contains("");
    }

    @Test
    void installsWhereGoInstalls() {
        assertThat(path(Map.of("GOPATH", "/g:/other"), "install", "x/kubectl")).isEqualTo("/g/bin/kubectl");
        assertThat(path(Map.of("GOPATH", "/g", "GOOS", "windows", "GOARCH", "amd64"), "install", "x/kubectl"))
                .isEqualTo("/g/bin/windows_amd64/kubectl.exe");
        assertThat(path(Map.of("HOME", "/h"), "install", "x/kubectl")).isEqualTo("/h/go/bin/kubectl");
        assertThat(path(Map.of("GOBIN", "/b", "GOPATH", "/g"), "install", "x/kubectl"))
                .isEqualTo("/b/kubectl");
    }

    @Test
    void aMajorVersionIsNoNameOnModules() {
        Map<String, String> gopath = Map.of("GOPATH", "/g");
        assertThat(path(gopath, "install", "example.org/tool/v2")).isEqualTo("/g/bin/tool");
        assertThat(path(gopath, "install", "example.org/ginkgo/v2/ginkgo")).isEqualTo("/g/bin/ginkgo");
        assertThat(path(gopath, "install", "example.org/tool/v1")).isEqualTo("/g/bin/v1");
        assertThat(path(Map.of("GOPATH", "/g", "GO111MODULE", "off"), "install", "example.org/tool/v2"))
                .isEqualTo("/g/bin/v2");
    }

    @Test
    void compiledTestsLieWhereTheyAreTold() {
        assertThat(path(Map.of(), "test -c -o /g/bin/e2e.test", "x/test/e2e")).isEqualTo("/g/bin/e2e.test");
        assertThat(path(Map.of(), "test -c", "x/test/e2e")).isEqualTo("/tree/e2e.test");
        assertThat(path(Map.of("GOOS", "windows"), "test -c", "x/test/e2e")).isEqualTo("/tree/e2e.test.exe");
        assertThat(path(Map.of(), "build -o out/", "x/cmd/a")).isEqualTo("/tree/out/a");
    }

    private static String path(Map<String, String> environment, String head, String packagePath) {
        List<String> words = new ArrayList<>(List.of("go"));
        words.addAll(List.of(head.split(" ", -1)));
        words.add(packagePath);
        return new GoOutputs(GO).path(new GoCommand("/tree", new TreeMap<>(environment), words), packagePath);
    }

    @Property(tries = 200)
    void splitsAnyCommandIntoHeadAndPackages(
            @ForAll("flags") List<List<String>> flags, @ForAll("packages") List<String> packages) {
        List<String> words = new ArrayList<>(List.of("go", "install"));
        flags.forEach(words::addAll);
        words.addAll(packages);
        GoCommand command = new GoCommand("/tree", new TreeMap<>(), words);

        assertThat(command.packages()).isEqualTo(packages);
        assertThat(command.flags())
                .isEqualTo(flags.stream().flatMap(List::stream).toList());
        assertThat(command.withPackages(packages)).isEqualTo(command);
    }

    @Provide
    Arbitrary<List<List<String>>> flags() {
        Arbitrary<String> value = Arbitraries.of("", "-s -w", "-trimpath=/go", "a,b", "all=-N -l", "x/y");
        Arbitrary<List<String>> alone =
                Arbitraries.of("-v", "-a", "-race", "-trimpath", "--x").map(List::of);
        Arbitrary<List<String>> joined = value.map(text -> List.of("-ldflags=" + text));
        Arbitrary<List<String>> apart = Arbitraries.of("-ldflags", "-gcflags", "-tags", "--mod", "-p")
                .flatMap(name -> value.map(text -> List.of(name, text)));
        return Arbitraries.oneOf(alone, joined, apart).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<List<String>> packages() {
        return Arbitraries.of("x/a", "./cmd/b", "k8s.io/kubernetes/cmd/c", ".")
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }
}
