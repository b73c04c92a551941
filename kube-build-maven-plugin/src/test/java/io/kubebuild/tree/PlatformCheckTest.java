package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.problem.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlatformCheckTest {

    private static final Description DESCRIPTION = new Description(Map.of(
            "supported KUBE_SERVER_PLATFORMS", List.of("linux/amd64", "linux/arm64"),
            "supported KUBE_CLIENT_PLATFORMS", List.of("linux/amd64", "darwin/amd64")));

    @Test
    void takesCommasAndBlanksAndDropsRepetitions() {
        PlatformCheck check =
                PlatformCheck.against(DESCRIPTION, List.of("darwin/amd64,linux/amd64", " linux/arm64 linux/amd64 "));

        assertThat(check.problems()).isEmpty();
        assertThat(check.platforms()).hasToString("[darwin/amd64, linux/amd64, linux/arm64]");
    }

    @Test
    void reportsEveryUnknownPlatformAtOnce() {
        PlatformCheck check =
                PlatformCheck.against(DESCRIPTION, List.of("linux/amd46,linux/amd64,Linux_ARM64,plan9/mips"));

        assertThat(check.platforms()).hasToString("[linux/amd64]");
        assertThat(check.problems())
                .containsExactly(
                        new Problem(
                                "kube.platforms has linux/amd46, which this tree does not build for",
                                "it builds for darwin/amd64, linux/amd64, linux/arm64",
                                "-Dkube.platforms=linux/amd64"),
                        new Problem(
                                "kube.platforms has Linux_ARM64, which is no platform",
                                "a platform is <operating system>/<architecture> in lower case, as Go names them",
                                "-Dkube.platforms=linux/arm64"),
                        new Problem(
                                "kube.platforms has plan9/mips, which this tree does not build for",
                                "it builds for darwin/amd64, linux/amd64, linux/arm64",
                                "take one of these, or leave kube.platforms out for all"));
    }

    @Test
    void saysWhereAReleasesPlatformsCannotBeChosen() {
        Description chosen = new Description(Map.of("KUBE_SERVER_PLATFORMS", List.of("linux/amd64")));
        Description all = new Description(Map.of("KUBE_SERVER_PLATFORMS", List.of("linux/amd64", "linux/arm64")));

        PlatformCheck check = PlatformCheck.syntax(List.of("linux/amd64"));
        assertThat(check.ignoredBy(chosen)).isEmpty();
        assertThat(check.ignoredBy(all)).hasValueSatisfying(problem -> {
            assertThat(problem.why()).isEqualTo("its scripts would also build for linux/arm64");
            assertThat(problem.fix()).contains("-Dkube.quick=true");
        });
        assertThat(PlatformCheck.syntax(List.of()).ignoredBy(all)).isEmpty();
    }

    @Test
    void checksTheSyntaxAloneWhereNothingIsKnown() {
        PlatformCheck check = PlatformCheck.syntax(List.of("plan9/mips,linux"));

        assertThat(check.platforms()).hasToString("[plan9/mips]");
        assertThat(check.problems())
                .extracting(Problem::what)
                .containsExactly("kube.platforms has linux, which is no platform");
    }
}
