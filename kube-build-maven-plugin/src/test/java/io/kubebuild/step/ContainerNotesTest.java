package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.request.StepName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build whose Maven is killed runs nothing more: its records stay as they are, and so do its containers. */
class ContainerNotesTest {

    private final FakeBench bench;

    ContainerNotesTest(@TempDir Path directory) throws IOException, InterruptedException {
        bench = FakeBench.in(directory);
        bench.engine().addImage("image", Map.of());
    }

    /** A build that got as far as this. */
    private void killedWith(String... names) throws InterruptedException {
        try (BuildContext context = bench.context(bench.request().build())) {
            ContainerNotes notes = new ContainerNotes(context.state(), context.listener());
            for (String name : names) {
                notes.add(name);
                bench.engine().addContainer(ContainerSpec.of(name, "image", List.of("true")));
            }
        }
    }

    private List<String> containers() {
        return bench.engine().containers("").stream().map(ContainerInfo::name).toList();
    }

    @Test
    void theNextBuildRemovesWhatAKilledOneHasLeft() throws InterruptedException {
        killedWith("one-describe", "two");
        bench.engine().addContainer(ContainerSpec.of("somebody-elses", "image", List.of("true")));

        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(containers()).containsExactly("somebody-elses");
        assertThat(bench.heard().facts("left behind"))
                .hasSize(2)
                .first()
                .asString()
                .contains("one-describe");
    }

    @Test
    void aBuildThatEndsLeavesNoRecord() throws IOException {
        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(containers()).isEmpty();
        assertThat(bench.heard().facts("left behind")).isEmpty();
        try (Stream<Path> records = Files.walk(bench.tree().file("_output"))) {
            assertThat(records).noneMatch(file -> file.endsWith("short-lived-containers.json"));
        }
    }

    @Test
    void aRecordOfAContainerThatIsGoneDoesNoHarm() throws InterruptedException {
        killedWith("one");
        bench.engine().remove("one");

        bench.pipeline(bench.request().build()).run(List.of(StepName.VERIFY_PREREQS), false);

        assertThat(containers()).isEmpty();
    }
}
