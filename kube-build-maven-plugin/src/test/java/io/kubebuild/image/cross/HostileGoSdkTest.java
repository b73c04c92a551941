package io.kubebuild.image.cross;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of an archive of others that is to become a cross image's Go. */
class HostileGoSdkTest {

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileSdkDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> lookedInto(host, tar.bytes(bait(host, "go1.19.8"))));
        }
    }

    @Property(tries = 300)
    void aDamagedSdkDoesNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> lookedInto(host, archive));
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            return DamagedArchive.of(bait(host, "go1.19.8").plain());
        }
    }

    @Test
    void aPlainOneIsTaken() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(lookedInto(host, bait(host, "go1.19.8").plain()).version())
                    .isEqualTo("go1.19.8");
        }
    }

    @Test
    void aSmallArchiveThatUnpacksToMuchIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(new io.kubebuild.io.RawTar()
                    .entry(new io.kubebuild.io.RawTar.Header("go/large", '0').size(1L << 29))
                    .withoutEnd());
            for (int i = 0; i < 512; i++) {
                out.write(new byte[1 << 20]);
            }
        }
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> lookedInto(host, bytes.toByteArray())))
                    .hasValueSatisfying(e -> assertThat(e).hasMessageContaining("unpack to more than"));
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host, String version) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("go/VERSION", version);
        files.put("go/bin/go", "#!/bin/sh\n");
        return new HostileTar.Bait(files, "go/", "go/bin/go", host.outside());
    }

    private static GoSdk lookedInto(HostUnharmed host, byte[] archive) throws IOException {
        GoSdk sdk = GoSdk.at(Files.write(host.inside().resolve("go.tar"), archive));
        sdk.writeTo(host.inside().resolve("context.tar"));
        return sdk;
    }
}
