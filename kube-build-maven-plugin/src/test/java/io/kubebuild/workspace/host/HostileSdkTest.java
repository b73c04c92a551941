package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.http.Access;
import io.kubebuild.image.TarFixture;
import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.io.RawTar;
import io.kubebuild.io.Sha256;
import io.kubebuild.testing.Hurried;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of an SDK whose publisher means ill; the checksum says only that it is the publisher's. */
class HostileSdkTest {

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileSdkDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> unpacked(host, TarFixture.gzip(tar.bytes(bait(host)))));
            requireNoLinkOut(host);
        }
    }

    @Property(tries = 300)
    void aDamagedSdkDoesNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> unpacked(host, archive));
            requireNoLinkOut(host);
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            byte[] plain = bait(host).plain();
            return net.jqwik.api.Arbitraries.oneOf(
                    DamagedArchive.of(TarFixture.gzip(plain)),
                    DamagedArchive.of(plain).map(TarFixture::gzip));
        }
    }

    @Test
    void aPlainOneIsUnpacked() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(unpacked(host, TarFixture.gzip(bait(host).plain())).resolve("bin/go"))
                    .isExecutable();
        }
    }

    @Test
    void aSmallArchiveThatUnpacksToMuchIsRefused() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            ByteArrayOutputStream archive = new ByteArrayOutputStream();
            try (OutputStream out = new GZIPOutputStream(archive)) {
                out.write(new RawTar()
                        .entry(new RawTar.Header("go/large", '0').size(1L << 28))
                        .withoutEnd());
                for (int i = 0; i < 256; i++) {
                    out.write(new byte[1 << 20]);
                }
                out.write(bait(host).plain());
            }
            assertThat(host.after(() -> unpacked(host, archive.toByteArray())))
                    .hasValueSatisfying(refused -> assertThat(refused).hasMessageContaining("unpack to more than"));
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("go/VERSION", "go1.19.8");
        files.put("go/bin/go", "#!/bin/sh\n");
        return new HostileTar.Bait(files, "go/", "go/bin/go", host.outside());
    }

    private static Path unpacked(HostUnharmed host, byte[] archive) throws IOException, InterruptedException {
        Path file = Files.write(host.inside().resolve("sdk.tgz"), archive);
        String sum = HexFormat.of().formatHex(Sha256.digest().digest(archive));
        return new SdkArchives(host.inside().resolve("cache"), Hurried.PATIENCE, BuildListener.SILENT)
                .ensure(new SdkArchives.Wanted(file.toUri(), sum), true, Access.OF_JVM);
    }

    /** What is run later may follow its links. */
    private static void requireNoLinkOut(HostUnharmed host) throws IOException {
        try (Stream<Path> files = Files.walk(host.inside())) {
            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                Path target = link.resolveSibling(Files.readSymbolicLink(link)).normalize();
                assertThat(target).as("%s", link).startsWith(host.inside().resolve("cache"));
            }
        }
    }
}
