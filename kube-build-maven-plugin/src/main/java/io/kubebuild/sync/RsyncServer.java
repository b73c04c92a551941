package io.kubebuild.sync;

import java.nio.file.Path;
import java.util.Optional;

/** An rsync daemon that serves a workspace's source root, as upstream's rsyncd.sh does; it is gone when closed. */
public interface RsyncServer extends AutoCloseable {

    /** Upstream's name for user and module (build/build-image/rsyncd.sh). */
    String NAME = "k8s";

    /** The port on this machine's loopback address that leads to it; empty where it no longer runs. */
    Optional<Integer> port();

    /** A file with its password, readable by its owner only. */
    Path passwordFile();

    /** What it printed last, for messages. */
    String lastWords();

    @Override
    void close();
}
