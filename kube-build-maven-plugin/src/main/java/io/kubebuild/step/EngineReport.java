package io.kubebuild.step;

import io.kubebuild.docker.EngineInfo;
import io.kubebuild.event.BuildListener;
import io.kubebuild.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;

/** Tells which engine will build, and what it and the disks lack for that. */
final class EngineReport {

    /** What upstream's documents ask of a Docker machine. */
    private static final long LEAST_MEMORY = 4_500_000_000L;

    /** A release for one platform leaves some 6 GB in the engine and 4 GB in the tree. */
    private static final long LEAST_DISK = 10_000_000_000L;

    private final BuildListener listener;

    EngineReport(BuildListener listener) {
        this.listener = listener;
    }

    void tell(EngineInfo engine, OptionalLong memory, Findings findings) {
        listener.on(new BuildListener.Fact(
                "engine",
                engine.version() + ", API " + engine.apiVersion() + ", " + engine.platform() + ", " + engine.cpus()
                        + " CPUs, " + gigabytes(engine.memoryBytes()) + " of memory, at " + engine.endpoint() + " ("
                        + engine.endpointSource() + ")"));
        if (!engine.limitsProcesses()) {
            listener.on(new BuildListener.Fact(
                    "engine",
                    "does not limit how many processes a container has; the build goes on without that limit"));
        }
        if (memory.isPresent() && !engine.limitsMemory()) {
            listener.on(new BuildListener.Warning(
                    "kube.memory is not kept to: the engine cannot limit how much memory a container uses"));
        }
        if (!engine.os().equals("linux")) {
            findings.add(new Problem(
                    "the engine at " + engine.endpoint() + " runs " + engine.os() + " containers",
                    "Kubernetes is built in Linux containers",
                    "switch it to Linux containers, or name another one: -Dkube.docker.host=tcp://HOST:2376"));
        }
        if (engine.memoryBytes() < LEAST_MEMORY) {
            listener.on(new BuildListener.Warning("the engine has " + gigabytes(engine.memoryBytes())
                    + " of memory; a build needs " + gigabytes(LEAST_MEMORY)
                    + ", else compilers get killed. Give the engine's machine more memory."));
        }
        // An engine elsewhere names a directory of its own host; one on this host's socket may still sit in a machine
        // of its own.
        if (engine.endpoint().startsWith("unix:") && Files.isDirectory(Path.of(engine.rootDirectory()))) {
            warnOfLittleDisk(Path.of(engine.rootDirectory()), "engine");
        } else {
            listener.on(new BuildListener.Detail("free disk of the engine is not known: " + engine.rootDirectory()
                    + " is on another machine; a release needs about " + gigabytes(LEAST_DISK) + " there"));
        }
    }

    void warnOfLittleDisk(Path directory, String whose) {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < LEAST_DISK) {
                listener.on(new BuildListener.Warning("the disk of the " + whose + " (" + directory + ") has "
                        + gigabytes(free) + " left; a release needs about " + gigabytes(LEAST_DISK)
                        + ". Make room, for instance by removing images and volumes that nobody needs."));
            }
        } catch (IOException e) {
            listener.on(new BuildListener.Detail("free disk of " + directory + " is not known: " + e));
        }
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
