package io.kubebuild.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildDateTest {

    private static final OptionalLong NONE = OptionalLong.empty();
    private static final GitVersion UNKNOWN = new GitVersion("0123456789abcdef", "archive", "v1.20.2", "1", "20");

    private final TestTree tree;

    BuildDateTest(@TempDir Path directory) throws IOException {
        this.tree = TestTree.rsync(directory);
    }

    private BuildDate find(OptionalLong explicit, OptionalLong timestamp, String epoch, GitVersion version) {
        Map<String, String> environment = epoch.isEmpty() ? Map.of() : Map.of("SOURCE_DATE_EPOCH", epoch);
        return new BuildDate.Ladder(tree.located(), tree.git(), environment)
                .find(explicit, timestamp, version, List.of("pom.xml"));
    }

    @Test
    void climbsTheLadder() throws Exception {
        tree.committed();
        GitVersion version = new GitVersion(tree.git().head().orElseThrow(), "clean", "v1.20.2", "1", "20");

        assertThat(find(OptionalLong.of(1), OptionalLong.of(2), "3", version))
                .isEqualTo(new BuildDate(1, "kube.sourceDateEpoch"));
        assertThat(find(NONE, OptionalLong.of(2), "3", version))
                .isEqualTo(new BuildDate(2, "project.build.outputTimestamp"));
        assertThat(find(NONE, NONE, "3", version)).isEqualTo(new BuildDate(3, "SOURCE_DATE_EPOCH"));
        assertThat(find(NONE, NONE, "", version))
                .isEqualTo(new BuildDate(1_600_000_000, "time of commit " + version.commit()));
    }

    @Test
    void takesTheCheckedOutCommitWhereTheStampedOneIsUnknown() throws Exception {
        tree.committed();

        BuildDate date = find(NONE, NONE, "", UNKNOWN);

        assertThat(date.epochSeconds()).isEqualTo(1_600_000_000);
        assertThat(date.source()).contains("checked out").contains(UNKNOWN.commit());
    }

    @Test
    void takesTheNewestSourceOfATreeWithoutGit() throws IOException {
        tree.write("_output/bin/x", "").write("pom.xml", "").write(GitVersion.FILE, "");
        tree.write("pkg/api/zz_generated.deepcopy.go", "");
        age(1_500_000_000);
        touch("hack/lib/version.sh", 1_500_000_100);
        for (String written :
                List.of("_output/bin/x", "pom.xml", GitVersion.FILE, "pkg/api/zz_generated.deepcopy.go")) {
            touch(written, 1_600_000_000);
        }

        assertThat(find(NONE, NONE, "", UNKNOWN))
                .isEqualTo(new BuildDate(1_500_000_100, "newest modification time in the tree"));
    }

    @Test
    void refusesWhatIsNoTime() {
        assertThatThrownBy(() -> find(NONE, NONE, "yesterday", UNKNOWN))
                .hasMessageContaining("SOURCE_DATE_EPOCH is yesterday");
        assertThatThrownBy(() -> find(OptionalLong.of(-1), NONE, "", UNKNOWN))
                .hasMessageContaining("kube.sourceDateEpoch is -1");
    }

    @Test
    void printsAsUpstreamStampsIt() {
        assertThat(new BuildDate(1_610_543_941, "x").iso()).isEqualTo("2021-01-13T13:19:01Z");
    }

    private void age(long seconds) throws IOException {
        try (Stream<Path> files = Files.walk(tree.root)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.fromMillis(seconds * 1000));
            }
        }
    }

    private void touch(String path, long seconds) throws IOException {
        Files.setLastModifiedTime(tree.root.resolve(path), FileTime.fromMillis(seconds * 1000));
    }
}
