package io.kubebuild.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.tree.Platform;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {

    private static final List<String> TARGETS =
            List.of("cmd/alpha", "cmd/beta", "vendor/example.org/ginkgo", "test/e2e/e2e.test");

    private final PlanFile file = new PlanFile();

    private static Plan record(StubTree tree) throws Exception {
        List<Platform> platforms = List.of(new Platform("linux", "amd64"), new Platform("windows", "amd64"));
        Map<String, String> environment = new TreeMap<>(Map.of("KUBE_OUTPUT_SUBPATH", "_output/dockerized"));
        environment.put("KUBE_BUILD_PLATFORMS", "linux/amd64 windows/amd64");
        List<RequestedOutput> requested = TARGETS.stream()
                .flatMap(target -> platforms.stream().map(platform -> new RequestedOutput(target, platform)))
                .toList();
        RecordRequest request = RecordRequest.cross(environment, requested);
        return new PlanMerger().merge(new Recorder().record(tree.workspace(), request, line -> {}));
    }

    @Test
    void aPlanReadsBackAsItWasWritten(@TempDir Path directory) throws Exception {
        Plan plan = record(StubTree.in(directory));
        Path json = directory.resolve("state/plan.json");
        file.write(plan, json);

        assertThat(file.read(json)).contains(plan);
        assertThat(file.id(file.read(json).orElseThrow())).isEqualTo(file.id(plan));
        assertThat(json.getParent()).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void twoRecordingsOfOneTreeGiveOnePlan(@TempDir Path directory) throws Exception {
        StubTree tree = StubTree.in(directory);

        assertThat(file.id(record(tree))).isEqualTo(file.id(record(tree)));
    }

    @Test
    void whatCannotBeReadIsRecordedAnew(@TempDir Path directory) throws Exception {
        Path json = directory.resolve("plan.json");
        assertThat(file.read(json)).isEmpty();
        Files.writeString(json, "{\"format\": 99, \"plan\": {}}");
        assertThat(file.read(json)).isEmpty();
        Files.writeString(json, "{\"format\": 1, \"pl");
        assertThat(file.read(json)).isEmpty();
        Files.writeString(json, "{\"format\": 1, \"plan\": {\"jobs\": [{\"outputs\": []}]}}");
        assertThat(file.read(json)).isEmpty();
    }

    @Test
    void whatIsNoFileIsRecordedAnew(@TempDir Path directory) throws Exception {
        Path link = Files.createSymbolicLink(
                directory.resolve("plan.json"), Files.writeString(directory.resolve("other"), "{\"format\": 1}"));
        assertThat(new PlanFile().read(directory)).isEmpty();
        assertThat(new PlanFile().read(link)).isEmpty();
    }

    @Test
    void theStubTreesPlanIsTheOneThatIsKept(@TempDir Path directory) throws Exception {
        StubTree tree = StubTree.in(directory);
        StringBuilder listing = new StringBuilder();
        for (CompileJob job : record(tree).jobs()) {
            GoCommand command = job.command();
            listing.append("CGO_ENABLED=").append(command.environment().getOrDefault("CGO_ENABLED", ""));
            listing.append(' ').append(String.join(" ", command.argv())).append('\n');
            job.outputs().forEach(output -> listing.append("  ")
                    .append(output.target())
                    .append(' ')
                    .append(output.platform())
                    .append(' ')
                    .append(output.path())
                    .append('\n'));
        }

        try (InputStream golden = PlanFileTest.class.getResourceAsStream("stub-tree-plan.txt")) {
            assertThat(listing.toString().replace(tree.root().toString(), "ROOT"))
                    .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
