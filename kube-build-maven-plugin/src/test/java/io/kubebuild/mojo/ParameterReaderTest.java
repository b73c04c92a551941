package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener.Fact;
import io.kubebuild.problem.KubeException;
import io.kubebuild.tree.Platform;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParameterReaderTest {

    private static final ParameterName PLATFORMS = ParameterName.of("kube.platforms", "KUBE_BUILD_PLATFORMS");
    private static final ParameterName LD_FLAGS = ParameterName.of("kube.goLdFlags", "GOLDFLAGS");
    private static final ParameterName CONFORMANCE = ParameterName.of("kube.conformance", "KUBE_BUILD_CONFORMANCE");

    @Test
    void aGivenValueWinsOverTheEnvironment() {
        ParameterReader reader = reader(Map.of("KUBE_BUILD_PLATFORMS", "linux/arm64"), "kube.platforms", "linux/amd64");

        assertThat(reader.words(PLATFORMS, List.of("linux/amd64"))).containsExactly("linux/amd64");
        assertThat(reader.origins()).containsExactly(new Fact("kube.platforms", "linux/amd64 (from the command line)"));
    }

    @Test
    void theEnvironmentWinsOverNothing() {
        ParameterReader reader = reader(Map.of("KUBE_BUILD_PLATFORMS", "linux/arm64 linux/amd64"));

        assertThat(reader.words(PLATFORMS, null)).containsExactly("linux/arm64", "linux/amd64");
        assertThat(reader.origins())
                .containsExactly(new Fact(
                        "kube.platforms",
                        "linux/arm64 linux/amd64 (from the environment variable KUBE_BUILD_PLATFORMS)"));
    }

    @Test
    void whatNobodyGaveIsEmptyAndHasNoOrigin() {
        ParameterReader reader = reader(Map.of("KUBE_BUILD_PLATFORMS", " "));

        assertThat(reader.words(PLATFORMS, null)).isEmpty();
        assertThat(reader.text(LD_FLAGS, "  ")).isEmpty();
        assertThat(reader.flag(CONFORMANCE, null)).isEmpty();
        assertThat(reader.origins()).isEmpty();
    }

    @Test
    void wordsMayBeListedInEveryUsualWay() {
        ParameterReader reader = reader(Map.of());

        assertThat(reader.words(PLATFORMS, Arrays.asList("linux/amd64, linux/arm64", null, "\n  windows/amd64\n")))
                .containsExactly("linux/amd64", "linux/arm64", "windows/amd64");
    }

    @Test
    void anElementOfThePomIsToldFromAPropertyOfAnotherValue() {
        ParameterReader reader = reader(Map.of(), "kube.platforms", "linux/arm64");

        reader.words(PLATFORMS, List.of("linux/amd64"));

        assertThat(reader.origins()).containsExactly(new Fact("kube.platforms", "linux/amd64 (from the POM)"));
    }

    @Test
    void aPropertyOfThePomIsNamed() {
        Properties project = new Properties();
        project.setProperty("kube.platforms", "linux/amd64");
        ParameterReader reader = new ParameterReader(Map.of(), new Properties(), project);

        reader.words(PLATFORMS, List.of("linux/amd64"));

        assertThat(reader.origins())
                .containsExactly(new Fact("kube.platforms", "linux/amd64 (from the POM's properties)"));
    }

    @Test
    void noneIsSetButEmptyAndSoIsAnEmptyVariable() {
        assertThat(flags(Map.of("GOLDFLAGS", "-s"), "none")).contains("");
        assertThat(flags(Map.of("GOLDFLAGS", ""), null)).contains("");
        assertThat(flags(Map.of("GOLDFLAGS", ""), "-w")).contains("-w");
        assertThat(flags(Map.of(), "")).isEmpty();
    }

    private static Optional<String> flags(Map<String, String> environment, @Nullable String value) {
        return reader(environment).textOrNone(LD_FLAGS, value, flags -> flags.startsWith("-"), "flags");
    }

    @Test
    void flagsAreReadInTheWordsOfTheirOrigin() {
        assertThat(reader(Map.of()).flag(CONFORMANCE, "TRUE", "y", "n")).contains(true);
        assertThat(reader(Map.of("KUBE_BUILD_CONFORMANCE", "n")).flag(CONFORMANCE, null, "y", "n"))
                .contains(false);
    }

    @Test
    void reportsEveryProblemAtOnceInTheUsersOwnSyntax() {
        ParameterReader reader =
                reader(Map.of("KUBE_BUILD_CONFORMANCE", "maybe"), "kube.platforms", "linux-amd64,linux/arm64,amd64");

        reader.words(PLATFORMS, List.of("linux-amd64,linux/arm64,amd64"), Platform::parse, "GOOS/GOARCH");
        reader.flag(CONFORMANCE, null, "y", "n");
        reader.flag(ParameterName.of("kube.docker.force"), "yes");

        assertThatThrownBy(reader::throwProblems)
                .isInstanceOf(KubeException.class)
                .hasMessage("""
                        -Dkube.platforms=linux-amd64 is not valid
                          fix: allowed: GOOS/GOARCH; given by the command line
                        -Dkube.platforms=amd64 is not valid
                          fix: allowed: GOOS/GOARCH; given by the command line
                        KUBE_BUILD_CONFORMANCE=maybe is not valid
                          fix: allowed: y or n; given by the environment variable KUBE_BUILD_CONFORMANCE
                        <dockerForce>yes</dockerForce> is not valid
                          fix: allowed: true or false; given by the POM""");
    }

    @Test
    void pairsKeepTheirOrderAndTheirSecondEqualsSign() {
        ParameterReader reader = reader(Map.of());

        assertThat(reader.pairs(ParameterName.of("kube.mirrors"), List.of("a=b=c,d=e f=g"), "A=B"))
                .containsExactly(Map.entry("a", "b=c"), Map.entry("d", "e"), Map.entry("f", "g"));
    }

    @Test
    void halfPairsAreReported() {
        ParameterReader reader = reader(Map.of());

        assertThat(reader.pairs(ParameterName.of("kube.mirrors"), List.of("=b,a=,c"), "A=B"))
                .isEmpty();
        assertThatThrownBy(reader::throwProblems)
                .hasMessageContainingAll("<mirrors>=b<", "<mirrors>a=<", "<mirrors>c<");
    }

    @Test
    void passwordsAreNotShown() {
        ParameterReader reader = reader(Map.of());

        reader.text(ParameterName.of("kube.httpProxy"), "http://me:secret@proxy:3128");

        assertThat(reader.origins())
                .containsExactly(new Fact("kube.httpProxy", "http://***@proxy:3128 (from the POM)"));
    }

    private static ParameterReader reader(Map<String, String> environment, String... userProperties) {
        Properties properties = new Properties();
        for (int i = 0; i < userProperties.length; i += 2) {
            properties.setProperty(userProperties[i], userProperties[i + 1]);
        }
        return new ParameterReader(environment, properties, new Properties());
    }
}
