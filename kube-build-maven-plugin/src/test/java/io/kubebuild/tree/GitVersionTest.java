package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GitVersionTest {

    private static final GitVersion RELEASE =
            new GitVersion("faecb196815e248d3ecfb03c680a4507229c2a56", "archive", "v1.20.2", "1", "20");

    @Test
    void writesFiveQuotedLines() {
        assertThat(RELEASE.format()).isEqualTo("""
                        KUBE_GIT_COMMIT='faecb196815e248d3ecfb03c680a4507229c2a56'
                        KUBE_GIT_TREE_STATE='archive'
                        KUBE_GIT_VERSION='v1.20.2'
                        KUBE_GIT_MAJOR='1'
                        KUBE_GIT_MINOR='20'
                        """);
    }

    @Property(tries = 200)
    void readsWhatItWrote(@ForAll("versions") GitVersion version) {
        assertThat(GitVersion.parse(version.format())).contains(version);
    }

    @Provide
    Arbitrary<GitVersion> versions() {
        Arbitrary<String> words =
                Arbitraries.strings().withChars("abcv019.+-_ \"$").ofMaxLength(20);
        return Combinators.combine(words, words, words, words, words).as(GitVersion::new);
    }

    @Test
    void bashReadsItToo(@TempDir Path directory) throws IOException, InterruptedException {
        Files.writeString(directory.resolve(GitVersion.FILE), RELEASE.format());

        assertThat(Bash.run(
                        directory,
                        Map.of(),
                        "source ./" + GitVersion.FILE + "; echo $KUBE_GIT_VERSION $KUBE_GIT_MINOR"))
                .isEqualTo("v1.20.2 20\n");
    }

    @Test
    void readsFilesThatPeopleWrote() {
        assertThat(GitVersion.parse("# ours\nexport KUBE_GIT_VERSION=\"v1.2.3\"\n\nKUBE_GIT_COMMIT=abc\n"))
                .contains(new GitVersion("abc", "", "v1.2.3", "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"KUBE_GIT_VERSION=$(git describe)", "if true; then", "KUBE_GIT_VERSION='v1", "A=b; C=d"})
    void refusesWhatOnlyBashUnderstands(String text) {
        assertThat(GitVersion.parse(text)).isEmpty();
    }

    @Test
    void replacesTheFirstPlusInAnImageTag() {
        assertThat(new GitVersion("", "", "v1.2.0-1+abc+d", "", "").dockerTag()).isEqualTo("v1.2.0-1_abc+d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v1.20.2", "v1.20", "v1.20.2-rc.1", "v1.20.2-4+1234567890abcd", "v1.20.2-4+1234567890abcd-dirty"
            })
    void acceptsSemanticVersions(String version) {
        assertThat(new GitVersion("", "", version, "", "").semverProblem()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.20.2", "v1", "v1.20.2_corp", "v1.20.2 ", "release-1.20", "v1.20.2+", ""})
    void refusesOthers(String version) {
        assertThat(new GitVersion("", "", version, "", "").semverProblem())
                .map(Problem::fix)
                .hasValueSatisfying(fix -> assertThat(fix).contains("-Dkube.git.version"));
    }
}
