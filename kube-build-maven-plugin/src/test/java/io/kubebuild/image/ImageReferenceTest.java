package io.kubebuild.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
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
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

    @ParameterizedTest
    @CsvSource({
        "debian, docker.io/library/debian:latest, debian:latest",
        "debian:stretch-slim, docker.io/library/debian:stretch-slim, debian:stretch-slim",
        "index.docker.io/library/debian:9, docker.io/library/debian:9, debian:9",
        "user/app:1, docker.io/user/app:1, user/app:1",
        "localhost/app:1, localhost/app:1, localhost/app:1",
        "nexus:5000/k8s/pause:3.2, nexus:5000/k8s/pause:3.2, nexus:5000/k8s/pause:3.2",
        "k8s.gcr.io/build-image/kube-cross:v1.15.5-1, k8s.gcr.io/build-image/kube-cross:v1.15.5-1,"
                + " k8s.gcr.io/build-image/kube-cross:v1.15.5-1",
    })
    void completesNamesAsTheDockerCommandDoes(String written, String full, String familiar) {
        ImageReference reference = ImageReference.of(written);

        assertThat(reference).hasToString(full);
        assertThat(reference.familiar()).isEqualTo(familiar);
    }

    @Test
    void readsTagAndDigestTogether() {
        String digest = "sha256:" + "ab".repeat(32);

        ImageReference reference = ImageReference.of("gcr.io/x/y:1@" + digest);

        assertThat(reference.tag()).contains("1");
        assertThat(reference.tagOrDigest()).isEqualTo(digest);
        assertThat(reference).hasToString("gcr.io/x/y:1@" + digest);
        assertThat(ImageReference.of("gcr.io/x/y@" + digest).tag()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "Debian",
                "a//b",
                "gcr.io/",
                "/a",
                "a:b:c",
                "a@sha256:12",
                "https://gcr.io/a",
                "a:ä",
                "a b",
                "a..b",
                "a:-x"
            })
    void refusesWhatIsNoReference(String written) {
        assertThat(ImageReference.parse(written)).isEmpty();
        assertThatThrownBy(() -> ImageReference.of(written))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("'" + written + "' is no image reference");
    }

    @Property
    void readsBackWhatItWrites(@ForAll("references") ImageReference reference) {
        assertThat(ImageReference.of(reference.toString())).isEqualTo(reference);
        assertThat(ImageReference.of(reference.familiar())).isEqualTo(reference);
    }

    @Property
    void neverThrowsAnythingElseOnAnyText(@ForAll String text) {
        Optional<ImageReference> read = ImageReference.parse(text);

        read.ifPresent(
                reference -> assertThat(ImageReference.of(reference.toString())).isEqualTo(reference));
    }

    @Provide
    Arbitrary<ImageReference> references() {
        Arbitrary<String> registry = Arbitraries.of("docker.io", "k8s.gcr.io", "localhost", "nexus:5000", "[::1]:5000");
        Arbitrary<String> component = Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(8);
        Arbitrary<String> path = Combinators.combine(component, component, Arbitraries.of("/", "-", "__", "."))
                .as((first, second, between) -> first + between + second);
        Arbitrary<Optional<String>> tag = Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("_")
                .ofMinLength(1)
                .ofMaxLength(20)
                .optional();
        Arbitrary<Optional<String>> digest =
                Arbitraries.of("0", "9", "f").map(c -> "sha256:" + c.repeat(64)).optional();
        return Combinators.combine(registry, path, tag, digest).as((host, repository, t, d) -> {
            boolean official = host.equals("docker.io") && !repository.contains("/");
            Optional<String> shown = t.isEmpty() && d.isEmpty() ? Optional.of("latest") : t;
            return new ImageReference(host, official ? "library/" + repository : repository, shown, d);
        });
    }
}
