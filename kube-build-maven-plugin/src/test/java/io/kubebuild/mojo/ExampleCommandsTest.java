package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command with {@code mvn} in the README and on the site is one that Maven and the plugin understand. */
class ExampleCommandsTest {

    /** Surefire runs in the module's directory. */
    private static final Path ROOT = Path.of("..");

    /** Of the lifecycles clean and default, as far as anybody calls them. */
    private static final Set<String> PHASES =
            Set.of("clean", "validate", "compile", "test", "package", "verify", "install", "deploy");

    /** Options of Maven that a word of its own follows. */
    private static final Set<String> WITH_VALUE = Set.of("-pl", "-rf", "-f", "-s", "-gs", "-P", "-l", "-T");

    private static final Set<String> FLAGS =
            Set.of("-B", "-ntp", "-o", "-q", "-e", "-X", "-am", "-U", "-N", "-T2", "--encrypt-password");

    private static final Pattern GOAL =
            Pattern.compile("(?:kube|io\\.kubebuild:kube-build-maven-plugin(?::[0-9.]+)?):([a-z-]+)");
    private static final Pattern OTHER_GOAL = Pattern.compile("(?:deploy|dependency|help):[a-z-]+");
    private static final Pattern PROPERTY = Pattern.compile("-D([A-Za-z.-]+)(?:=.*)?");
    private static final Pattern OF_MAVEN =
            Pattern.compile("maven\\..+|altDeploymentRepository|artifact|transitive|skipDeploy");
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

    @TempDir
    Path directory = Path.of("");

    /**
     * A command as it is written.
     *
     * @param place page and line
     */
    record Example(String place, String command) {

        List<String> words() {
            return WORD.matcher(command)
                    .results()
                    .map(word -> word.group().replace("\"", "").replace("'", ""))
                    .skip(1)
                    .toList();
        }
    }

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        examples.addAll(in(ROOT.resolve("README.md")));
        try (Stream<Path> pages = Files.list(ROOT.resolve("src/site/markdown"))) {
            for (Path page : pages.sorted().toList()) {
                examples.addAll(in(page));
            }
        }
        return examples;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void isUnderstood(Example example) {
        List<MojoDescriptor> called = new ArrayList<>();
        List<String> words = example.words();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Matcher goal = GOAL.matcher(word);
            if (goal.matches()) {
                called.add(goal(goal.group(1)));
            } else if (WITH_VALUE.contains(word)) {
                i++;
            } else if (!word.startsWith("-D")) {
                assertThat(PHASES.contains(word)
                                || FLAGS.contains(word)
                                || OTHER_GOAL.matcher(word).matches())
                        .as("whether there is " + word)
                        .isTrue();
            }
        }
        // A phase of our packaging runs all of its goals.
        Set<String> known = properties(called.isEmpty() ? goals() : called);
        assertThat(words.stream().filter(word -> word.startsWith("-D")).map(ExampleCommandsTest::property))
                .allMatch(property ->
                        known.contains(property) || OF_MAVEN.matcher(property).matches());
    }

    @Test
    void thereAreSome() throws IOException {
        assertThat(examples())
                .extracting(Example::command)
                .hasSizeGreaterThan(30)
                .contains("mvn kube:release -Dkube.platforms=linux/amd64", "mvn kube:help -Ddetail");
    }

    /** In blocks that are indented or fenced, also as a part of another language's text, and in running text. */
    private static List<Example> in(Path page) throws IOException {
        List<Example> examples = new ArrayList<>();
        Pattern inText = Pattern.compile("`(mvn [^`]+)`");
        Pattern inBlock = Pattern.compile("(?:^|[\\s'])(mvn [^'#]+?)(?:'?\\)?| +#.*)$");
        boolean fenced = false;
        int number = 0;
        for (String line : Files.readString(page).lines().toList()) {
            number++;
            if (line.startsWith("```")) {
                fenced = !fenced;
            }
            Matcher matcher = (fenced || line.startsWith("    ") ? inBlock : inText).matcher(line);
            while (matcher.find()) {
                examples.add(new Example(
                        page.getFileName() + ":" + number, matcher.group(1).strip()));
            }
        }
        return examples;
    }

    private MojoDescriptor goal(String name) {
        Optional<MojoDescriptor> found =
                goals().stream().filter(goal -> goal.getGoal().equals(name)).findFirst();
        assertThat(found).as("the goal kube:" + name).isPresent();
        return found.orElseThrow();
    }

    private List<MojoDescriptor> goals() {
        return GoalBench.of(new VerifyPrereqsMojo(), "release", directory)
                .plugin()
                .getMojos();
    }

    private static Set<String> properties(List<MojoDescriptor> goals) {
        Set<String> properties = new TreeSet<>();
        goals.stream()
                .flatMap(goal -> goal.getParameters().stream())
                .map(Parameter::getExpression)
                .flatMap(Stream::ofNullable)
                .forEach(expression -> properties.add(expression.replaceAll("^\\$\\{|}$", "")));
        return properties;
    }

    private static String property(String word) {
        Matcher matcher = PROPERTY.matcher(word);
        assertThat(matcher.matches()).as(word + " is -Dname=value").isTrue();
        return matcher.group(1);
    }
}
