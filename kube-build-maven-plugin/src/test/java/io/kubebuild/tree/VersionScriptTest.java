package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionScriptTest {

    /** The same rules in bash and sed, the tools whose regular expressions the tree's script is written in. */
    private static final String ORACLE = """
            v=$1
            d=${v//[^-]/}
            case $d in
            ---) v=$(sed 's/-\\([0-9]\\{1,\\}\\)-g\\([0-9a-f]\\{14\\}\\)$/.\\1+\\2/' <<<"$v") ;;
            --) v=$(sed 's/-g\\([0-9a-f]\\{14\\}\\)$/+\\1/' <<<"$v") ;;
            esac
            major= minor=
            if [[ $v =~ ^v([0-9]+)\\.([0-9]+)(\\.[0-9]+)?([-].*)?([+].*)?$ ]]; then
              major=${BASH_REMATCH[1]}
              minor=${BASH_REMATCH[2]}${BASH_REMATCH[4]:+"+"}
            fi
            echo "$v|$major|$minor"
            """;

    private final VersionScript script = VersionScript.of(TestTree.checkoutScript());

    @ParameterizedTest
    @CsvSource({
        "v1.20.2, v1.20.2, 1, 20",
        "v1.1.0-1-g84c76d1142ea4d, v1.1.0-1+84c76d1142ea4d, 1, 1+",
        "v1.2.0-alpha.1-5-g84c76d1142ea4d, v1.2.0-alpha.1.5+84c76d1142ea4d, 1, 2+",
        "v1.20.2+corp.1, v1.20.2+corp.1, 1, 20",
        "v1.20.0-rc.0, v1.20.0-rc.0, 1, 20+",
    })
    void rewritesByTheNumberOfDashes(String described, String version, String major, String minor) {
        assertThat(script.rewrite(described)).isEqualTo(version);
        assertThat(script.majorMinor(version)).contains(new VersionScript.MajorMinor(major, minor));
    }

    @Test
    void rewritesInOneWayBeforeV15() {
        VersionScript old = VersionScript.of("describe --tags --abbrev=14");

        assertThat(old.rewrite("v1.2.0-1-g84c76d1142ea4d")).isEqualTo("v1.2.0.1+84c76d1142ea4d");
        assertThat(old.tagMatch()).isEmpty();
        assertThat(old.refusesOtherThanSemver()).isFalse();
    }

    @Property(tries = 60)
    void rewritesAsBashAndSedDo(@ForAll("described") String described) throws IOException, InterruptedException {
        String version = script.rewrite(described);
        Optional<VersionScript.MajorMinor> parts = script.majorMinor(version);
        String ours = version + "|"
                + parts.map(VersionScript.MajorMinor::major).orElse("") + "|"
                + parts.map(VersionScript.MajorMinor::minor).orElse("");

        String theirs = Bash.run(Path.of("/"), Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"), ORACLE, described);
        assertThat(ours + "\n").isEqualTo(theirs);
    }

    @Provide
    Arbitrary<String> described() {
        Arbitrary<String> tag = Arbitraries.of(
                "v1.20.2",
                "v1.20",
                "v1.2.0-alpha.1",
                "v1.9.0-beta.2",
                "v1.20.2-corp-1",
                "v1.20.2+corp",
                "release",
                "v10.0.1");
        Arbitrary<String> distance = Arbitraries.integers().between(1, 4000).map(n -> "-" + n);
        Arbitrary<String> commit = Arbitraries.strings()
                .withChars("0123456789abcdef")
                .ofMinLength(13)
                .ofMaxLength(15)
                .map(hex -> "-g" + hex);
        Arbitrary<String> far = Combinators.combine(tag, distance, commit).as((t, d, c) -> t + d + c);
        Arbitrary<String> odd = Arbitraries.strings().withChars("v1.-+g0a").ofMaxLength(30);
        return Arbitraries.oneOf(far, far, tag, odd);
    }

    @Test
    void readsWhatGitArchiveWrote() {
        VersionScript archive =
                VersionScript.of(TestTree.archiveScript("%", "faecb196", "HEAD -> release-1.20, tag: v1.20.2"));

        assertThat(archive.archive())
                .contains(new VersionScript.Archive("faecb196", "archive", Optional.of("v1.20.2")));
    }

    @Test
    void knowsAnArchiveOfACommitWithoutTag() {
        VersionScript archive = VersionScript.of(TestTree.archiveScript("%", "faecb196", "HEAD -> master"));

        assertThat(archive.archive()).contains(new VersionScript.Archive("faecb196", "archive", Optional.empty()));
    }

    @Test
    void takesUnreplacedMarkersForACheckout() {
        assertThat(script.archive()).isEmpty();
        assertThat(script.tagMatch()).contains("v*");
    }
}
