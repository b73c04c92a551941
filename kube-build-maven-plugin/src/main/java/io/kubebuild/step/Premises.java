package io.kubebuild.step;

import io.kubebuild.tree.DescriptionProbe;
import io.kubebuild.workspace.Workspace;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** What the workspace of a build stands on: a Docker engine with its images, or this machine with its Go. */
interface Premises extends AutoCloseable {

    /**
     * What is there to build on.
     *
     * @param id of the engine, or of this machine
     * @param platform that commands run on
     * @param toolchain the cross image, or the Go SDK, as a person names it
     * @param toolchainId changes with what compiles
     */
    record Found(String id, String platform, String toolchain, String toolchainId) {}

    /** Tells what there is, brings what is missing and may be fetched, and adds to the findings what the build would stop at. */
    Optional<Found> find(Findings findings) throws InterruptedException;

    /** Whether what was found then is still there. */
    boolean stillHas(Verified verified) throws InterruptedException;

    /** Whether there is an engine, which has images and containers. */
    boolean hasEngine();

    /** The platform that commands run on. */
    String platform();

    /** The Linux platform that images are for where nothing else is said. */
    String imagePlatform();

    /** Has a tree describe itself, in a throwaway place that gets nothing but the files that are read for it. */
    byte[] describe(DescriptionProbe probe, String toolchainId) throws IOException, InterruptedException;

    /** Id of what the workspace is started from, the build image; the earlier steps have run. */
    String image();

    /** Root of the tree, for commands. */
    String root();

    /** Makes what keeps the sources between builds, or finds it; returns its id. The build image stands. */
    String ensureStore() throws InterruptedException;

    /** Whether what keeps the sources is still the one with this id. */
    boolean keeps(String store);

    /** The workspace on that store; nothing runs yet. */
    Workspace open(String store, Map<String, String> environment);

    /** Removes what builds of this tree left here, outputs aside. */
    void removeWorkspace();

    @Override
    default void close() {}
}
