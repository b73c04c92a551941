package io.kubebuild.image.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.tree.Platform;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeReaderTest {

    private static final Platform ARM = new Platform("linux", "arm64");
    private static final Platform AMD = new Platform("linux", "amd64");

    @Test
    void readsTheTextThatOlderTreesWriteForTheirServerImages() {
        ImageRecipe recipe = understood("""
                FROM --platform=linux/amd64 k8s.gcr.io/build-image/go-runner:buster-v2.2.2
                COPY kube-apiserver /usr/local/bin/kube-apiserver
                COPY nsswitch.conf /etc/
                """, Map.of());

        assertThat(recipe.base()).isEqualTo("k8s.gcr.io/build-image/go-runner:buster-v2.2.2");
        assertThat(recipe.platform()).contains("linux/amd64");
        assertThat(recipe.contents())
                .containsExactly(
                        copy("kube-apiserver", "/usr/local/bin/kube-apiserver"), copy("nsswitch.conf", "/etc/"));
        assertThat(recipe.settings()).isEqualTo(ImageRecipe.Settings.NONE);
    }

    @Test
    void resolvesTheStageThatGivesAFileItsCapability() {
        ImageRecipe recipe = understood(
                """
                # one stage sets the capability, the other is the image
                ARG BINARY
                ARG BASEIMAGE
                ARG SETCAP_IMAGE
                FROM --platform=linux/$BUILDARCH ${SETCAP_IMAGE}
                ARG BINARY
                COPY ${BINARY} /${BINARY}
                RUN setcap cap_net_bind_service=+ep /${BINARY}

                FROM --platform=linux/$TARGETARCH ${BASEIMAGE}
                ARG BINARY
                COPY --from=0 /${BINARY} /usr/local/bin/${BINARY}
                """, Map.of("BINARY", "kube-apiserver", "BASEIMAGE", "go-runner:1", "SETCAP_IMAGE", "setcap:1"));

        assertThat(recipe.base()).isEqualTo("go-runner:1");
        assertThat(recipe.platform()).contains("linux/arm64");
        assertThat(recipe.contents())
                .containsExactly(new ImageRecipe.Copy(
                        "kube-apiserver",
                        "/usr/local/bin/kube-apiserver",
                        Optional.empty(),
                        FileCapability.parse("cap_net_bind_service=+ep")));
    }

    @Test
    void readsExecFormsNamedStagesAndModes() {
        ImageRecipe recipe = understood("""
                FROM setcap AS caps
                COPY --chmod=755 server /server
                RUN ["setcap", "cap_net_bind_service=+ep", "/server"]
                FROM scratch
                COPY --from=CAPS /server /bin/
                COPY --chmod=0700 ["kube log", "/go-runner"]
                """, Map.of());

        assertThat(recipe.contents())
                .containsExactly(
                        new ImageRecipe.Copy(
                                "server",
                                "/bin/server",
                                Optional.of(0755),
                                FileCapability.parse("cap_net_bind_service=ep")),
                        new ImageRecipe.Copy("kube log", "/go-runner", Optional.of(0700), Optional.empty()));
    }

    @Test
    void readsSettings() {
        ImageRecipe recipe = understood("""
                FROM base
                ARG VERSION=1.0
                ENV A=1 B="two words" C='$A' \\
                    # a comment in between
                    D=${VERSION}-${E:-none}
                ENV OLD the rest  of "it"
                LABEL "org.example.name"=kube version="$VERSION"
                USER 65532:65532
                WORKDIR /var
                WORKDIR lib/$VERSION
                COPY x .
                ENTRYPOINT ["/go-runner", "--log"]
                CMD echo hello $HOME
                """, Map.of("VERSION", "2.0"));

        ImageRecipe.Settings settings = recipe.settings();
        assertThat(settings.environment())
                .containsExactly(
                        Map.entry("A", "1"),
                        Map.entry("B", "two words"),
                        Map.entry("C", "$A"),
                        Map.entry("D", "2.0-none"),
                        Map.entry("OLD", "the rest  of it"));
        assertThat(settings.labels()).containsOnly(Map.entry("org.example.name", "kube"), Map.entry("version", "2.0"));
        assertThat(settings.user()).contains("65532:65532");
        assertThat(settings.directory()).contains("/var/lib/2.0");
        assertThat(settings.entrypoint()).contains(List.of("/go-runner", "--log"));
        assertThat(settings.command()).contains(List.of("/bin/sh", "-c", "echo hello $HOME"));
        assertThat(recipe.contents())
                .containsExactly(
                        new ImageRecipe.Directory("/var"),
                        new ImageRecipe.Directory("/var/lib/2.0"),
                        copy("x", "/var/lib/2.0/"));
    }

    @Test
    void takesTheBasesCommandAwayWithItsEntryPoint() {
        assertThat(understood("FROM a\nENTRYPOINT [\"/b\"]", Map.of())
                        .settings()
                        .command())
                .contains(List.of());
        assertThat(understood("FROM a\nCMD [\"x\"]\nENTRYPOINT [\"/b\"]", Map.of())
                        .settings()
                        .command())
                .contains(List.of("x"));
    }

    @Test
    void goesOnFromAnEarlierStage() {
        ImageRecipe recipe = understood("FROM a AS b\nENV X=1\nCOPY f /f\nFROM b\nCOPY g /g", Map.of());

        assertThat(recipe.base()).isEqualTo("a");
        assertThat(recipe.contents()).hasSize(2);
        assertThat(recipe.settings().environment()).containsEntry("X", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FROM a\nRUN apt-get update",
                "FROM a\nRUN setcap cap_net_bind_service=+ep /x && true",
                "FROM a\nRUN setcap cap_net_bind_service=+ep /not-copied",
                "FROM a\nADD http://x /y",
                "FROM a\nEXPOSE 80",
                "FROM a\nCOPY *.sh /",
                "FROM a\nCOPY --chown=1:1 a /",
                "FROM a\nCOPY --from=busybox:1 /bin/sh /",
                "FROM a AS b\nFROM c\nCOPY --from=b /bin/sh /",
                "FROM a\nCOPY x relative",
                "FROM a\nENV PATH=$PATH:/x",
                "FROM a\nCOPY <<EOF /x",
                "FROM a\nLABEL x=\"open",
                "FROM ${NEVER}",
                "COPY a /b",
                "",
            })
    void leavesTheRestToTheEngineWithAReason(String dockerfile) {
        RecipeReader.Reading reading = RecipeReader.read(Dockerfile.parse(dockerfile), Map.of(), ARM, AMD);

        assertThat(reading).isInstanceOfSatisfying(RecipeReader.NotUnderstood.class, not -> assertThat(not.reason())
                .isNotBlank());
    }

    @Test
    void namesLineAndInstructionInTheReason() {
        RecipeReader.Reading reading =
                RecipeReader.read(Dockerfile.parse("FROM a\n\n# c\nRUN make"), Map.of(), ARM, AMD);

        assertThat(reading)
                .isEqualTo(new RecipeReader.NotUnderstood(
                        "line 4: RUN make: only RUN setcap <capabilities> <file> is read"));
    }

    @ParameterizedTest
    @CsvSource({
        "cap_net_bind_service=+ep, 0100000200040000000000000000000000000000",
        "cap_net_bind_service+eip, 0100000200040000000400000000000000000000",
        "'cap_setuid,cap_chown=p', 0000000281000000000000000000000000000000",
    })
    void encodesCapabilitiesAsTheKernelKeepsThem(String clause, String hex) {
        assertThat(HexFormat.of()
                        .formatHex(FileCapability.parse(clause).orElseThrow().attribute()))
                .isEqualTo(hex);
    }

    private static ImageRecipe.Copy copy(String source, String target) {
        return new ImageRecipe.Copy(source, target, Optional.empty(), Optional.empty());
    }

    private static ImageRecipe understood(String dockerfile, Map<String, String> arguments) {
        RecipeReader.Reading reading = RecipeReader.read(Dockerfile.parse(dockerfile), arguments, ARM, AMD);
        if (reading instanceof RecipeReader.Understood understood) {
            return understood.recipe();
        }
        throw new AssertionError(reading.toString());
    }
}
