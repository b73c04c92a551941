package io.kubebuild.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceScannerTest {

    private static final FilterRules RULES = FilterRules.of(List.of("- /_output/", "H *.hidden"));
    private static final String FORGED = "f".repeat(64);

    @TempDir
    Path tree = Path.of("");

    private final List<BuildListener.Event> events = new ArrayList<>();

    @BeforeEach
    void sources() throws IOException {
        Files.createDirectories(tree.resolve("a/b"));
        Files.createDirectories(tree.resolve("_output/x"));
        Files.createDirectories(tree.resolve("target/classes"));
        Files.writeString(tree.resolve("a/b/c"), "content");
        Files.writeString(tree.resolve("a/pom.xml"), "a module's own");
        Files.writeString(tree.resolve("pom.xml"), "the project's");
        Files.writeString(tree.resolve("a/x.hidden"), "");
        Files.createSymbolicLink(tree.resolve("up"), Path.of("a/b/"));
    }

    private SourceSnapshot take(Duration ahead, @Nullable SourceSnapshot previous) {
        return scanner(ahead).take(SourceRoot.of(tree), RULES, List.of("pom.xml", "target"), previous);
    }

    private SourceSnapshot take() {
        return scanner(Duration.ZERO).take(SourceRoot.of(tree), RULES, List.of("pom.xml", "target"), null);
    }

    private SourceScanner scanner(Duration ahead) {
        return new SourceScanner(Clock.offset(Clock.systemUTC(), ahead), 2, events::add);
    }

    /** The snapshot with a wrong hash for a/b/c: where it comes back, the file was not read. */
    private SourceSnapshot forged(SourceSnapshot snapshot) {
        return new SourceSnapshot(
                snapshot.started(),
                snapshot.entries().values().stream()
                        .map(entry -> entry.path().equals("a/b/c")
                                ? new SourceEntry(entry.path(), entry.type(), entry.stat(), "", FORGED)
                                : entry)
                        .toList());
    }

    private static String hash(SourceSnapshot snapshot) {
        return Objects.requireNonNull(snapshot.entries().get("a/b/c")).sha256();
    }

    @Test
    void holdsEverythingButWhatIsFilteredAndTheProjectsOwn() {
        assertThat(take().entries().keySet()).containsExactly("a", "a/b", "a/b/c", "a/pom.xml", "up");
    }

    @Test
    void doesNotReadWhatIsUnchanged() {
        SourceSnapshot previous = forged(take(Duration.ofHours(1), take()));
        assertThat(hash(take(Duration.ofHours(1), previous))).isEqualTo(FORGED);
    }

    @Test
    void readsAgainWhatWasModifiedWhenTheLastSnapshotWasTaken() {
        SourceSnapshot previous = forged(take());
        assertThat(hash(take(Duration.ZERO, previous))).isNotEqualTo(FORGED);
    }

    @Test
    void aClockThatWentBackHidesNoEdit() throws IOException {
        SourceSnapshot ofTomorrow = take(Duration.ofDays(1), take());
        // Of the same size, and older than that snapshot.
        Files.writeString(tree.resolve("a/b/c"), "CONTENT");

        SourceSnapshot today = take(Duration.ZERO, ofTomorrow);

        assertThat(today.changedSince(ofTomorrow)).containsExactly("a/b/c");
        assertThat(hash(today)).isEqualTo(hash(take()));
    }

    @Test
    void saysWhetherAllOfItNeedsNoReadingNextTime() {
        assertThat(take().vouchesForAll()).isFalse();
        assertThat(take(Duration.ofHours(1), null).vouchesForAll()).isTrue();
    }

    @Test
    void readsAgainWhereNoCtimeIsKnown() {
        SourceSnapshot snapshot = take(Duration.ofHours(1), take());
        SourceEntry entry = Objects.requireNonNull(snapshot.entries().get("a/b/c"));
        FileStat stat = entry.stat();
        FileStat without = new FileStat(stat.mode(), stat.size(), stat.mtime(), FileStat.NO_CTIME, stat.inode());
        assertThat(without.provesSame(without)).isFalse();
    }

    @Test
    void isTheSameAfterATouchAndAnotherAfterAnythingElse() throws IOException {
        SourceSnapshot first = take();
        Files.setLastModifiedTime(tree.resolve("a/b/c"), java.nio.file.attribute.FileTime.fromMillis(0));
        SourceSnapshot touched = take();
        assertThat(touched.id()).isEqualTo(first.id());
        assertThat(touched.changedSince(first)).isEmpty();

        Files.setAttribute(tree.resolve("a/b/c"), "unix:mode", 0750);
        Files.writeString(tree.resolve("a/new"), "");
        Files.delete(tree.resolve("up"));
        assertThat(take().id()).isNotEqualTo(first.id());
        assertThat(take().changedSince(first)).containsExactly("a/b/c", "a/new", "up");
    }

    @Test
    void leavesOutWhatIsNeitherFileNorDirectoryNorLinkAndSaysSo() throws Exception {
        assumeTrue(new ProcessBuilder("mkfifo", tree.resolve("pipe").toString())
                        .start()
                        .waitFor()
                == 0);
        assertThat(take().entries()).doesNotContainKey("pipe");
        assertThat(events).singleElement().isInstanceOfSatisfying(BuildListener.Listing.class, listing -> assertThat(
                        listing.lines())
                .containsExactly("pipe"));
    }

    @Test
    void namesEveryFileThatItCannotRead() throws IOException {
        Files.setAttribute(tree.resolve("a/b/c"), "unix:mode", 0);
        Files.setAttribute(tree.resolve("a/pom.xml"), "unix:mode", 0);
        assumeTrue(!Files.isReadable(tree.resolve("a/b/c")), "root reads everything");
        assertThatThrownBy(this::take)
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("a/b/c")
                .hasMessageContaining("a/pom.xml")
                .hasMessageContaining("chmod");
    }

    @Test
    void comesBackFromItsFile() throws IOException {
        SourceSnapshot snapshot = take();
        Path file = tree.resolve("_output/deep/snapshot.jsonl");
        SnapshotStore store = new SnapshotStore(file, events::add);
        assertThat(store.read()).isEmpty();
        store.write(snapshot);
        assertThat(store.read()).contains(snapshot);
        assertThat(Objects.requireNonNull(file.getParent()).toFile().list()).containsExactly("snapshot.jsonl");
    }

    @Test
    void aDamagedFileCountsAsNoneWithALine() throws IOException {
        Path file = tree.resolve("_output/snapshot.jsonl");
        SnapshotStore store = new SnapshotStore(file, events::add);
        store.write(take());
        String whole = Files.readString(file);
        for (String damaged : List.of(
                "", "nonsense", whole.substring(0, whole.length() / 2), whole.replace("a/b/c", "a/b/d"), "[2]\n")) {
            events.clear();
            Files.writeString(file, damaged);
            assertThat(store.read()).isEmpty();
            assertThat(events).hasSize(1);
        }
    }
}
