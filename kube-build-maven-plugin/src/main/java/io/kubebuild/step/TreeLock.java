package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.io.OwnFiles;
import io.kubebuild.problem.KubeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One build at a time on one tree: across processes by a file lock, inside this JVM (Maven's {@code -T}) by a plain one,
 * because a file lock belongs to the whole JVM.
 *
 * <p>The lock file lies outside the tree, since cleaning removes {@code _output}; it is never deleted, since a waiter may hold
 * it open.
 */
final class TreeLock implements AutoCloseable {

    /** The only static state of the plugin: without it two threads of one JVM would get the same file lock. */
    private static final ConcurrentHashMap<Path, ReentrantLock> IN_THIS_JVM = new ConcurrentHashMap<>();

    /** Between attempts on a lock that another class loader holds: Java has no way to wait for that. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ReentrantLock jvmLock;
    private final FileChannel channel;
    private final FileLock fileLock;
    private final boolean lastHadByAnother;

    private TreeLock(ReentrantLock jvmLock, FileChannel channel, FileLock fileLock, String request) throws IOException {
        this.jvmLock = jvmLock;
        this.channel = channel;
        this.fileLock = fileLock;
        this.lastHadByAnother = take(channel, request);
    }

    /**
     * Waits for the lock; says who has it if it must wait.
     *
     * @param directory where lock files are kept; created if missing
     * @param key what is locked, as a file name
     * @param request what it is wanted for: a line of text
     */
    static TreeLock acquire(Path directory, String key, String request, BuildListener listener)
            throws InterruptedException {
        Path file = directory.resolve(key + ".lock");
        ReentrantLock jvmLock =
                IN_THIS_JVM.computeIfAbsent(file.toAbsolutePath().normalize(), path -> new ReentrantLock());
        if (!jvmLock.tryLock()) {
            listener.on(new BuildListener.Warning("waiting for another build of this tree in the same Maven run"));
            jvmLock.lockInterruptibly();
        }
        boolean locked = false;
        try {
            OwnFiles.makeDirectories(directory);
            FileChannel channel = OwnFiles.lockFile(file);
            try {
                TreeLock lock = new TreeLock(jvmLock, channel, lock(channel, listener), request);
                locked = true;
                return lock;
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } catch (FileLockInterruptionException e) {
            throw (InterruptedException) new InterruptedException("interrupted while waiting for " + file).initCause(e);
        } catch (IOException e) {
            throw KubeException.build(
                    "the lock " + file + " cannot be taken",
                    e.toString(),
                    "make the directory writable and see that its disk is not full, or set XDG_CACHE_HOME to another",
                    e);
        } finally {
            if (!locked) {
                jvmLock.unlock();
            }
        }
    }

    private static FileLock lock(FileChannel channel, BuildListener listener) throws IOException, InterruptedException {
        FileLock lock = attempt(channel);
        if (lock == null) {
            listener.on(new BuildListener.Warning("waiting for another build of this tree: " + holder(channel)));
        }
        while (lock == null) {
            lock = wait(channel);
        }
        return lock;
    }

    /** Writes down who has it now, and returns whether the last one had it for another request. */
    private static boolean take(FileChannel channel, String request) throws IOException {
        List<String> last = lines(channel);
        String me = "process " + ProcessHandle.current().pid() + "\n" + request + "\n";
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(me.getBytes(StandardCharsets.UTF_8)), 0);
        return last.size() > 1 && !last.get(1).equals(request);
    }

    /** Whether the last one that had this lock wanted it for another request. */
    boolean lastHadByAnother() {
        return lastHadByAnother;
    }

    private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another class loader of this JVM has it: Maven loads a plugin once for each set of its dependencies.
            return null;
        }
    }

    private static @Nullable FileLock wait(FileChannel channel) throws IOException, InterruptedException {
        try {
            return channel.lock();
        } catch (OverlappingFileLockException e) {
            Thread.sleep(PAUSE.toMillis());
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        return lines(channel).stream()
                .findFirst()
                .filter(name -> !name.isBlank())
                .orElse("process unknown");
    }

    private static List<String> lines(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(200);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    @Override
    public void close() {
        try (channel) {
            fileLock.release();
        } catch (IOException e) {
            // Closing the channel gives the lock back as well; there is nobody to tell.
        } finally {
            jvmLock.unlock();
        }
    }
}
