package io.kubebuild.mojo;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.descriptor.InvalidPluginDescriptorException;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.project.MavenProject;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * A goal set up from the generated plugin descriptor, as Maven does: properties reach the fields that the descriptor names.
 * Maven's own testing harness is not used: it brings a mocking library, and its sessions are mocks.
 */
final class GoalBench {

    private final KubeMojo mojo;
    /** Nobody changes it, and reading it takes longer than most tests. */
    private static final PluginDescriptor PLUGIN = readDescriptor();

    private final DefaultMavenExecutionRequest request = new DefaultMavenExecutionRequest();
    private final MojoDescriptor goal;

    private GoalBench(KubeMojo mojo, String goalName, Path directory) {
        this.mojo = mojo;
        goal = PLUGIN.getMojos().stream()
                .filter(descriptor -> descriptor.getGoal().equals(goalName))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no goal " + goalName));
        request.setBaseDirectory(directory.toFile());
        request.setInteractiveMode(false);
        mojo.execution = new MojoExecution(goal);
        mojo.session = session();
        set("decrypter", new FakeDecrypter());
        mojo.environment = Map.of();
    }

    /** A goal that is called in a directory without a POM. */
    static GoalBench of(KubeMojo mojo, String goal, Path directory) {
        return new GoalBench(mojo, goal, directory);
    }

    GoalBench property(String property, String value) {
        request.getUserProperties().setProperty(property, value);
        Parameter parameter = goal.getParameters().stream()
                .filter(candidate -> ("${" + property + "}").equals(candidate.getExpression()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no parameter " + property));
        set(parameter, value);
        return this;
    }

    boolean has(String property) {
        return goal.getParameters().stream()
                .anyMatch(parameter -> ("${" + property + "}").equals(parameter.getExpression()));
    }

    /** A property on the command line that no parameter reads. */
    GoalBench strayProperty(String property) {
        request.getUserProperties().setProperty(property, "x");
        return this;
    }

    GoalBench environment(Map<String, String> environment) {
        mojo.environment = environment;
        return this;
    }

    GoalBench project(MavenProject project) {
        mojo.project = project;
        return this;
    }

    GoalBench offline() {
        request.setOffline(true);
        return this;
    }

    DefaultMavenExecutionRequest maven() {
        return request;
    }

    KubeMojo mojo() {
        mojo.session = session();
        return mojo;
    }

    io.kubebuild.request.BuildRequest request() {
        KubeMojo ready = mojo();
        return ready.request(ready.reader());
    }

    PluginDescriptor plugin() {
        return PLUGIN;
    }

    @SuppressWarnings("deprecation") // Maven has no other constructor for code that is not Maven's core
    private MavenSession session() {
        return new MavenSession(null, null, request, new DefaultMavenExecutionResult());
    }

    private void set(Parameter parameter, String value) {
        Object converted =
                switch (parameter.getType()) {
                    case "java.util.List" -> elements(value);
                    case "java.io.File" -> new File(value);
                    case "io.kubebuild.mojo.Address" -> new Address(value);
                    default -> value;
                };
        set(parameter.getName(), converted);
    }

    /** As Maven's converter: nothing between two commas is null. */
    private static List<String> elements(String value) {
        List<String> elements = new ArrayList<>();
        for (String element : value.split(",", -1)) {
            elements.add(element.isEmpty() ? null : element);
        }
        return elements;
    }

    private void set(String name, Object value) {
        try {
            Field field = field(mojo.getClass(), name);
            field.setAccessible(true);
            field.set(mojo, value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no field " + name, e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        try {
            return type.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            return field(
                    Optional.ofNullable(type.getSuperclass()).orElseThrow(() -> new NoSuchFieldException(name)), name);
        }
    }

    private static PluginDescriptor readDescriptor() {
        Document document;
        try (InputStream xml = KubeMojo.class.getResourceAsStream("/META-INF/maven/plugin.xml")) {
            document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
        } catch (IOException | org.xml.sax.SAXException | javax.xml.parsers.ParserConfigurationException e) {
            throw new AssertionError("the plugin's descriptor is made in phase process-classes", e);
        }
        PluginDescriptor plugin = new PluginDescriptor();
        plugin.setVersion("0.1.0-test");
        NodeList goals = document.getElementsByTagName("mojo");
        for (int i = 0; i < goals.getLength(); i++) {
            readGoal(plugin, (Element) goals.item(i));
        }
        return plugin;
    }

    private static void readGoal(PluginDescriptor plugin, Element xml) {
        MojoDescriptor descriptor = new MojoDescriptor();
        descriptor.setGoal(text(xml, "goal"));
        descriptor.setPluginDescriptor(plugin);
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        NodeList names = xml.getElementsByTagName("parameter");
        for (int i = 0; i < names.getLength(); i++) {
            Parameter parameter = new Parameter();
            parameter.setName(text((Element) names.item(i), "name"));
            parameter.setType(text((Element) names.item(i), "type"));
            parameter.setDescription(text((Element) names.item(i), "description"));
            parameters.put(parameter.getName(), parameter);
        }
        Element configuration =
                (Element) xml.getElementsByTagName("configuration").item(0);
        parameters.forEach((name, parameter) -> {
            NodeList values = configuration.getElementsByTagName(name);
            if (values.getLength() > 0) {
                parameter.setExpression(values.item(0).getTextContent());
            }
        });
        try {
            descriptor.setParameters(List.copyOf(parameters.values()));
            plugin.addMojo(descriptor);
        } catch (InvalidPluginDescriptorException e) {
            throw new AssertionError(e);
        }
    }

    private static String text(Element parent, String tag) {
        NodeList found = parent.getElementsByTagName(tag);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
