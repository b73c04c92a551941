package io.kubebuild.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.testing.AnsweringWorkspace;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of a plan's records where the workspace is not ours. */
class HostileRecordTest {

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void hostileRecordsDoNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> record(tar.bytes(bait(host, "result/records/1"))));
            host.after(() -> record(tar.bytes(bait(host, "result/toolchain"))));
        }
    }

    @Property(tries = 500)
    void damagedRecordsDoNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> record(archive));
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            return DamagedArchive.of(bait(host, "").plain());
        }
    }

    @Test
    void plainOnesAreRead() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            assertThat(record(bait(host, "").plain()).commands()).hasSize(1);
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host, String wanted) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("result/records/1", "/tree\0003\0install\0-v\0./cmd/alpha\0GOOS=linux\0");
        files.put("result/toolchain", "linux\namd64\ngo1.19.8\n/usr/local/go\n");
        files.put("result/changed", "");
        return new HostileTar.Bait(files, "result/records/", wanted, host.outside());
    }

    private static Recording record(byte[] archive) throws IOException, InterruptedException {
        return new Recorder()
                .record(
                        new AnsweringWorkspace(archive),
                        RecordRequest.cross(Map.of(), List.of(StubTree.requested("cmd/alpha", "linux/amd64"))),
                        line -> {});
    }
}
