package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.io.RawTar;
import io.kubebuild.testing.AnsweringWorkspace;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes out of a workspace that is not ours any more. */
class HostileCopyOutTest {

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void aHostileBinaryDoesNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> binary(host, tar.bytes(bait(host, "", "kubectl"))));
            host.after(() -> binaries(host, tar.bytes(bait(host, "bin/", "bin/kubectl"))));
        }
    }

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void hostileSourcesDoNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> sources(host, tar.bytes(bait(host, "./api/", "./api/zz_generated.go"))));
        }
    }

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void hostileAnswersDoNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> answers(tar.bytes(bait(host, "", "list"))));
        }
    }

    @Property(tries = 300)
    void aDamagedBinaryDoesNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> binaries(host, archive));
            host.after(() -> sources(host, archive));
            host.after(() -> answers(archive));
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            return DamagedArchive.of(bait(host, "bin/", "bin/kubectl").plain());
        }
    }

    @Test
    void aPlainOneIsTaken() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            binary(host, bait(host, "", "kubectl").plain());
            assertThat(host.inside().resolve("_output/kubectl"))
                    .hasContent("ELF")
                    .isExecutable();
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host, String directory, String wanted) {
        return new HostileTar.Bait(Map.of(wanted, "ELF"), directory, wanted, host.outside());
    }

    private static OutputStreams streams(byte[] archive) {
        AnsweringWorkspace workspace = new AnsweringWorkspace(archive);
        return new OutputStreams(workspace, new WorkspaceScratch(workspace));
    }

    private static void binary(HostUnharmed host, byte[] archive) throws IOException {
        streams(archive).file("/tree/bin/kubectl", in -> write(host, "kubectl", in));
    }

    private static void binaries(HostUnharmed host, byte[] archive) throws IOException {
        streams(archive).filesIn("/tree/bin", List.of("kubectl"), (name, in) -> write(host, name, in));
    }

    private static void sources(HostUnharmed host, byte[] archive) throws IOException, InterruptedException {
        byte[] packed = new RawTar().file("sources.tar", archive).bytes();
        streams(packed).files(List.of("./api/zz_generated.go"), (name, in) -> write(host, name.substring(2), in));
    }

    private static void answers(byte[] archive) throws IOException, InterruptedException {
        AnsweringWorkspace workspace = new AnsweringWorkspace(archive);
        try (WorkspaceScratch scratch = new WorkspaceScratch(workspace)) {
            scratch.readList("list");
            scratch.sha256(List.of("a"));
        }
        SourceStamp.read(workspace);
    }

    private static void write(HostUnharmed host, String path, InputStream in) throws IOException {
        new HostFile(host.inside().resolve("_output"), path).replace(in, 07755, 1_600_000_000_000_000_000L);
    }
}
