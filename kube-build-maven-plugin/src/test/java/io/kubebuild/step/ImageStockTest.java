package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.image.ImageReference;
import io.kubebuild.image.OciFixture;
import io.kubebuild.image.PullPolicy;
import io.kubebuild.image.TarFixture;
import io.kubebuild.image.WantedImage;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.base.BaseImageStore;
import io.kubebuild.io.Packing;
import io.kubebuild.problem.KubeException;
import io.kubebuild.request.BuildRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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

    @Test
    void filesOfAnyNameAreLoadedAndWhatIsNoneIsNamed() throws Exception {
        Path media = Files.createDirectories(directory.resolve("media"));
        here.engine().addImage(BASE.reference().familiar(), Map.of());
        byte[] cross;
        byte[] base;
        try (InputStream first = here.engine().save(List.of(FakeBench.CROSS));
                InputStream second = here.engine().save(List.of(BASE.reference().familiar()))) {
            cross = first.readAllBytes();
            base = second.readAllBytes();
        }
        Files.write(media.resolve("cross.tgz"), TarFixture.packed(cross, Packing.GZIP));
        Files.write(media.resolve("iptables"), TarFixture.packed(base, Packing.XZ));
        Files.writeString(media.resolve("README.tar"), "what is here");
        Files.write(
                media.resolve("sources.tar.gz"),
                TarFixture.gzip(new TarFixture().file("a", "x").bytes()));
        Files.createDirectory(media.resolve("layout"));
        FakeBench there = FakeBench.in(directory.resolve("there"));
        there.engine().removeImage(FakeBench.CROSS);

        try (BuildContext context = there.context(there.request().build())) {
            new ImageStock(context).load(media);
        }

        assertThat(there.engine().image(FakeBench.CROSS)).isPresent();
        assertThat(there.engine().image(BASE.reference().familiar())).isPresent();
        assertThat(there.heard().warnings())
                .containsExactly(
                        media.resolve("README.tar") + " is not loaded: it is no tar file, compressed or not",
                        media.resolve("layout") + " is not loaded: it is no tar file, compressed or not",
                        media.resolve("sources.tar.gz") + " is not loaded: it has neither a manifest.json (of docker"
                                + " save) nor an index.json (of OCI)");
    }

    @Test
    void eachFileThatTheEngineRefusesIsNamedAndTheOthersAreLoaded() throws Exception {
        Path media = Files.createDirectories(directory.resolve("media"));
        OciFixture layout = new OciFixture();
        layout.named(
                layout.image("amd64", new TarFixture().file("a", "x").bytes()),
                BASE.reference().toString());
        Files.write(media.resolve("a.oci"), layout.bytes());
        Files.write(media.resolve("b.tar"), Arrays.copyOf(TarFixture.gzip(new byte[9999]), 30));
        try (InputStream cross = here.engine().save(List.of(FakeBench.CROSS))) {
            Files.write(media.resolve("c.tar"), cross.readAllBytes());
        }
        FakeBench there = FakeBench.in(directory.resolve("there"));
        there.engine().removeImage(FakeBench.CROSS);

        try (BuildContext context = there.context(there.request().build())) {
            assertThatThrownBy(() -> new ImageStock(context).load(media))
                    .isInstanceOfSatisfying(
                            KubeException.class, e -> assertThat(e.problems()).hasSize(2))
                    .hasMessageContaining("the images in " + media.resolve("a.oci") + " could not be loaded")
                    .hasMessageContaining("skopeo copy oci-archive:FILE docker-archive:OTHER:IMAGE")
                    .hasMessageContaining("the images in " + media.resolve("b.tar") + " could not be loaded");
        }
        assertThat(there.engine().image(FakeBench.CROSS)).isPresent();
    }
}
