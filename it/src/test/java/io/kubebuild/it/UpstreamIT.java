package io.kubebuild.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the tree's own scripts make of it is what the plugin makes. */
@RequiresEngine
@ExtendWith(ReleasedTree.Shared.class)
class UpstreamIT {

    private final ReleasedTree released;
    private final Path directory;

    UpstreamIT(ReleasedTree released, @TempDir Path directory) {
        this.released = released;
        this.directory = directory;
    }

    @Test
    void upstreamsScriptsMakeTheSame() {
        requirePrograms("bash", "make", "rsync", "docker", "python3", "git", "tar");
        released.release().execute().succeeded();
        SampleTree tree = SampleTree.in(directory);
        try {
            HostCommand.of(tree.directory(), "make", "quick-release")
                    .with("KUBE_BUILD_PLATFORMS", ReleasedTree.PLATFORMS.replace(',', ' '))
                    .with("KUBE_BUILD_PULL_LATEST_IMAGES", "n")
                    .with("SOURCE_DATE_EPOCH", Long.toString(SampleTree.COMMITTED))
                    .succeeds();

            HostCommand.Outcome compared = HostCommand.of(
                            directory,
                            "python3",
                            Bench.directory("it.compare").resolve("compare.py").toString(),
                            "--ignore",
                            Bench.directory("it.compare")
                                    .resolve("sample-differs.txt")
                                    .toString(),
                            tree.file("_output").toString(),
                            released.tree().file("_output").toString())
                    .run();
            assertThat(compared.exitCode()).as(compared.output()).isZero();
        } finally {
            // Upstream's containers have the names that ours have.
            MavenBuild.in(tree.directory()).goal("clean").execute().succeeded();
        }
    }

    private static void requirePrograms(String... programs) {
        List<String> missing = List.of(programs).stream()
                .filter(program -> !HostCommand.exists(program))
                .toList();
        String line = "upstream's scripts need programs that are not here: " + missing;
        if ("required".equals(System.getProperty("kube.test.engine"))) {
            assertThat(missing).as(line).isEmpty();
        }
        Assumptions.assumeTrue(missing.isEmpty(), line);
    }
}
