package io.kubebuild.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.KubeException;
import io.kubebuild.testing.Heard;
import io.kubebuild.testing.OtherJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TreeLockTest {

    private final Path directory;

    TreeLockTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void anotherThreadWaitsAndIsTold() throws Exception {
        AtomicBoolean free = new AtomicBoolean();
        Waiter waiter;
        try (TreeLock lock = lock()) {
            waiter = new Waiter(free);
            waiter.waits.await();
            assertThat(lock).isNotNull();
            free.set(true);
        }

        assertThat(waiter.task.get())
                .as("it had the lock only after it was given back")
                .isTrue();
        assertThat(waiter.heard.warnings()).singleElement().asString().contains("same Maven run");
    }

    @Test
    void locksOfOtherTreesAreNotWaitedFor() throws Exception {
        try (TreeLock one = lock();
                TreeLock other = TreeLock.acquire(directory, "other", "request", BuildListener.SILENT)) {
            assertThat(one).isNotEqualTo(other);
        }
    }

    @Test
    void aLockOfAnotherClassLoaderOfThisJvmIsWaitedForToo() throws Exception {
        AtomicBoolean free = new AtomicBoolean();
        Waiter waiter;
        try (FileChannel channel = channel();
                FileLock lock = channel.lock()) {
            waiter = new Waiter(free);
            waiter.waits.await();
            assertThat(lock.isValid()).isTrue();
            free.set(true);
        }

        assertThat(waiter.task.get()).isTrue();
    }

    @Test
    void anotherProcessIsWaitedForAndNamed() throws Exception {
        AtomicBoolean free = new AtomicBoolean();
        Process holder = OtherJvm.of(LockHolder.class, List.of(), directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('l');
            Waiter waiter = new Waiter(free);
            waiter.waits.await();
            free.set(true);
            holder.getOutputStream().close();

            assertThat(waiter.task.get()).isTrue();
            assertThat(waiter.heard.warnings()).singleElement().asString().contains("process " + holder.pid());
        } finally {
            holder.destroyForcibly();
        }
    }

    @Test
    void aWaiterThatIsInterruptedLeavesEverythingAsItWas() throws Exception {
        try (FileChannel channel = channel();
                FileLock lock = channel.lock()) {
            Waiter waiter = new Waiter(new AtomicBoolean(true));
            waiter.waits.await();
            waiter.thread.interrupt();
            waiter.thread.join();
            assertThat(lock.isValid()).isTrue();
            assertThatThrownBy(waiter.task::get).hasCauseInstanceOf(InterruptedException.class);
        }
        lock().close();
    }

    @Test
    void whoHadItLastForSomethingElseIsKnown() throws Exception {
        assertThat(lastHadByAnother("one")).as("nobody had it").isFalse();
        assertThat(lastHadByAnother("one")).isFalse();
        assertThat(lastHadByAnother("other")).isTrue();
        assertThat(lastHadByAnother("one")).isTrue();
        assertThat(lastHadByAnother("one")).isFalse();
    }

    private boolean lastHadByAnother(String request) throws InterruptedException {
        try (TreeLock lock = TreeLock.acquire(directory, "key", request, BuildListener.SILENT)) {
            return lock.lastHadByAnother();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("file"), "");

        for (int attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> TreeLock.acquire(file.resolve("locks"), "key", "request", BuildListener.SILENT))
                    .isInstanceOf(KubeException.class)
                    .hasMessageContaining(file.resolve("locks").toString())
                    .hasMessageContaining("XDG_CACHE_HOME");
        }
    }

    private TreeLock lock() throws InterruptedException {
        return TreeLock.acquire(directory, "key", "request", BuildListener.SILENT);
    }

    private FileChannel channel() throws IOException {
        return FileChannel.open(directory.resolve("key.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    /** A thread that takes the lock and says whether it was free by then. */
    private final class Waiter {
        private final Heard heard = new Heard();
        private final CountDownLatch waits = new CountDownLatch(1);
        private final FutureTask<Boolean> task;
        private final Thread thread;

        Waiter(AtomicBoolean free) {
            BuildListener listener = event -> {
                heard.on(event);
                waits.countDown();
            };
            task = new FutureTask<>(() -> {
                try (TreeLock mine = TreeLock.acquire(directory, "key", "request", listener)) {
                    return mine != null && free.get();
                }
            });
            thread = new Thread(task, "waiter");
            thread.start();
        }
    }

    /** Holds the lock in a process of its own until its standard input ends. */
    static final class LockHolder {
        private LockHolder() {}

        public static void main(String... arguments) throws IOException, InterruptedException {
            List<String> directory = List.of(arguments);
            try (TreeLock lock = TreeLock.acquire(Path.of(directory.get(0)), "key", "request", BuildListener.SILENT)) {
                System.out.write(lock == null ? 'n' : 'l');
                System.out.flush();
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            }
        }
    }
}
