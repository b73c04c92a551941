package io.kubebuild.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoCachesTest {

    private final GoCacheFixture there;

    GoCachesTest(@TempDir Path directory) throws IOException {
        there = new GoCacheFixture(directory.resolve("root"));
    }

    @Test
    void aWorkspaceWithoutEntriesIsEmpty() throws Exception {
        assertThat(there.caches().isEmpty()).isTrue();
        there.initialize();
        assertThat(there.caches().isEmpty()).isTrue();
        there.entry("compile fmt", "fmt.a");
        assertThat(there.caches().isEmpty()).isFalse();
    }

    @Test
    void aWorkspaceWithoutCacheHasUsedNothing() throws Exception {
        there.caches().beforeUse();
        there.caches().afterUse("release", true);

        assertThat(used("release")).isEmpty();
    }

    @Test
    void whatGoTouchedWasUsedAndNothingElse() throws Exception {
        there.initialize();
        String[] young = there.entry("young", "one");
        String[] old = there.entry("old", "two");
        String[] future = there.entry("future", "three");
        for (String path : old) {
            there.time(path, Instant.now().minus(Duration.ofDays(2)));
        }
        for (String path : future) {
            there.time(path, Instant.now().plus(Duration.ofDays(2)));
        }
        there.write("_output/dockerized/go/cache/trim.txt", "1700000000");

        there.caches().beforeUse();

        // Old enough for Go, which renews the time only of what is over an hour old.
        assertThat(List.of(young[0], young[1], future[0], old[1])).allSatisfy(path -> assertThat(there.time(path))
                .isBefore(Instant.now().minus(Duration.ofMinutes(61))));
        there.time(young[0], Instant.now());
        there.time(old[1], Instant.now());
        String[] made = there.entry("made", "four");
        there.caches().afterUse("release", true);

        assertThat(used("release")).containsExactlyInAnyOrder(young[0], old[1], made[0], made[1]);
    }

    @Test
    void whatOneBuildUsedIsKeptWhileAnotherRuns() throws Exception {
        there.initialize();
        there.caches().beforeUse();
        String[] generator = there.entry("generator", "one");
        there.caches().afterUse("generated", true);
        there.caches().beforeUse();
        String[] program = there.entry("program", "two");
        there.caches().afterUse("release", true);

        assertThat(used("generated")).containsExactlyInAnyOrder(generator);
        assertThat(used("release")).containsExactlyInAnyOrder(program);
    }

    @Test
    void whatAPartOfABuildUsedComesOnTop() throws Exception {
        there.initialize();
        there.caches().beforeUse();
        String[] whole = there.entry("all programs", "one");
        there.caches().afterUse("release", true);
        there.caches().beforeUse();
        String[] part = there.entry("one program", "two");
        there.caches().afterUse("release", false);

        assertThat(used("release")).containsExactlyInAnyOrder(whole[0], whole[1], part[0], part[1]);
    }

    private List<String> used(String name) throws IOException {
        String list = Files.readString(there.file(GoCaches.LISTS + "/used-" + name));
        return list.isEmpty() ? List.of() : List.of(list.split("\0"));
    }
}
