package io.kubebuild.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;

/** What every workspace must get right, whatever it stands on. Commands are those of a Debian. */
public abstract class WorkspaceContract {

    private static final AtomicLong UNIQUE = new AtomicLong(System.nanoTime() % 1_000_000_000L);

    /** A workspace with an empty root, the same one throughout a test; the environment has {@code GIVEN=1}. */
    protected abstract Workspace workspace();

    private List<String> lines(Command command) throws InterruptedException {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        assertThat(workspace().run(command, lines::add)).as(lines.toString()).isZero();
        return List.copyOf(lines);
    }

    private Command shell(String script, String... arguments) {
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
        argv.addAll(List.of(arguments));
        return new Command(argv, Map.of(), workspace().root(), false);
    }

    @Test
    void returnsTheCodeOfACommand() throws Exception {
        assertThat(workspace().run(shell("exit 0"), line -> {})).isZero();
        assertThat(workspace().run(shell("exit 7"), line -> {})).isEqualTo(7);
        assertThat(workspace().run(shell("kill -KILL $$"), line -> {})).isEqualTo(137);
    }

    @Test
    void handsOverEachLineOfOutputAndErrors() throws Exception {
        assertThat(lines(shell("echo one; echo two >&2; printf 'no end'")))
                .containsExactlyInAnyOrder("one", "two", "no end");
        assertThat(lines(shell("seq 1 20000"))).hasSize(20_000).endsWith("20000");
    }

