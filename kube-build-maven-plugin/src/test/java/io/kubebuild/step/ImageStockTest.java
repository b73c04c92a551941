package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.image.WantedImage;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.base.BaseImageStore;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that go from one engine to another as files. */
class ImageStockTest {

    private static final WantedImage CROSS =
            new WantedImage(ImageReference.of(FakeBench.CROSS), "linux/amd64", "cross image");
    private static final WantedImage BASE =
            new WantedImage(ImageReference.of("k8s.gcr.io/debian-iptables:v1"), "linux/amd64", "base of kube-proxy");

    private final Path directory;
    private final FakeBench here;

    ImageStockTest(@TempDir Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.here = FakeBench.in(directory.resolve("here"));
    }

    @Test
    void eachIsToldWithThePlaceThatItIsOrWillComeFrom() {
        try (BuildContext context =
                here.context(here.request().pull(PullPolicy.MISSING).build())) {
            new ImageStock(context).list(List.of(CROSS, BASE));
        }

        assertThat(here.heard().printed())
                .containsExactly(
                        FakeBench.CROSS + " (cross image, linux/amd64): in the engine",
                        "k8s.gcr.io/debian-iptables:v1 (base of kube-proxy, linux/amd64): to be fetched from"
                                + " k8s.gcr.io/debian-iptables:v1");
    }

    @Test
    void whereNothingIsFetchedEachThatIsMissingIsToldWithWhatBringsIt() {
        here.engine().removeImage(FakeBench.CROSS);
        try (BuildContext context = here.context(here.request().build())) {
            new ImageStock(context).list(List.of(CROSS, BASE));
        }

        assertThat(here.heard().printed())
                .containsExactly(
                        FakeBench.CROSS + " (cross image, linux/amd64): missing, and nothing is fetched: docker pull"
                                + " --platform linux/amd64 " + FakeBench.CROSS
                                + ", or kube:images -Dkube.images.load=DIRECTORY",
                        "k8s.gcr.io/debian-iptables:v1 (base of kube-proxy, linux/amd64): missing, and nothing is"
                                + " fetched: docker pull --platform linux/amd64 k8s.gcr.io/debian-iptables:v1,"
                                + " or kube:images -Dkube.images.load=DIRECTORY");
    }

    @Test
    void aBaseThatWasFetchedBeforeIsKeptOnThisMachine() throws IOException {
        BuildRequest request = here.request().build();
        try (BuildContext context = here.context(request)) {
            BaseImage nothingInIt = BaseImage.scratch("linux", "amd64");
            new BaseImageStore(context.userCache().resolve("base-images"))
                    .keepImage("registry " + BASE.reference() + " linux/amd64", nothingInIt);
            new ImageStock(context).list(List.of(BASE));
        }

        assertThat(here.heard().printed())
                .containsExactly(
                        "k8s.gcr.io/debian-iptables:v1 (base of kube-proxy, linux/amd64): kept on this machine");
    }

    @Test
    void theyGoFromSiteToSiteAsFiles() throws Exception {
        Path media = directory.resolve("media");
        here.engine().addImage(BASE.reference().familiar(), Map.of());
        FakeBench there = FakeBench.in(directory.resolve("there"));

        try (BuildContext context = here.context(here.request().build())) {
            new ImageStock(context).save(List.of(CROSS, BASE), media);
        }
        try (BuildContext context = there.context(there.request().build())) {
            new ImageStock(context).load(media);
        }

        assertThat(media.toFile().list()).hasSize(2).allMatch(name -> name.endsWith("-linux_amd64.tar"));
        assertThat(there.engine().image(BASE.reference().familiar())).isPresent();
    }

    @Test
    void theDirectoryToLoadFromIsNamedWhereThereIsNone() {
        try (BuildContext context = here.context(here.request().build())) {
            assertThatThrownBy(() -> new ImageStock(context).load(directory.resolve("nothing")))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining("the images in " + directory.resolve("nothing") + " could not be loaded");
        }
    }
}
