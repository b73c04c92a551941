package io.kubebuild.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.release.gzip.CompressedFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of a recording of others, up to its tarballs. */
class HostileStageTest {

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileStageDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> packaged(host, tar.bytes(bait(host, "stage/release-stage/", "x.docker_tag"))));
        }
    }

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileContextDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> packaged(host, tar.bytes(bait(host, "stage/builds/1/", "argv"))));
        }
    }

    @Property(tries = 300)
    void aDamagedRecordingDoesNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> packaged(host, archive));
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            return DamagedArchive.of(bait(host, "stage/", "").plain());
        }
    }

    @Test
    void aPlainOneIsPackaged() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(host.after(() -> packaged(host, bait(host, "stage/", "").plain())))
                    .isEmpty();
            assertThat(host.inside().resolve("x.tar.gz")).isNotEmptyFile();
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host, String directory, String wanted) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("stage/release-stage/x.docker_tag", "v1");
        files.put("stage/listings/x.tar.gz", "release-stage\nf\000644\0001\0x.docker_tag\0\0");
        files.put("stage/builds/1/argv", "docker\0build\0-f\0/tmp/x.df\0-t\0x\0ctx\0");
        files.put("stage/builds/1/dockerfile", "FROM scratch\n");
        files.put("stage/builds/1/directory", "/go/src\n");
        files.put("stage/builds/1/context/x", "x");
        return new HostileTar.Bait(files, directory, directory + wanted, host.outside());
    }

    private static void packaged(HostUnharmed host, byte[] archive) throws IOException {
        Path recording = host.inside().resolve("recording");
        Path binary = Files.writeString(host.inside().resolve("binary"), "ELF");
        Staging staging =
                StagingReader.read(recording, StageExtractor.extract(new ByteArrayInputStream(archive), recording));
        new BinaryChecksums(name -> binary).filledIn(staging);
        ExecutorService executor = Executors.newFixedThreadPool(1);
        try {
            TarballWriter writer = new TarballWriter(executor, 1, 5, 0, new CompressedFiles());
            for (StagedTarball tarball : staging.tarballs()) {
                writer.write(
                        host.inside().resolve("x.tar.gz"), tarball.entries(), recording.resolve(tarball.directory()));
            }
        } finally {
            executor.shutdown();
        }
    }
}