    @Test
    void handsOverLinesWhileACommandRuns() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        String fifo = workspace().root() + "/go-on";
        CompletableFuture<Integer> code = inBackground(
                shell("rm -f \"$1\" && mkfifo \"$1\" && echo ready && read -r x <\"$1\"", fifo), first::countDown);
        first.await();
        lines(shell("echo x >\"$1\"", fifo));
        assertThat(code.get()).isZero();
    }

    private CompletableFuture<Integer> inBackground(Command command, Runnable onLine) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return workspace().run(command, line -> onLine.run());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void addsVariablesToTheWorkspacesOwn() throws Exception {
        Command command = new Command(
                List.of("/bin/sh", "-c", "echo $GIVEN $A; command -v sh >/dev/null && umask"),
                Map.of("A", "2"),
                workspace().root(),
                false);
        assertThat(lines(command)).containsExactly("1 2", "0022");
    }

    @Test
    void replacesTheEnvironmentWhereItShallBeClean() throws Exception {
        Command command = new Command(
                List.of("/usr/bin/env"),
                Map.of("A", "a b\"'$x", "SHLVL", "5"),
                workspace().root(),
                true);
        assertThat(lines(command))
                .containsExactlyInAnyOrder(
                        "A=a b\"'$x", "SHLVL=5", "PWD=" + workspace().root());
        Command umask = new Command(
                List.of("/bin/sh", "-c", "umask"), Map.of(), workspace().root(), true);
        assertThat(lines(umask)).containsExactly("0022");
    }

    @Test
    void keepsLinksInPwd() throws Exception {
        lines(shell("mkdir -p real && ln -sfn real link"));
        String link = workspace().root() + "/link";
        assertThat(lines(new Command(List.of("/bin/sh", "-c", "pwd; pwd -P"), Map.of(), link, false)))
                .containsExactly(link, workspace().root() + "/real");
        assertThat(lines(new Command(List.of("/usr/bin/env"), Map.of(), link, true)))
                .containsExactly("PWD=" + link);
    }

    @Test
    void givesCommandsNothingToRead() throws Exception {
        assertThat(lines(shell("read -r x || echo end"))).containsExactly("end");
    }

    @Test
    void hasTemporaryFilesAndATree() throws Exception {
        assertThat(lines(shell("test -w \"$1\" && test -w . && pwd", workspace().temporary())))
                .containsExactly(workspace().root());
        assertThat(workspace().identity()).isNotEmpty();
        assertThat(workspace().platform()).matches("[a-z]+/[a-z0-9]+");
        assertThat(workspace().capacity().cpus()).isPositive();
        assertThat(workspace().capacity().memoryBytes()).isGreaterThan(1L << 26);
    }

    private void put(String directory, Map<String, String> files) throws IOException {
        workspace().put(directory, out -> {
            TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey());
                entry.setSize(content.length);
                entry.setMode(file.getKey().endsWith(".sh") ? 0755 : 0640);
                entry.setModTime(1_600_000_000_000L);
                entry.setIds(workspace().owner().uid(), workspace().owner().gid());
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
            TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
            link.setLinkName("nowhere");
            link.setIds(workspace().owner().uid(), workspace().owner().gid());
            tar.putArchiveEntry(link);
            tar.closeArchiveEntry();
            tar.finish();
            out.flush();
        });
    }

    @Test
    void takesFilesInWithTheirModesTimesAndOwners() throws Exception {
        lines(shell("mkdir -p in"));
        put(workspace().root() + "/in", Map.of("a", "text", "b.sh", "#!/bin/sh\necho ran\n"));
        assertThat(lines(shell("cd in && cat a && echo && ./b.sh && stat -c '%a %Y' a b.sh && readlink link")))
                .containsExactly("text", "ran", "640 1600000000", "755 1600000000", "nowhere");
        // Whose they are is the user that runs commands.
        lines(shell("cd in && echo more >> a && rm b.sh"));

        put(workspace().root() + "/in", Map.of("a", "other"));
        assertThat(lines(shell("cat in/a"))).containsExactly("other");
    }

    @Test
    void saysWhereFilesCannotGo() {
        assertThatThrownBy(() -> put(workspace().root() + "/missing", Map.of("a", "x")))
                .isInstanceOfAny(KubeException.class, IOException.class);
    }

    @Test
    void handsFilesBackUnderTheLastNameOfTheirPath() throws Exception {
        lines(shell("mkdir -p out/deep && echo x > out/deep/file && ln -s file out/deep/link && chmod 751 out"));
        Map<String, String> found = new TreeMap<>();
        try (InputStream in = workspace().get(workspace().root() + "/out");
                TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                found.put(
                        entry.getName().replaceFirst("/$", ""),
                        entry.isSymbolicLink()
                                ? entry.getLinkName()
                                : new String(tar.readAllBytes(), StandardCharsets.UTF_8));
                if (entry.getName().matches("out/?")) {
                    assertThat(entry.getMode() & 0777).isEqualTo(0751);
                }
            }
        }
        assertThat(found).isEqualTo(Map.of("out", "", "out/deep", "", "out/deep/file", "x\n", "out/deep/link", "file"));
    }

    @Test
    void handsBackASingleFileAndHalfOfALargeOne() throws Exception {
        lines(shell("echo x > -odd && head -c 20000000 /dev/zero > large"));
        try (InputStream in = workspace().get(workspace().root() + "/-odd");
                TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
            assertThat(tar.getNextEntry().getName()).isEqualTo("-odd");
            assertThat(tar.readAllBytes()).hasSize(2);
        }
        try (InputStream in = workspace().get(workspace().root() + "/large")) {
            assertThat(in.readNBytes(1000)).hasSize(1000);
        }
        lines(shell("rm -- -odd large"));
    }

    @Test
    void saysThatAPathIsMissing() {
        assertThatThrownBy(
                        () -> workspace().get(workspace().root() + "/missing").close())
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void marksFilesByWhatChangesWithThem() throws Exception {
        String path = workspace().root() + "/marked";
        lines(shell("echo a > marked"));
        List<String> paths = List.of(path, path + "-not");
        Map<String, String> before = workspace().marks(paths);
        assertThat(before).containsOnlyKeys(path);
        assertThat(workspace().marks(paths)).isEqualTo(before);

        lines(shell("echo longer > marked"));
        assertThat(workspace().marks(paths)).isNotEqualTo(before).containsOnlyKeys(path);
    }

    @Test
    void endsWhatStillRunsWhenItIsClosed() throws Exception {
        String left = "1" + UNIQUE.incrementAndGet();
        String running = "1" + UNIQUE.incrementAndGet();
        lines(shell("sleep " + left + " >/dev/null 2>&1 &"));
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Integer> code = inBackground(shell("echo begun; sleep " + running), begun::countDown);
        begun.await();

        List<ProcessHandle> all = Stream.concat(processes("sleep " + left), processes("sleep " + running))
                .toList();

        workspace().close();

        for (ProcessHandle process : all) {
            process.onExit().get(1, TimeUnit.MINUTES);
        }
        assertThat(code.handle((value, failure) -> failure != null || value != 0)
                        .get())
                .isTrue();
        assertThatThrownBy(() -> workspace().run(shell("true"), line -> {})).isInstanceOf(IllegalStateException.class);
    }

    /** Those with a command line that ends so, anywhere on this machine, containers included. */
    protected static Stream<ProcessHandle> processes(String words) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith(words));
    }
}
