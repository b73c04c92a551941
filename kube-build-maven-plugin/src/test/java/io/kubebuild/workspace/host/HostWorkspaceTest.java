package io.kubebuild.workspace.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.workspace.Command;
import io.kubebuild.workspace.Invoker;
import io.kubebuild.workspace.Workspace;
import io.kubebuild.workspace.Workspace.Owner;
import io.kubebuild.workspace.WorkspaceContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class HostWorkspaceTest {

    private static final HostTools TOOLS = HostTools.ofThisMachine();
    private static final boolean SUPERUSER = Invoker.owner().uid() == 0;

    /** A host workspace held to the contract, and what is its own. */
    abstract static class OnHost extends WorkspaceContract {

        @TempDir
        Path home = Path.of("");

        private @Nullable HostWorkspace workspace;

        HostDirectory directory = new HostDirectory(Path.of("/nowhere"));

        abstract HostView view(GoSdk sdk) throws InterruptedException;

        @BeforeEach
        void open() throws IOException, InterruptedException {
            directory = new HostDirectory(home.resolve("a workspace"));
            directory.ensure(HostWorkspace.TREE, "here", home.toString());
            GoSdk sdk = Sdks.make(home.resolve("sdk"), "go1.19.8");
            workspace = new HostWorkspace(new HostWorkspace.Settings(
                    directory, view(sdk), sdk, TOOLS, Map.of("GIVEN", "1"), Invoker.owner()));
        }

        @AfterEach
        void close() throws IOException {
            workspace().close();
            assertThat(directory.delete()).isTrue();
            assertThat(directory.path()).doesNotExist();
        }

        @Override
        protected Workspace workspace() {
            return Objects.requireNonNull(workspace);
        }

        List<String> lines(String script) throws InterruptedException {
            List<String> lines = new ArrayList<>();
            Command command = new Command(
                    List.of("/bin/sh", "-c", script), Map.of(), workspace().root(), false);
            assertThat(workspace().run(command, lines::add))
                    .as(lines.toString())
                    .isZero();
            return lines;
        }

        @Test
        void hidesTheUsersEnvironment() throws Exception {
            assertThat(lines("env | cut -d= -f1"))
                    .containsExactlyInAnyOrder("GIVEN", "GOPATH", "GOROOT", "HOME", "PATH", "PWD", "TMPDIR");
        }

        @Test
        void findsGoFirst() throws Exception {
            assertThat(
                            lines(
                                    "go version; cd \"$GOPATH/src\" && cd k8s.io && ls; test \"$HOME\" = \"$TMPDIR\" && test -d \"$HOME\" && echo home"))
                    .containsExactly("go version go1.19.8 linux/amd64", "kubernetes", "home");
        }

        @Test
        void leavesNothingOfACommandThatIsInterrupted() throws Exception {
            String words = "sleep 2" + System.nanoTime();
            CountDownLatch begun = new CountDownLatch(1);
            AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
            Thread build = new Thread(() -> {
                try {
                    workspace()
                            .run(
                                    new Command(
                                            List.of("/bin/sh", "-c", "echo begun; " + words + "; exit"),
                                            Map.of(),
                                            workspace().root(),
                                            false),
                                    line -> begun.countDown());
                } catch (InterruptedException e) {
                    thrown.set(e);
                }
            });
            build.start();
            begun.await();
            List<ProcessHandle> processes = processes(words).toList();
            build.interrupt();
            build.join();

            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            for (ProcessHandle process : processes) {
                process.onExit().get(1, TimeUnit.MINUTES);
            }
        }

        @Test
        void givesATerminalTheSameSurroundings() throws Exception {
            Workspace.AtTerminal terminal = workspace()
                    .atTerminal(new Command(
                            List.of("/bin/sh", "-c", "pwd; echo $GIVEN; go version"),
                            Map.of(),
                            workspace().root(),
                            false));
            assertThat(terminal.words()).noneMatch(word -> word.contains("GIVEN="));
            assertThat(terminal.clean()).isTrue();
            assertThat(TOOLS.ask(terminal.words(), terminal.environment()).lines())
                    .containsExactly(workspace().root(), "1", "go version go1.19.8 linux/amd64");
        }

        @Test
        void lastsUntilItsDirectoryIsDeleted() throws Exception {
            String identity = workspace().identity();
            assertThat(directory.ensure(HostWorkspace.TREE, "here", "/tree")).isEqualTo(identity);
            directory.delete();
            assertThat(directory.id()).isEmpty();
            assertThat(directory.ensure(HostWorkspace.TREE, "here", "/tree")).isNotEqualTo(identity);
        }
    }

    @Nested
    class InANamespaceOfItsOwn extends OnHost {

        @Override
        HostView view(GoSdk sdk) throws InterruptedException {
            HostView view = HostView.of(directory, sdk, TOOLS, SUPERUSER);
            Assumptions.assumeTrue(
                    view instanceof HostView.Mounted, () -> "no mount namespace for this user here: " + view);
            return view;
        }

        @Test
        void seesWhatAContainerSees() throws Exception {
            assertThat(workspace().root()).isEqualTo("/go/src/k8s.io/kubernetes");
            assertThat(
                            lines(
                                    "echo $GOPATH $GOROOT $TMPDIR; test -e /kube-build-image; ls /tmp; ls -d /home /root 2>/dev/null; :"))
                    .containsExactly("/go /usr/local/go /tmp");
        }

        @Test
        void leavesNoMountBehind() throws Exception {
            lines("touch /go/src/k8s.io/kubernetes/file /tmp/file");
            assertThat(directory.mountPoint()).isEmptyDirectory();
            assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                    .doesNotContain(directory.path().toString());
            assertThat(directory.path().resolve("go/src/k8s.io/kubernetes/file"))
                    .exists();
            assertThat(directory.path().resolve("tmp/file")).exists();
        }
    }

    @Nested
    class InANamespaceOfAUser extends OnHost {

        @Override
        HostView view(GoSdk sdk) throws InterruptedException {
            HostView view = HostView.of(directory, sdk, TOOLS, false);
            Assumptions.assumeTrue(
                    view instanceof HostView.Mounted, () -> "no user namespace for this user here: " + view);
            return view;
        }
    }

    @Nested
    class InPlace extends OnHost {

        @Override
        HostView view(GoSdk sdk) {
            return new HostView.InPlace("this test wants it so");
        }

        @Test
        void hasItsGopathInTheDirectory() throws Exception {
            assertThat(workspace().root()).isEqualTo(directory.path() + "/go/src/k8s.io/kubernetes");
            assertThat(workspace().temporary()).isEqualTo(directory.path() + "/tmp");
            assertThat(lines("echo $GOPATH")).containsExactly(directory.path() + "/go");
        }
    }

    @Test
    void saysWhyThereIsNoNamespace(@TempDir Path home) throws Exception {
        HostDirectory directory = new HostDirectory(home);
        directory.ensure(HostWorkspace.TREE, "here", "/tree");
        Path programs = Files.createDirectories(home.resolve("programs"));
        Sdks.program(
                programs.resolve("unshare"), "echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1");
        GoSdk sdk = Sdks.make(home.resolve("sdk"), "go1.19.8");

        assertThat(HostView.of(directory, sdk, new HostTools(List.of(programs, Path.of("/bin"))), true))
                .isEqualTo(
                        new HostView.InPlace(
                                "the kernel gives this user no mount namespace: unshare: unshare failed: Operation not permitted"));
        assertThat(HostView.of(directory, sdk, new HostTools(List.of(home)), true))
                .isEqualTo(new HostView.InPlace("mount namespaces need Linux, and the command unshare"));
    }

    @Test
    void wantsADirectoryThatWasMade(@TempDir Path home) throws Exception {
        GoSdk sdk = Sdks.make(home.resolve("sdk"), "go1.19.8");
        assertThatThrownBy(() -> new HostWorkspace(new HostWorkspace.Settings(
                        new HostDirectory(home), new HostView.InPlace(""), sdk, TOOLS, Map.of(), new Owner(0, 0))))
                .isInstanceOf(IllegalStateException.class);
    }
}
