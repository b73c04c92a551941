package io.kubebuild.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.event.BuildListener;
import io.kubebuild.http.BackOff;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.FakeEngine;
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

    private final FakeEngine engine = new FakeEngine();
    private final List<Duration> pauses = new ArrayList<>();
    private Mirrors mirrors = Mirrors.NONE;
    private CredentialSource credentials = CredentialSource.NONE;

    @Test
    void fetchesOnlyWhatIsMissing() {
        engine.addImage("debian:9", "amd64");
        String id = engine.addRemoteImage(CROSS.reference().toString());

        var present = fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS, DEBIAN));

        assertThat(present.get(CROSS)).extracting("id").isEqualTo(id);
        assertThat(engine.calls()).containsExactly("pull k8s.gcr.io/build-image/kube-cross:v1");
    }

    @Test
    void asksTheRegistryEachTimeWherePolicyIsAlways() {
        String old = engine.addImage("debian:9", "amd64");
        String fresh = engine.addRemoteImage("debian:9");

        assertThat(fetcher(PullPolicy.ALWAYS, false).ensure(List.of(DEBIAN)).values())
                .extracting("id")
                .containsExactly(fresh)
                .doesNotContain(old);
    }

    @Test
    void putsTheTreesNameOnWhatAMirrorGaveAndTakesTheMirrorsAway() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        String id = engine.addRemoteImage(MIRRORED);

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(engine.imageNames()).containsOnly(Map.entry("k8s.gcr.io/build-image/kube-cross:v1", id));
    }

    @Test
    void leavesAMirrorsNameThatWasThereBefore() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        String mine = engine.addImage(MIRRORED, "amd64");
        String id = engine.addRemoteImage(MIRRORED);

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(engine.imageNames())
                .containsEntry(MIRRORED, mine)
                .containsEntry("k8s.gcr.io/build-image/kube-cross:v1", id);
    }

    @Test
    void leavesAPinnedImageUnderTheNameOfTheMirrorThatGaveIt() {
        String digest = "@sha256:" + "a".repeat(64);
        WantedImage pinned = wanted("k8s.gcr.io/build-image/kube-cross:v1" + digest, "cross image");
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        String id = engine.addRemoteImage(MIRRORED + digest);

        assertThat(fetcher(PullPolicy.MISSING, false).ensure(List.of(pinned)).values())
                .extracting("id")
                .containsExactly(id);
        assertThat(fetcher(PullPolicy.NEVER, true).ensure(List.of(pinned)).values())
                .extracting("id")
                .containsExactly(id);
        assertThat(fetcher(PullPolicy.ALWAYS, false).ensure(List.of(pinned))).hasSize(1);
        assertThat(engine.imageNames()).containsOnly(Map.entry(MIRRORED + digest, id));
    }

    @Test
    void neverTakesAnImageForAnotherPlatform() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        engine.addRemoteImage(MIRRORED, "arm64");
        engine.addRemoteImage(CROSS.reference().toString(), "arm64");

        assertThatThrownBy(() -> fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS)))
                .hasMessageContaining(MIRRORED + ": it gave an image for linux/arm64");
        assertThat(engine.imageNames()).isEmpty();
    }

    @Test
    void triesAgainAfterFailuresThatPassButNotWithoutEnd() {
        String name = CROSS.reference().toString();
        engine.addRemoteImage(name);
        engine.refuse(
                name,
                EngineException.Kind.OTHER,
                "net/http: TLS handshake timeout",
                "received 503 Service Unavailable");

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));

        engine.removeImage(name);
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
    void saysWhereAnEngineWantsTheCertificateOfAnIssuer() {
        engine.refuse("nexus:5000/base:1", EngineException.Kind.OTHER, "x509: certificate signed by unknown authority");

        assertThatThrownBy(
                        () -> fetcher(PullPolicy.MISSING, false).ensure(List.of(wanted("nexus:5000/base:1", "base"))))
                .hasMessageContaining("into /etc/docker/certs.d/nexus:5000/ca.crt)");
    }

    @Test
    void showsEachRegistryItsOwnCredentials() {
        mirrors = Mirrors.of(Map.of("k8s.gcr.io", List.of("nexus:5000")));
        RegistryCredentials ann = new RegistryCredentials("nexus:5000", "ann", "pw", "settings.xml server 'nexus'");
        credentials = (registry, repository) -> registry.equals("nexus:5000") ? Optional.of(ann) : Optional.empty();
        engine.refuse(MIRRORED, EngineException.Kind.UNAUTHORIZED, "401");
        engine.addRemoteImage(CROSS.reference().toString());

        fetcher(PullPolicy.MISSING, false).ensure(List.of(CROSS));

        assertThat(engine.shown(MIRRORED)).containsExactly(Optional.of(ann));
        assertThat(engine.shown(CROSS.reference().toString())).containsExactly(Optional.empty());
    }

    @Test
    void showsTwoRobotsOfOneRegistryForTheirOwnRepositories() {
        credentials = (registry, repository) -> Optional.of(
                new RegistryCredentials(registry, "robot of " + repository, "pw", "settings.xml of the test"));
        engine.addRemoteImage("nexus:5000/one/app:1");
        engine.addRemoteImage("nexus:5000/two/app:1");

        fetcher(PullPolicy.MISSING, false)
                .ensure(List.of(wanted("nexus:5000/one/app:1", "base"), wanted("nexus:5000/two/app:1", "base")));

        for (String team : List.of("one", "two")) {
            assertThat(engine.shown("nexus:5000/" + team + "/app:1"))
                    .singleElement()
                    .satisfies(shown ->
                            assertThat(shown).map(RegistryCredentials::username).contains("robot of " + team + "/app"));
        }
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
        assertThat(engine.calls()).isEmpty();
    }

    @Test
    void saysThatThePresentImageIsForAnotherPlatformWhereNothingMayBeFetched() {
        engine.addImage("debian:9", "s390x");

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
