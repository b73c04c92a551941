package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What machines of others are like: the same bytes, whatever the directory is called, in every locale, with little of everything. */
@RequiresEngine
@Tag("more")
@TestInstance(Lifecycle.PER_CLASS)
class SituationsIT {

    private final Path directory;
    private Map<String, String> usual = Map.of();

    SituationsIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @BeforeAll
    void asUsual() {
        usual = released("usual", build -> build);
        assertThat(usual).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b größe-日本 it's a:b,c=d [x]{y} $HOME", "-dashed", "deep"})
    void theDirectoryHasAnyName(String name) {
        String deep = ("/" + "0123456789".repeat(20)).repeat(4);
        assertThat(released(name.equals("deep") ? name + deep : name, build -> build))
                .isEqualTo(usual);
    }

    @Test
    void theShellHasSetLimits() {
        assertThat(released("limits", build -> build.after("umask 077 && ulimit -n 256 && ulimit -s 1024")))
                .isEqualTo(usual);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Duser.language=tr -Duser.country=TR -Dfile.encoding=ISO-8859-1",
                "-Duser.language=ar -Duser.country=EG -Duser.timezone=Asia/Kathmandu"
            })
    void theEnvironmentSaysAnything(String java) {
        Map<String, String> variables = Map.of(
                "MAVEN_OPTS", java,
                "JAVA_TOOL_OPTIONS", "-Dof.the.machine=true -Xss512k",
                "LC_ALL", "C",
                "TZ", "Pacific/Apia",
                "GIT_DIR", "/nowhere",
                "POSIXLY_CORRECT", "1",
                "CDPATH", "/:/tmp");
        assertThat(released("environment", build -> {
                    variables.forEach(build::environment);
                    return build;
                }))
                .isEqualTo(usual);
    }

    /** As {@code umask 077} leaves a checkout. Upstream's tarballs keep the modes of the tree's files, and so do ours. */
    @Test
    void nobodyElseMayReadTheTree() {
        SampleTree tree = SampleTree.in(directory.resolve("private"));
        HostCommand.of(tree.directory(), "chmod", "-R", "go-rwx", ".").succeeds();

        assertThat(release(tree, build -> build).keySet()).isEqualTo(usual.keySet());
    }

    private Map<String, String> released(String name, UnaryOperator<MavenBuild> situation) {
        return release(SampleTree.in(directory.resolve(name)), situation);
    }

    private static Map<String, String> release(SampleTree tree, UnaryOperator<MavenBuild> situation) {
        try {
            situation
                    .apply(MavenBuild.in(tree.directory()).goal("release"))
                    .parameter("kube.platforms", "linux/amd64")
                    .parameter("kube.conformance", "false")
                    .execute()
                    .succeeded();
            return ReleasedTree.withoutTestBinaries(ReleasedTree.results(tree.file("_output")));
        } finally {
            MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
            HostCommand.of(Path.of("/"), "rm", "-rf", tree.directory().toString())
                    .succeeds();
        }
    }
}
