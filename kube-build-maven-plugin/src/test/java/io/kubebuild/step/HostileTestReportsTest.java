package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.gotest.JUnitReports;
import io.kubebuild.io.DamagedArchive;
import io.kubebuild.io.HostUnharmed;
import io.kubebuild.io.HostileTar;
import io.kubebuild.testing.AnsweringWorkspace;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of reports that the tests of others left. */
class HostileTestReportsTest {

    private static final String DIRECTORY = "kube-test-reports/";

    @ParameterizedTest
    @MethodSource("io.kubebuild.io.HostileTar#all")
    void hostileReportsDoNoHarm(HostileTar tar) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> reported(host, tar.bytes(bait(host, "junit.xml"))));
            host.after(() -> reported(host, tar.bytes(bait(host, "a.stdout"))));
        }
    }

    @Property(tries = 300)
    void damagedReportsDoNoHarm(@ForAll("damaged") byte[] archive) throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            host.after(() -> reported(host, archive));
        }
    }

    @Provide
    Arbitrary<byte[]> damaged() throws IOException {
        try (HostUnharmed host = HostUnharmed.anew()) {
            return DamagedArchive.of(bait(host, "").plain());
        }
    }

    @Test
    void plainOnesAreTaken() throws Exception {
        try (HostUnharmed host = HostUnharmed.anew()) {
            reported(host, bait(host, "").plain());
            assertThat(host.inside().resolve("reports/TEST-junit.xml")).hasContent("<testsuite/>");
            assertThat(host.inside().resolve("reports/TEST-k8s.io.a.xml"))
                    .content()
                    .contains("TestA");
        }
    }

    private static HostileTar.Bait bait(HostUnharmed host, String wanted) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put(DIRECTORY + "junit.xml", "<testsuite/>");
        files.put(DIRECTORY + "a.stdout", """
                {"Action":"output","Package":"k8s.io/a","Test":"TestA","Output":"x"}
                {"Action":"fail","Package":"k8s.io/a","Test":"TestA"}
                """);
        return new HostileTar.Bait(files, DIRECTORY, DIRECTORY + wanted, host.outside());
    }

    private static void reported(HostUnharmed host, byte[] archive) throws IOException {
        JUnitReports reports = new JUnitReports(host.inside().resolve("reports"));
        reports.write(new TestReports(host.inside().resolve("reports"), BuildListener.SILENT)
                .fetch(new AnsweringWorkspace(archive), "/tree/" + DIRECTORY));
    }
}
