package io.kubebuild.docker.mandas;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Ends calls that would otherwise wait for ever: those have no read timeout, because compilers are silent for minutes, and
 * reading from a socket knows no interrupts.
 *
 * <p>A call is ended when its thread is interrupted, when the engine has failed to answer several pings in a row, or when
 * the call itself finds that nothing more can come.
 */
final class Watchdog implements AutoCloseable {

    /** Seconds between two looks at the interrupt flags. */
    private static final long TICK_SECONDS = 1;

    /** Ticks between two pings. */
    static final int PING_EVERY = 30;

    /** A loaded engine may miss one. */
    static final int PINGS_MISSED = 3;

    /** Why a call was ended. */
    enum Reason {
        INTERRUPTED,
        ENGINE_GONE,
        NOTHING_MORE
    }

    private final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final BooleanSupplier ping;
    private final CountDownLatch closed = new CountDownLatch(1);
    private int ticks;
    private int missed;

    /** @param ping whether the engine answers; comes back within seconds */
    Watchdog(BooleanSupplier ping) {
        this.ping = ping;
        Thread thread = new Thread(this::run, "kube-engine-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Watches a call until it is closed.
     *
     * @param thread whose interrupt ends the call, or null where several threads may read
     * @param abort breaks the connection; called at most once, from another thread
     * @param nothingMore whether waiting has become pointless; asked as often as the engine is pinged
     */
    Call watch(@Nullable Thread thread, Runnable abort, BooleanSupplier nothingMore) {
        Call call = new Call(thread, abort, nothingMore);
        calls.add(call);
        return call;
    }

    private void run() {
        try {
            while (!closed.await(TICK_SECONDS, TimeUnit.SECONDS)) {
                tick();
            }
        } catch (InterruptedException e) {
            // Somebody ends all threads; the calls end with them.
            Thread.currentThread().interrupt();
        }
    }

    /** One look around; a second passes between two. */
    synchronized void tick() {
        for (Call call : calls) {
            Thread thread = call.thread;
            if (thread != null && (thread.isInterrupted() || UnixSocket.withholdsInterruptOf(thread))) {
                call.end(Reason.INTERRUPTED);
            }
        }
        ticks++;
        if (ticks % PING_EVERY == 0 && !calls.isEmpty()) {
            look();
        }
    }

    private void look() {
        missed = ping.getAsBoolean() ? 0 : missed + 1;
        for (Call call : calls) {
            if (missed >= PINGS_MISSED) {
                call.end(Reason.ENGINE_GONE);
            } else if (missed == 0 && call.nothingMore.getAsBoolean()) {
                call.end(Reason.NOTHING_MORE);
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
        calls.forEach(call -> call.end(Reason.ENGINE_GONE));
    }

    /** A call under watch. */
    final class Call implements AutoCloseable {

        private final @Nullable Thread thread;
        private final Runnable abort;
        private final BooleanSupplier nothingMore;
        private volatile @Nullable Reason ended;

        private Call(@Nullable Thread thread, Runnable abort, BooleanSupplier nothingMore) {
            this.thread = thread;
            this.abort = abort;
            this.nothingMore = nothingMore;
        }

        private void end(Reason reason) {
            if (calls.remove(this)) {
                ended = reason;
                abort.run();
            }
        }

        /** Why it was ended from outside; null while it was not. */
        @Nullable
        Reason ended() {
            return ended;
        }

        @Override
        public void close() {
            calls.remove(this);
        }
    }
}
