package io.kubebuild.gotest;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.gotest.TestResult.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Reports, read back as a build server reads them. */
class JUnitReportsTest {

    private final Path directory;

    JUnitReportsTest(@TempDir Path directory) {
        this.directory = directory.resolve("target/reports");
    }

    @Test
    void haveASuiteForEachPackage() throws Exception {
        List<TestResult> tests = List.of(
                new TestResult("TestA", Status.PASSED, 0.25, ""),
                new TestResult("TestB/<&>", Status.FAILED, 1.5, "\u001b[31m0 is not <1>\u001b[0m\n"),
                new TestResult("TestC", Status.SKIPPED, 0, "not here"));

        int written = new JUnitReports(directory)
                .write(List.of(new PackageResult("k8s.io/kubernetes/pkg/util", true, 1.75, tests, "FAIL\n")));

        Element suite = read("TEST-k8s.io.kubernetes.pkg.util.xml");
        assertThat(written).isEqualTo(3);
        assertThat(attributes(suite, "name", "tests", "failures", "errors", "skipped", "time"))
                .containsExactly("k8s.io/kubernetes/pkg/util", "3", "1", "0", "1", "1.750");
        Element failed = child(suite, "testcase", 1);
        assertThat(attributes(failed, "classname", "name", "time"))
                .containsExactly("k8s.io/kubernetes/pkg/util", "TestB/<&>", "1.500");
        assertThat(child(failed, "failure", 0).getTextContent()).isEqualTo("\ufffd[31m0 is not <1>\ufffd[0m\n");
        assertThat(child(child(suite, "testcase", 2), "skipped", 0).getTextContent())
                .isEqualTo("not here");
    }

    @Test
    void haveAnErrorForAPackageThatFailedOutsideOfTests() throws Exception {
        new JUnitReports(directory).write(List.of(new PackageResult("p", true, 0, List.of(), "build failed\n")));

        Element suite = read("TEST-p.xml");
        assertThat(attributes(suite, "tests", "errors")).containsExactly("1", "1");
        assertThat(child(child(suite, "testcase", 0), "error", 0).getTextContent())
                .isEqualTo("build failed\n");
    }

    @Test
    void areWrittenThroughNoLink() throws Exception {
        Path victim = Files.writeString(Files.createDirectories(directory).resolveSibling("victim"), "precious");
        for (String link : List.of("TEST-p.xml", "TEST-p.xml.part")) {
            Files.createSymbolicLink(directory.resolve(link), victim);
        }
        new JUnitReports(directory).write(List.of(new PackageResult("p", false, 0, List.of(), "")));

        assertThat(victim).hasContent("precious");
        assertThat(Files.isSymbolicLink(directory.resolve("TEST-p.xml"))).isFalse();
        assertThat(attributes(read("TEST-p.xml"), "name")).containsExactly("p");
    }

    private Element read(String name) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(directory.resolve(name).toFile())
                .getDocumentElement();
    }

    private static Element child(Element parent, String name, int at) throws IOException {
        if (parent.getElementsByTagName(name).item(at) instanceof Element child) {
            return child;
        }
        throw new IOException("no " + name);
    }

    private static List<String> attributes(Element element, String... names) {
        return java.util.Arrays.stream(names).map(element::getAttribute).toList();
    }
}
