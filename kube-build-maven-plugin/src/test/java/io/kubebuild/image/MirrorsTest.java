package io.kubebuild.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MirrorsTest {

    private static final ImageReference CROSS = ImageReference.of("k8s.gcr.io/build-image/kube-cross:v1");

    @Test
    void asksMirrorsOfTheLongestPrefixFirstAndTheOwnPlaceLast() {
        Map<String, List<String>> places = new LinkedHashMap<>();
        places.put("k8s.gcr.io", List.of("nexus:5000", "mirror.example/k8s/"));
        places.put("k8s.gcr.io/build-image", List.of("quay.example/cross"));

        assertThat(Mirrors.of(places).candidates(CROSS))
                .extracting(ImageReference::toString)
                .containsExactly(
                        "quay.example/cross/kube-cross:v1",
                        "nexus:5000/build-image/kube-cross:v1",
                        "mirror.example/k8s/build-image/kube-cross:v1",
                        "k8s.gcr.io/build-image/kube-cross:v1");
    }

    @Test
    void matchesWholeComponentsOnly() {
        Mirrors mirrors = Mirrors.of(Map.of("k8s.gcr.io/build", List.of("nexus:5000")));

        assertThat(mirrors.candidates(CROSS)).containsExactly(CROSS);
    }

    @Test
    void mirrorsDockersOwnRegistryForShortNames() {
        Mirrors mirrors = Mirrors.of(Map.of("docker.io", List.of("nexus:5000/hub")));

        assertThat(mirrors.candidates(ImageReference.of("debian:9")).get(0))
                .hasToString("nexus:5000/hub/library/debian:9");
    }

    @Test
    void reportsEveryBadMirrorAtOnce() {
        Map<String, List<String>> places = new LinkedHashMap<>();
        places.put("k8s.gcr.io", List.of("https://nexus", "nexus"));
        places.put("UPPER.example/Path", List.of("nexus:5000"));

        assertThatThrownBy(() -> Mirrors.of(places))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.problems()).hasSize(3))
                .hasMessageContaining("'https://nexus'")
                .hasMessageContaining("'UPPER.example/Path'");
    }
}
