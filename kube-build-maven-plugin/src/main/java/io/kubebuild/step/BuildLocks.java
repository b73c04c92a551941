package io.kubebuild.step;

import io.kubebuild.event.BuildListener;
import io.kubebuild.fingerprint.Fingerprint;
import io.kubebuild.request.RequestFingerprint;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Everything that only one build at a time may use: the tree, its output directory, and its containers, which trees with the same
 * {@code kube.workspaceId} share.
 */
final class BuildLocks implements AutoCloseable {

    private static final int KEY_LENGTH = 16;

    private final Deque<TreeLock> locks = new ArrayDeque<>();

    private BuildLocks() {}

    /** Whether another request had any of them since this one did: what its earlier goals made may be changed or gone. */
    boolean contested() {
        return locks.stream().anyMatch(TreeLock::lastHadByAnother);
    }

    /** Waits for all of them, always in the same order, so that no two builds wait for each other. */
    static BuildLocks acquire(BuildContext context, BuildListener listener) throws InterruptedException {
        Path directory = context.userCache().resolve("locks");
        List<String> keys = List.of(
                key("tree " + context.tree().path()),
                key("containers " + context.names().hash()),
                key("outputs " + context.output()));
        String request = RequestFingerprint.of(context.request());
        BuildLocks locks = new BuildLocks();
        boolean complete = false;
        try {
            // Sorted: two trees may share the directory of outputs and not the containers, or the other way round.
            for (String key : keys.stream().sorted().toList()) {
                locks.locks.push(TreeLock.acquire(directory, key, request, listener));
            }
            complete = true;
            return locks;
        } finally {
            if (!complete) {
                locks.close();
            }
        }
    }

    private static String key(String what) {
        return Fingerprint.sha256(what).substring(0, KEY_LENGTH);
    }

    @Override
    public void close() {
        while (!locks.isEmpty()) {
            locks.pop().close();
        }
    }
}
