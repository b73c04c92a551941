package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the images of Makefiles begin from, as the Makefiles of several releases have it. */
class MadeImageTest {

    private final TestTree tree;

    MadeImageTest(@TempDir Path directory) throws IOException {
        this.tree = TestTree.rsync(directory);
    }

    @Test
    void theTreesDefaultHoldsWhereTheUserSaysNothing() throws IOException {
        tree.write("build/lib/release.sh", """
                KUBE_BUILD_CONFORMANCE=${KUBE_BUILD_CONFORMANCE:-y}
                KUBE_BUILD_HYPERKUBE=${KUBE_BUILD_HYPERKUBE:-n}
                function kube::release::build_conformance_image() { :; }
                """);

        assertThat(MadeImage.CONFORMANCE.isMade(tree.located(), Optional.empty()))
                .isTrue();
        assertThat(MadeImage.CONFORMANCE.isMade(tree.located(), Optional.of(false)))
                .isFalse();
        assertThat(MadeImage.HYPERKUBE.isMade(tree.located(), Optional.of(true)))
                .as("the tree has no function for it")
                .isFalse();
    }

    @Test
    void v1_14NamesABaseForEachArchitecture() throws IOException {
        tree.write("cluster/images/hyperkube/Makefile", """
                REGISTRY?=staging-k8s.gcr.io
                ARCH?=amd64
                BASEIMAGE=k8s.gcr.io/debian-hyperkube-base-$(ARCH):0.12.1
                TEMP_DIR:=$(shell mktemp -d -t hyperkubeXXXXXX)
                """);

        assertThat(MadeImage.HYPERKUBE.bases(tree.located(), "arm64", Map.of()))
                .containsExactly("k8s.gcr.io/debian-hyperkube-base-arm64:0.12.1");
    }

    @Test
    void v1_20HasOneName() throws IOException {
        tree.write("cluster/images/conformance/Makefile", "ARCH?=amd64\nBASEIMAGE=debian:stretch-slim\n");

        assertThat(MadeImage.CONFORMANCE.bases(tree.located(), "amd64", Map.of()))
                .containsExactly("debian:stretch-slim");
    }

    @Test
    void v1_24HasTwoBasesAndReadsTheRegistryFromTheEnvironment() throws IOException {
        tree.write("test/conformance/image/Makefile", """
                ARCH?=amd64
                KUBE_BASE_IMAGE_REGISTRY?=k8s.gcr.io
                BASE_IMAGE_VERSION?=bullseye-v1.2.0
                BASEIMAGE?=${KUBE_BASE_IMAGE_REGISTRY}/build-image/debian-base-${ARCH}:${BASE_IMAGE_VERSION}
                DISTROLESS_IMAGE?=base-debian11
                RUNNERIMAGE?=gcr.io/distroless/${DISTROLESS_IMAGE}:latest
                """);

        assertThat(MadeImage.CONFORMANCE.bases(
                        tree.located(), "s390x", Map.of("KUBE_BASE_IMAGE_REGISTRY", "nexus:5000")))
                .containsExactly(
                        "nexus:5000/build-image/debian-base-s390x:bullseye-v1.2.0",
                        "gcr.io/distroless/base-debian11:latest");
    }

    @Test
    void whatIsNotReadIsLeftToTheBuild() throws IOException {
        tree.write("cluster/images/conformance/Makefile", "BASEIMAGE=$(shell cat base)\nRUNNERIMAGE=$(RUNNERIMAGE)\n");
        assertThat(MadeImage.CONFORMANCE.bases(tree.located(), "amd64", Map.of()))
                .isEmpty();

        tree.write("cluster/images/conformance/Makefile", "BASEIMAGE=debian:stretch-slim\n")
                .write("build/lib/release.sh", "  BASEIMAGE=mine:1 make -C cluster/images/conformance/ build\n");
        assertThat(MadeImage.CONFORMANCE.bases(tree.located(), "amd64", Map.of()))
                .isEmpty();
    }
}
