package io.kubebuild.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImageFetcherTest {

    private static final WantedImage CROSS = wanted("k8s.gcr.io/build-image/kube-cross:v1", "cross image");
    private static final WantedImage DEBIAN = wanted("debian:9", "base image");
    private static final String MIRRORED = "nexus:5000/build-image/kube-cross:v1";

    private final ImagesOfAnEngine engine = new ImagesOfAnEngine();
    private final List<Duration> pauses = new ArrayList<>();
    private Mirrors mirrors = Mirrors.NONE;
    private CredentialSource credentials = CredentialSource.NONE;

    @Test
    void fetchesOnlyWhatIsMissing() {
        engine.add("debian:9", ImagesOfAnEngine.image("sha256:d", "amd64"));
        engine.registry.put(CROSS.reference().toString(), ImagesOfAnEngine.image("sha256:c", "amd64"));

        var present = fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS, DEBIAN));

        assertThat(present.get(CROSS)).extracting("id").isEqualTo("sha256:c");
        assertThat(engine.log).containsExactly("pull k8s.gcr.io/build-image/kube-cross:v1");
    }

    @Test
    void asksTheRegistryEachTimeWherePolicyIsAlways() {
        engine.add("debian:9", ImagesOfAnEngine.image("sha256:old", "amd64"));
        engine.registry.put("debian:9", ImagesOfAnEngine.image("sha256:new", "amd64"));

        assertThat(fetcher(PullPolicy.ALWAYS, false).ensure(List.of(DEBIAN)).values())
                .extracting("id")
                .containsExactly("sha256:new");
    }

    @Test
    void putsTheTreesNameOnWhatAMirrorGaveAndTakesTheMirrorsAway() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        engine.registry.put(MIRRORED, ImagesOfAnEngine.image("sha256:c", "amd64"));

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(engine.names).containsOnly(Map.entry("k8s.gcr.io/build-image/kube-cross:v1", "sha256:c"));
    }

    @Test
    void leavesAMirrorsNameThatWasThereBefore() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        engine.add(MIRRORED, ImagesOfAnEngine.image("sha256:mine", "amd64"));
        engine.registry.put(MIRRORED, ImagesOfAnEngine.image("sha256:c", "amd64"));

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(engine.names)
                .containsEntry(MIRRORED, "sha256:mine")
                .containsEntry("k8s.gcr.io/build-image/kube-cross:v1", "sha256:c");
    }

    @Test
    void neverTakesAnImageForAnotherPlatform() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        engine.registry.put(MIRRORED, ImagesOfAnEngine.image("sha256:arm", "arm64"));
        engine.registry.put(CROSS.reference().toString(), ImagesOfAnEngine.image("sha256:arm", "arm64"));

        assertThatThrownBy(() -> fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS)))
                .hasMessageContaining(MIRRORED + ": it gave an image for linux/arm64");
        assertThat(engine.names).isEmpty();
    }

    @Test
    void triesAgainAfterFailuresThatPassButNotWithoutEnd() {
        String name = CROSS.reference().toString();
        engine.registry.put(name, ImagesOfAnEngine.image("sha256:c", "amd64"));
        engine.refuse(
                name,
                EngineException.Kind.OTHER,
                "net/http: TLS handshake timeout",
                "received 503 Service Unavailable");

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));

        engine.names.clear();
        engine.refuse(name, EngineException.Kind.OTHER, "i/o timeout", "i/o timeout", "i/o timeout");
        assertThatThrownBy(() -> fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS)))
                .hasMessageContaining("i/o timeout (3 attempts)");
    }

    @Test
    void doesNotRepeatWhatCannotSucceed() {
        engine.refuse("debian:9", EngineException.Kind.UNAUTHORIZED, "pull access denied");

        assertThatThrownBy(() -> fetcher(PullPolicy.MISSING, false).ensure(List.of(DEBIAN)))
                .hasMessageContaining("pull access denied (no credentials of this registry");
        assertThat(pauses).isEmpty();
    }

    @Test
    void showsEachRegistryItsOwnCredentials() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        credentials = registry -> registry.equals("nexus:5000")
                ? Optional.of(new RegistryCredentials(registry, "ann", "pw", "settings.xml server 'nexus'"))
                : Optional.empty();
        engine.refuse(MIRRORED, EngineException.Kind.UNAUTHORIZED, "401");
        engine.registry.put(CROSS.reference().toString(), ImagesOfAnEngine.image("sha256:c", "amd64"));

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(engine.shown.get(MIRRORED)).isPresent();
        assertThat(engine.shown.get(CROSS.reference().toString())).isEmpty();
    }

    @Test
    void listsEverythingThatIsMissingOffline() {
        KubeException problem = catchThrowableOfType(
                KubeException.class, () -> fetcher(PullPolicy.MISSING, true).ensure(List.of(CROSS, DEBIAN)));

        assertThat(problem.problems()).hasSize(2);
        assertThat(problem)
                .hasMessageContaining(
                        "image k8s.gcr.io/build-image/kube-cross:v1 (cross image, linux/amd64) is not in the engine")
                .hasMessageContaining("Maven is offline (-o): nothing is fetched")
                .hasMessageContaining("docker pull --platform linux/amd64 debian:9")
                .hasMessageContaining("-Dkube.mirrors=docker.io=<mirror>")
                .hasMessageContaining("docker load -i <file>");
        assertThat(engine.log).isEmpty();
    }

    @Test
    void saysThatThePresentImageIsForAnotherPlatformWhereNothingMayBeFetched() {
        engine.add("debian:9", ImagesOfAnEngine.image("sha256:d", "s390x"));

        assertThatThrownBy(() -> fetcher(PullPolicy.NEVER, false).ensure(List.of(DEBIAN)))
                .hasMessageContaining("is for linux/s390x, not linux/amd64")
                .hasMessageContaining("kube.pull=never");
    }

    @Test
    void givesUpAtOnceWhereTheEngineIsGone() {
        engine.refuse("debian:9", EngineException.Kind.UNREACHABLE, "connection refused");

        assertThatThrownBy(() -> fetcher(PullPolicy.MISSING, false).ensure(List.of(DEBIAN)))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void knowsTheVariantsOfArm() {
        assertThat(WantedImage.fits("linux/arm", "linux", "arm", "v7")).isTrue();
        assertThat(WantedImage.fits("linux/arm", "linux", "arm", "v6")).isFalse();
        assertThat(WantedImage.fits("linux/arm64", "linux", "arm64", "v8")).isTrue();
        assertThat(WantedImage.fits("linux/amd64", "linux", "amd64", "")).isTrue();
    }

    private ImageFetcher fetcher(PullPolicy policy, boolean offline) {
        BackOff backOff = new BackOff(List.of(Duration.ofSeconds(1), Duration.ofSeconds(2)), pauses::add);
        return new ImageFetcher(engine, mirrors, credentials, policy, offline, backOff, BuildListener.SILENT);
    }

    private static WantedImage wanted(String reference, String purpose) {
        return new WantedImage(ImageReference.of(reference), "linux/amd64", purpose);
    }
}
