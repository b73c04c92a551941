package io.kubebuild.image.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.tree.Platform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine would pull for a Dockerfile. */
class BaseNamesTest {

    private static final Platform ARM = Platform.parse("linux/arm64").orElseThrow();
    private static final Platform AMD = Platform.parse("linux/amd64").orElseThrow();

    @Test
    void stagesAreNoImages() {
        assertThat(bases("""
                FROM golang:1.13.4 AS Build
                RUN make
                FROM build
                COPY --from=0 /a /a
                COPY --from=build /b /b
                FROM scratch
                """, Map.of())).containsExactly("docker.io/library/golang:1.13.4 linux/arm64");
    }

    @Test
    void argumentsStandForNames() {
        String dockerfile = """
                ARG REGISTRY=k8s.gcr.io
                ARG BASEIMAGE
                ARG SETCAP=${REGISTRY}/setcap:v1
                FROM --platform=linux/${BUILDARCH} ${SETCAP} as setcap
                FROM $BASEIMAGE
                COPY --from=registry.example/tools:2 /t /t
                """;

        assertThat(bases(dockerfile, Map.of("BASEIMAGE", "k8s.gcr.io/base:1", "REGISTRY", "nexus:5000")))
                .containsExactly(
                        "nexus:5000/setcap:v1 linux/amd64",
                        "k8s.gcr.io/base:1 linux/arm64",
                        "registry.example/tools:2 linux/arm64");
    }

    @Test
    void aStageMayHaveTheNameOfItsImage() {
        assertThat(bases("FROM golang as golang\nFROM golang\n", Map.of()))
                .containsExactly("docker.io/library/golang:latest linux/arm64");
    }

    @Test
    void aNameWithoutAValueIsLeftToTheEngine() {
        assertThat(bases("ARG BASE\nFROM $BASE\nFROM a:1\n", Map.of()))
                .containsExactly("docker.io/library/a:1 linux/arm64");
    }

    private static List<String> bases(String dockerfile, Map<String, String> arguments) {
        return BaseNames.of(Dockerfile.parse(dockerfile), arguments, ARM, AMD).stream()
                .map(base -> base.reference() + " " + base.platform())
                .toList();
    }
}
