package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What other programs read of the plugin: its descriptor, and what Eclipse is to do with the goals. */
class DescriptorTest {

    private static final String PLUGIN = "/META-INF/maven/plugin.xml";

    /** Maven's own tool makes this one. */
    private static final String HELP = "help";

    @Test
    void eclipseKnowsEveryGoal() throws Exception {
        List<String> ignored = elements("/META-INF/m2e/lifecycle-mapping-metadata.xml", "goal")
                .map(Element::getTextContent)
                .toList();

        assertThat(ignored).isEqualTo(goals().map(DescriptorTest::name).sorted().toList());
    }

    @Test
    void everyGoalAndParameterSaysSinceWhen() throws Exception {
        List<String> silent = new ArrayList<>();
        goals().filter(goal -> !name(goal).equals(HELP)).forEach(goal -> {
            if (child(goal, "since").isEmpty()) {
                silent.add(name(goal));
            }
            // What Maven itself fills in is nobody's to set.
            children(goal.getElementsByTagName("parameter"))
                    .filter(parameter -> child(parameter, "editable").equals("true"))
                    .filter(parameter -> child(parameter, "since").isEmpty())
                    .forEach(parameter -> silent.add(name(goal) + " " + child(parameter, "name")));
        });

        assertThat(silent).isEmpty();
    }

    private static Stream<Element> goals() throws IOException, SAXException, ParserConfigurationException {
        return elements(PLUGIN, "mojo");
    }

    private static Stream<Element> elements(String resource, String tag)
            throws IOException, SAXException, ParserConfigurationException {
        try (InputStream xml = DescriptorTest.class.getResourceAsStream(resource)) {
            return children(DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(xml)
                    .getElementsByTagName(tag));
        }
    }

    private static String name(Element goal) {
        return child(goal, "goal");
    }

    /** Text of a direct child; empty where there is none. */
    private static String child(Element parent, String tag) {
        return children(parent.getChildNodes())
                .filter(child -> child.getTagName().equals(tag))
                .map(Element::getTextContent)
                .findFirst()
                .orElse("");
    }

    private static Stream<Element> children(NodeList nodes) {
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .filter(Element.class::isInstance)
                .map(Element.class::cast);
    }
}
