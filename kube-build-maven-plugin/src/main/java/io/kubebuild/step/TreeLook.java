package io.kubebuild.step;

import io.kubebuild.sync.SourceRoot;
import io.kubebuild.sync.SourceScanner;
import io.kubebuild.sync.SourceSnapshot;
import io.kubebuild.tree.GitVersion;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The look at the sources. It can begin while the steps before the sync are at work; if these took long, it is taken again, which
 * then costs one stat for each file.
 */
final class TreeLook {

    /** Looking at a tree waits for the disk more than it computes. */
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

    /** How long before a sync a look may have ended. Somebody who edits meanwhile is no worse off than a second later. */
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final BuildContext context;
    private final SentGit git;
    private @Nullable FutureTask<Look> early;

    /** @param ended when, by {@link System#nanoTime} */
    private record Look(SourceSnapshot snapshot, long ended) {}

    TreeLook(BuildContext context) {
        this.context = context;
        this.git = new SentGit(context);
    }

    /** Begins in the background. */
    synchronized void begin() {
        if (early == null) {
            early = new FutureTask<>(() -> new Look(take(context.snapshots().read()), System.nanoTime()));
            Ahead.start("looking at the sources", early);
        }
    }

    /** The sources as they are now; {@code previous} vouches for files to which nothing happened since. */
    SourceSnapshot now(Optional<SourceSnapshot> previous) throws InterruptedException {
        Optional<Look> begun = begun();
        if (begun.isEmpty()) {
            return take(previous);
        }
        boolean fresh = System.nanoTime() - begun.get().ended() < FRESH.toNanos();
        SourceSnapshot snapshot = begun.get().snapshot();
        return fresh ? snapshot : take(Optional.of(snapshot));
    }

    private Optional<Look> begun() throws InterruptedException {
        FutureTask<Look> task;
        synchronized (this) {
            task = early;
            early = null;
        }
        try {
            return task == null ? Optional.empty() : Optional.of(task.get());
        } catch (ExecutionException e) {
            // Whatever it was, the look that follows meets it again and tells it where it is in the way.
            return Optional.empty();
        }
    }

    private SourceSnapshot take(Optional<SourceSnapshot> previous) {
        List<String> left = new ArrayList<>(context.notSources());
        // It goes in by itself: a tree that is read-only has none.
        left.add(GitVersion.FILE);
        if (git.isApart()) {
            left.add(SourceRoot.GIT);
        }
        return new SourceScanner(Clock.systemUTC(), THREADS, context.listener())
                .take(
                        new SourceRoot(context.tree().path(), git.ensure()),
                        context.inward(),
                        left,
                        previous.orElse(null));
    }
}
