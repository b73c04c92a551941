package io.kubebuild.image.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.image.TarFixture;
import io.kubebuild.image.base.BaseImage;
import io.kubebuild.image.dockerfile.Dockerfile;
import io.kubebuild.image.dockerfile.RecipeReader;
import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.tree.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of an image whose base has a layer of somebody who means ill. */
class HostileLayerTest {

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileLayerDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> assembled(host, tar.bytes(bait(host))));
        }
    }

    @Property(tries = 300)
    void aDamagedLayerDoesNoHarm(@ForAll("damaged") byte[] layer) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> assembled(host, layer));
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            return DamagedArchive.of(bait(host).plain());
        }
    }

    @Test
    void aPlainOneIsTaken() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> assembled(host, bait(host).plain()))).isEmpty();
            assertThat(host.inside().resolve("server.tar")).isNotEmptyFile();
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host) {
        return new HostileTar.Bait(
                Map.of("etc/passwd", "root", "usr/bin/tool", "x"), "usr/", "usr/bin/tool", host.outside());
    }

    private static void assembled(HostUnharmed host, byte[] layer) throws IOException {
        Path file = Files.write(host.inside().resolve("layer.tar"), layer);
        Path context = Files.createDirectories(host.inside().resolve("context"));
        Files.writeString(context.resolve("server"), "program");
        BaseImage base = new BaseImage(
                "base",
                TarFixture.config("amd64", layer),
                List.of(new BaseImage.Layer(file, TarFixture.digest(layer))));
        Platform platform = new Platform("linux", "amd64");
        RecipeReader.Understood understood = (RecipeReader.Understood) RecipeReader.read(
                Dockerfile.parse("FROM base\nCOPY server /usr/l/secret\nCOPY server /usr/bin/tool\nWORKDIR /usr/a/x"),
                Map.of(),
                platform,
                platform);
        new ImageAssembler()
                .assemble(new ImageAssembler.Request(
                        base,
                        understood.recipe(),
                        BuildContext.of(context),
                        List.of("server:1"),
                        "linux/amd64",
                        Instant.EPOCH,
                        host.inside().resolve("server.tar"),
                        ImageAssembler.ownerOnly()));
    }
}
