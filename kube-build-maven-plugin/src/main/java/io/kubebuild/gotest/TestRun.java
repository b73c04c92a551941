package io.kubebuild.gotest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubebuild.gotest.TestResult.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Listens to {@code go test -json} line by line ({@code go doc test2json}). Lines that are no events are what go itself prints, above all
 * when a package cannot be built.
 */
public final class TestRun {

    /** Enough to see why something failed; a test may print gigabytes. */
    private static final int LONGEST_OUTPUT = 64 * 1024;

    private static final Pattern NOT_RUN = Pattern.compile("FAIL\\s+(\\S+)\\s+\\[(.+)]");

    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, Running> packages = new LinkedHashMap<>();

    /** A package while its tests run. */
    private static final class Running {
        private final Map<String, StringBuilder> outputs = new LinkedHashMap<>();
        private final Map<String, TestResult> ended = new LinkedHashMap<>();
        private final StringBuilder output = new StringBuilder();
        private boolean failed;
        private double seconds;

        private PackageResult result(String name) {
            List<TestResult> tests = new ArrayList<>();
            outputs.forEach((test, text) -> {
                @Nullable TestResult result = ended.get(test);
                // One that has no end was cut short, by a panic or a timeout.
                tests.add(result != null ? result : new TestResult(test, Status.FAILED, 0, text.toString()));
            });
            return new PackageResult(name, failed, seconds, tests, output.toString());
        }
    }

    /**
     * Takes a line.
     *
     * @return the line that go would print about a package that has ended ({@code ok  k8s.io/kubernetes/pkg/util 0.012s})
     */
    public Optional<String> line(String line) {
        if (!line.startsWith("{")) {
            return stray(line);
        }
        JsonNode event;
        try {
            event = json.readTree(line);
        } catch (JsonProcessingException e) {
            return stray(line);
        }
        String name = event.path("Package").asText();
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Running running = packages.computeIfAbsent(name, ignored -> new Running());
        String test = event.path("Test").asText();
        return test.isEmpty() ? ofPackage(running, event) : ofTest(running, test, event);
    }

    /** What became of each package that was heard of, in the order in which they began. */
    public List<PackageResult> packages() {
        return packages.entrySet().stream()
                .map(entry -> entry.getValue().result(entry.getKey()))
                .toList();
    }

    private Optional<String> stray(String line) {
        Matcher notRun = NOT_RUN.matcher(line.strip());
        if (!notRun.matches()) {
            return Optional.empty();
        }
        Running running = packages.computeIfAbsent(notRun.group(1), ignored -> new Running());
        running.failed = true;
        append(running.output, notRun.group(2) + "\n");
        return Optional.of(line.strip());
    }

    private static Optional<String> ofPackage(Running running, JsonNode event) {
        running.seconds = event.path("Elapsed").asDouble(running.seconds);
        switch (event.path("Action").asText()) {
            case "fail" -> running.failed = true;
            case "output" -> {
                String output = event.path("Output").asText();
                append(running.output, output);
                boolean last =
                        output.startsWith("ok  \t") || output.startsWith("FAIL\t") || output.startsWith("?   \t");
                return last ? Optional.of(output.strip().replace('\t', ' ')) : Optional.empty();
            }
            default -> {}
        }
        return Optional.empty();
    }

    private static Optional<String> ofTest(Running running, String test, JsonNode event) {
        StringBuilder output = running.outputs.computeIfAbsent(test, ignored -> new StringBuilder());
        switch (event.path("Action").asText()) {
            case "output" -> append(output, event.path("Output").asText());
            case "pass" -> end(running, test, Status.PASSED, event);
            case "fail" -> end(running, test, Status.FAILED, event);
            case "skip" -> end(running, test, Status.SKIPPED, event);
            default -> {}
        }
        return Optional.empty();
    }

    private static void end(Running running, String test, Status status, JsonNode event) {
        StringBuilder output = running.outputs.computeIfAbsent(test, ignored -> new StringBuilder());
        String kept = status == Status.PASSED ? "" : output.toString();
        running.ended.put(
                test, new TestResult(test, status, event.path("Elapsed").asDouble(), kept));
        output.setLength(0);
    }

    private static void append(StringBuilder text, String more) {
        text.append(more);
        if (text.length() > LONGEST_OUTPUT) {
            text.delete(0, text.length() - LONGEST_OUTPUT);
        }
    }
}
