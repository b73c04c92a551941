package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the site says of parameters, variables and messages is what the code has. */
class SitePagesTest {

    /** Surefire runs in the module's directory. */
    private static final Path PAGES = Path.of("..", "src", "site", "markdown");

    private static final Path SOURCES = Path.of("src", "main", "java");

    private static final Pattern PROPERTY = Pattern.compile("\\$\\{(kube\\.[\\w.-]+|what|command)}");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\S+)` \\| `<(\\w+)>` \\| (.*) \\|$");

    @Test
    void thePageOfParametersHasTheWordsOfTheirReference(@TempDir Path directory) throws IOException {
        Map<String, String> expected = new TreeMap<>();
        for (MojoDescriptor goal : GoalBench.of(new VerifyPrereqsMojo(), "release", directory)
                .plugin()
                .getMojos()) {
            goal.getParameters().forEach(parameter -> property(parameter)
                    .ifPresent(property -> expected.put(property, parameter.getName() + ": " + words(parameter))));
        }
        Map<String, String> written = new TreeMap<>();
        ROW.matcher(page("goals-and-parameters"))
                .results()
                .forEach(row -> written.put(row.group(1), row.group(2) + ": " + row.group(3)));

        assertThat(written).isEqualTo(expected);
    }

    @Test
    void thePageOfParametersNamesEveryGoal(@TempDir Path directory) throws IOException {
        String page = page("goals-and-parameters");

        assertThat(GoalBench.of(new VerifyPrereqsMojo(), "release", directory)
                        .plugin()
                        .getMojos())
                .allSatisfy(goal -> assertThat(page).contains("| `kube:" + goal.getGoal() + "` |"));
    }

    @Test
    void thePageOfVariablesHasEachThatIsReadFromTheEnvironment() throws IOException {
        Set<String> read = new TreeSet<>();
        read.addAll(found("ParameterName\\s*\\.of\\(\\s*\"[\\w.]+\",\\s*\"([A-Z_]+)\"", code()));
        read.addAll(found("environment(?:\\(\\))?\\s*\\.get(?:OrDefault)?\\(\\s*\"([A-Z_]+)\"", code()));
        read.addAll(found("\"(KUBE_CROSS_[A-Z]+)\"", code()));
        // These two read what the docker and podman commands read, by small methods of their own.
        read.addAll(found("\\bvariable\\(\"([A-Z_]+)\"", source("docker/EndpointResolver")));
        read.addAll(found("\\(environment, \"([A-Z_]+)\"", source("image/DockerConfigCredentials")));
        // PATH and HOME are everybody's; the others are read from what a command of the tree was recorded with.
        read.removeAll(Set.of("PATH", "HOME", "GO111MODULE", "KUBE_OUTPUT_SUBPATH"));
        String page = page("from-shell-variables-to-parameters");

        assertThat(read)
                .contains("KUBE_BUILD_PLATFORMS", "KUBE_GIT_MAJOR", "DOCKER_CONTEXT")
                .allSatisfy(variable -> assertThat(page).containsPattern("\\b" + variable + "\\b"));
    }

    @Test
    void thePageOfVariablesPairsThemAsTheCodeDoes() throws IOException {
        String page = page("from-shell-variables-to-parameters");
        List<MatchResult> pairs = Pattern.compile("ParameterName\\s*\\.of\\(\\s*\"([\\w.]+)\",\\s*\"([A-Z_]+)\"")
                .matcher(code())
                .results()
                .toList();

        assertThat(pairs).hasSizeGreaterThan(10).allSatisfy(pair -> assertThat(page)
                .contains("| " + pair.group(2) + " | `" + pair.group(1) + "` | `<"));
    }

    @Test
    void thePageOfTroubleQuotesMessages() throws IOException {
        // Literals that are joined by + read as one; what is put in between them is the page's ellipsis.
        String code =
                code().replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\"").replace("\\\\", "\\");
        List<String> unknown = new ArrayList<>();
        String page = page("troubleshooting");
        String ours = page.substring(0, page.indexOf("### Unknown packaging"));
        Pattern.compile("(?m)^### (.*)$").matcher(ours).results().forEach(heading -> Stream.of(
                        heading.group(1).split("…"))
                .map(String::strip)
                .filter(part -> !code.contains(part))
                .forEach(unknown::add));

        assertThat(unknown).isEmpty();
    }

    private static Optional<String> property(Parameter parameter) {
        return Optional.ofNullable(parameter.getExpression())
                .map(PROPERTY::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(1));
    }

    private static String words(Parameter parameter) {
        return parameter
                .getDescription()
                .replaceAll("<[^>]+>", "")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static List<String> found(String reading, String code) {
        List<String> found = Pattern.compile(reading)
                .matcher(code)
                .results()
                .map(result -> result.group(1))
                .toList();
        assertThat(found).as("what is read by " + reading).isNotEmpty();
        return found;
    }

    private static String source(String type) throws IOException {
        return Files.readString(SOURCES.resolve("io/kubebuild").resolve(type + ".java"));
    }

    private static String page(String name) throws IOException {
        return Files.readString(PAGES.resolve(name + ".md"));
    }

    private static String code() throws IOException {
        StringBuilder code = new StringBuilder();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                code.append(Files.readString(file));
            }
        }
        return code.toString();
    }
}
