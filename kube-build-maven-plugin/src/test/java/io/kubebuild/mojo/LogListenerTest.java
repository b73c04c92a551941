package io.kubebuild.mojo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubebuild.event.BuildListener;
import io.kubebuild.event.BuildListener.Detail;
import io.kubebuild.event.BuildListener.Fact;
import io.kubebuild.event.BuildListener.Listing;
import io.kubebuild.event.BuildListener.Output;
import io.kubebuild.event.BuildListener.Produced;
import io.kubebuild.event.BuildListener.Progress;
import io.kubebuild.event.BuildListener.StepEnded;
import io.kubebuild.event.BuildListener.StepReason;
import io.kubebuild.event.BuildListener.StepStarted;
import io.kubebuild.event.BuildListener.Warning;
import io.kubebuild.event.Outcome;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.maven.project.MavenProject;
import org.junit.jupiter.api.Test;

class LogListenerTest {

    private final FakeLog log = new FakeLog();
    private final SteppedClock clock = new SteppedClock();

    @Test
    void tellsABuildThatEndsWell() {
        LogListener listener = new LogListener(log, false, clock, new Summary());

        listener.on(new StepStarted("verify-prereqs"));
        listener.on(new Fact("version", "v1.20.2"));
        listener.on(new Listing("files that make the tree dirty", List.of("cmd/kubectl/kubectl.go", "LICENSE")));
        listener.on(new StepEnded("verify-prereqs", new Outcome.Done("v1.20.2"), Duration.ofMillis(2340)));
        listener.on(new StepStarted("sync"));
        listener.on(new StepReason("sync", "the workspace is new"));
        listener.on(new StepEnded("sync", new Outcome.UpToDate("21074 files"), Duration.ofMillis(412)));
        listener.on(new StepStarted("cross-compile"));
        listener.on(new StepReason("cross-compile", "cmd/kubectl/kubectl.go changed"));
        listener.on(new Output("go install", "k8s.io/kubernetes/cmd/kubectl"));
        listener.on(new Detail("GOMAXPROCS=2"));
        listener.on(new Produced("binary", Path.of("out/kubectl"), 46_000_000));
        listener.on(new StepEnded(
                "cross-compile", new Outcome.Done("26 binaries for linux/amd64"), Duration.ofSeconds(425)));
        listener.on(new StepEnded("copy-output", new Outcome.Skipped("nothing to copy"), Duration.ZERO));
        listener.close();

        assertThat(log.lines)
                .containsExactly(
                        "info verify-prereqs: begins",
                        "info version: v1.20.2",
                        "info files that make the tree dirty:",
                        "info   cmd/kubectl/kubectl.go",
                        "info   LICENSE",
                        "info verify-prereqs: done in 2.3 s (v1.20.2)",
                        "info sync: begins",
                        "info sync: because the workspace is new",
                        "info sync: up to date (21074 files)",
                        "info cross-compile: begins",
                        "info cross-compile: because cmd/kubectl/kubectl.go changed",
                        "debug [go install] k8s.io/kubernetes/cmd/kubectl",
                        "debug GOMAXPROCS=2",
                        "info binary: out/kubectl (46.0 MB)",
                        "info cross-compile: done in 7 min 05 s (26 binaries for linux/amd64)",
                        "info copy-output: skipped (nothing to copy)",
                        "info Summary:",
                        "info   verify-prereqs    done            2.3 s  v1.20.2",
                        "info   sync              up to date      0.4 s  21074 files",
                        "info   cross-compile     done       7 min 05 s  26 binaries for linux/amd64",
                        "info   copy-output       skipped         0.0 s  nothing to copy");
    }

    @Test
    void noLineShowsThePasswordOfAnAddress() {
        LogListener listener = new LogListener(log, false, clock, new Summary());
        String line = "fetching http://jo:secret@proxy:3128/x";

        listener.on(new StepStarted("sync"));
        listener.on(new Fact("kube.goProxy", line));
        listener.on(new Listing(line, List.of(line)));
        listener.on(new Detail(line));
        listener.on(new BuildListener.Warning(line));
        listener.on(new BuildListener.Printed(line));
        listener.on(new Output("go", line));
        listener.failed("go failed");
        listener.on(new StepEnded("sync", new Outcome.Done(line), Duration.ofSeconds(1)));
        listener.close();

        assertThat(log.lines).hasSizeGreaterThan(8).noneMatch(shown -> shown.contains("secret"));
    }

    @Test
    void showsWhatTheCommandsOfAFailedStepPrintedLast() {
        LogListener listener = new LogListener(log, false, clock, new Summary());

        listener.on(new StepStarted("sync"));
        listener.on(new Output("tar", "from an earlier step"));
        listener.on(new StepEnded("sync", new Outcome.Done("all"), Duration.ofSeconds(1)));
        listener.on(new StepStarted("cross-compile"));
        for (int i = 1; i <= 201; i++) {
            listener.on(new Output("go install", "line " + i));
        }
        log.lines.clear();
        clock.forward(Duration.ofSeconds(62));
        listener.failed("go install failed");
        listener.close();

        assertThat(log.lines)
                .startsWith("error the last lines that cross-compile printed:", "error   [go install] line 2")
                .contains("error   [go install] line 201")
                .endsWith(
                        "info   sync              done            1.0 s  all",
                        "info   cross-compile     failed     1 min 02 s")
                .noneMatch(line -> line.contains("earlier step"));
    }

