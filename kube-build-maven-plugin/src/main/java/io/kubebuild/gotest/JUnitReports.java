package io.kubebuild.gotest;

import io.kubebuild.io.AtomicFile;
import io.kubebuild.io.OwnFiles;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Reports as Maven's Surefire writes them, a file for each package ({@code TEST-k8s.io.kubernetes.pkg.util.xml}). */
public final class JUnitReports {

    private final Path directory;

    /** @param directory made if it is not there */
    public JUnitReports(Path directory) {
        this.directory = directory;
    }

    /** Writes them; those of the same packages are replaced. Returns how many tests are in them. */
    public int write(List<PackageResult> packages) throws IOException {
        OwnFiles.makeDirectories(directory);
        int tests = 0;
        for (PackageResult one : packages) {
            Path file = directory.resolve("TEST-" + one.name().replaceAll("[^A-Za-z0-9._-]", ".") + ".xml");
            AtomicFile.write(file, draft -> {
                try (Writer out = new OutputStreamWriter(draft.stream(), StandardCharsets.UTF_8)) {
                    write(one, out);
                }
            });
            tests += one.tests().size();
        }
        return tests;
    }

    private static void write(PackageResult suite, Writer out) throws IOException {
        try {
            XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", allowed(suite.name()));
            xml.writeAttribute("tests", String.valueOf(suite.tests().size() + (suite.failedByItself() ? 1 : 0)));
            xml.writeAttribute("failures", String.valueOf(suite.count(TestResult.Status.FAILED)));
            xml.writeAttribute("errors", suite.failedByItself() ? "1" : "0");
            xml.writeAttribute("skipped", String.valueOf(suite.count(TestResult.Status.SKIPPED)));
            xml.writeAttribute("time", seconds(suite.seconds()));
            for (TestResult test : suite.tests()) {
                write(suite.name(), test, xml);
            }
            if (suite.failedByItself()) {
                begin(suite.name(), "package", suite.seconds(), xml);
                text("error", "the package failed outside of its tests", suite.output(), xml);
                xml.writeEndElement();
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IOException("the report of " + suite.name() + " cannot be written", e);
        }
    }

    private static void write(String suite, TestResult test, XMLStreamWriter xml) throws XMLStreamException {
        begin(suite, test.name(), test.seconds(), xml);
        switch (test.status()) {
            case PASSED -> {}
            case FAILED -> text("failure", "failed", test.output(), xml);
            case SKIPPED -> text("skipped", "skipped", test.output(), xml);
        }
        xml.writeEndElement();
    }

    private static void begin(String suite, String name, double seconds, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeCharacters("\n  ");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", allowed(suite));
        xml.writeAttribute("name", allowed(name));
        xml.writeAttribute("time", seconds(seconds));
    }

    private static void text(String element, String message, String text, XMLStreamWriter xml)
            throws XMLStreamException {
        xml.writeStartElement(element);
        xml.writeAttribute("message", message);
        xml.writeCharacters(allowed(text));
        xml.writeEndElement();
    }

    /** Without what XML 1.0 cannot hold in any form, such as the escapes of coloured output. */
    private static String allowed(String text) {
        return text.codePoints()
                .map(point -> isAllowed(point) ? point : '\ufffd')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isAllowed(int point) {
        return point == '\t'
                || point == '\n'
                || point == '\r'
                || (point >= 0x20 && point <= 0xd7ff)
                || (point >= 0xe000 && point <= 0xfffd)
                || point >= 0x10000;
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