    @Test
    void doesNotRepeatLinesThatTheFailureTells() {
        LogListener listener = new LogListener(log, false, clock, new Summary());

        listener.on(new StepStarted("cross-compile"));
        listener.on(new Output("go install", "undefined: x"));
        log.lines.clear();
        listener.failed("go install failed\n  why: undefined: x");
        listener.close();

        assertThat(log.lines).isEmpty();
    }

    @Test
    void boundsTheRateOfProgress() {
        LogListener listener = new LogListener(log, true, clock, new Summary());

        listener.on(new Progress("compile", 1, 40));
        listener.on(new Progress("compile", 2, 40));
        listener.on(new Progress("pull", 7, 0));
        clock.forward(LogListener.PROGRESS_INTERVAL);
        listener.on(new Progress("compile", 30, 40));

        assertThat(log.lines)
                .containsExactly("info   compile: 1 of 40 (2 %)", "info   pull: 7", "info   compile: 30 of 40 (75 %)");
    }

    @Test
    void showsNoProgressWhereNobodyWatches() {
        LogListener listener = new LogListener(log, false, clock, new Summary());

        listener.on(new Progress("compile", 1, 40));

        assertThat(log.lines).isEmpty();
    }

    @Test
    void aSingleStepNeedsNoSummary() {
        LogListener listener = new LogListener(log, false, clock, new Summary());

        listener.on(new StepStarted("sync"));
        listener.on(new StepEnded("sync", new Outcome.Done(""), Duration.ofSeconds(3)));
        listener.close();

        assertThat(log.lines).containsExactly("info sync: begins", "info sync: done in 3.0 s");
    }

    @Test
    void goalsOfOneBuildHaveOneSummaryAtItsEnd() {
        Summary summary = new Summary();
        LogListener sync = new LogListener(log, false, clock, summary);
        sync.on(new StepStarted("sync"));
        sync.on(new Warning("little memory"));
        sync.on(new StepEnded("sync", new Outcome.Done(""), Duration.ofSeconds(3)));
        sync.pause();
        LogListener packaging = new LogListener(log, false, clock, summary);
        packaging.on(new StepStarted("package-tarballs"));
        packaging.on(new BuildListener.Standing("tarball", Path.of("out/kubernetes.tar.gz"), 83_000_000));
        packaging.on(new Warning("shallow clone"));
        packaging.on(new StepEnded("package-tarballs", new Outcome.UpToDate("1 tarball"), Duration.ofSeconds(1)));
        packaging.close();

        assertThat(log.lines)
                .containsExactly(
                        "info sync: begins",
                        "warn little memory",
                        "info sync: done in 3.0 s",
                        "info package-tarballs: begins",
                        "info tarball: out/kubernetes.tar.gz (83.0 MB, as it was)",
                        "warn shallow clone",
                        "info package-tarballs: up to date (1 tarball)",
                        "info Summary:",
                        "info   sync              done            3.0 s",
                        "info   package-tarballs  up to date      1.0 s  1 tarball",
                        "info 2 warnings in all:",
                        "warn   little memory",
                        "warn   shallow clone");
    }

    @Test
    void aGoalThatFailsEndsTheBuild() {
        Summary summary = new Summary();
        LogListener sync = new LogListener(log, false, clock, summary);
        sync.on(new StepStarted("sync"));
        sync.on(new StepEnded("sync", new Outcome.Done(""), Duration.ofSeconds(3)));
        sync.pause();
        LogListener compile = new LogListener(log, false, clock, summary);
        compile.on(new StepStarted("cross-compile"));
        compile.pause();

        assertThat(log.lines)
                .endsWith(
                        "info Summary:",
                        "info   sync              done            3.0 s",
                        "info   cross-compile     failed          0.0 s");
    }

    @Test
    void aProjectHasOneSummary() {
        MavenProject project = new MavenProject();

        assertThat(Summary.of(project)).isSameAs(Summary.of(project)).isNotSameAs(Summary.of(null));
    }

    @Test
    void repeatsWarningsAtTheEnd() {
        LogListener listener = new LogListener(log, false, clock, new Summary());

        listener.on(new Warning("little memory"));
        listener.on(new Warning("shallow clone"));
        listener.close();

        assertThat(log.lines)
                .containsExactly(
                        "warn little memory",
                        "warn shallow clone",
                        "info 2 warnings in all:",
                        "warn   little memory",
                        "warn   shallow clone");
    }

    @Test
    void quantitiesReadWell() {
        assertThat(Wording.duration(Duration.ofMillis(59_900))).isEqualTo("59.9 s");
        assertThat(Wording.duration(Duration.ofMinutes(62))).isEqualTo("1 h 02 min");
        assertThat(Wording.bytes(999)).isEqualTo("999 bytes");
        assertThat(Wording.bytes(1_500)).isEqualTo("1.5 kB");
        assertThat(Wording.bytes(999_960)).isEqualTo("1.0 MB");
        assertThat(Wording.bytes(2_340_000_000L)).isEqualTo("2.3 GB");
    }

    private static final class SteppedClock extends Clock {
        private Instant now = Instant.EPOCH;

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
