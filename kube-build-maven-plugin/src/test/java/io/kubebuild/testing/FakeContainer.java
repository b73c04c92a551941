package io.kubebuild.testing;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import java.util.ArrayList;
import java.util.List;

/** A container of the {@link FakeEngine}, guarded by the engine's lock. */
public final class FakeContainer {

    private final String id;
    private final ContainerSpec spec;
    private final String imageId;
    private final FakeFileSystem files = new FakeFileSystem();
    private final List<String> log = new ArrayList<>();
    private boolean running;
    private int exitCode;

    FakeContainer(String id, ContainerSpec spec, String imageId) {
        this.id = id;
        this.spec = spec;
        this.imageId = imageId;
    }

    public ContainerSpec spec() {
        return spec;
    }

    public FakeFileSystem files() {
        return files;
    }

    /** What its main process prints. */
    public void print(String line) {
        log.add(line);
    }

    String id() {
        return id;
    }

    List<String> log() {
        return log;
    }

    boolean running() {
        return running;
    }

    void begin() {
        running = true;
    }

    void end(int code) {
        running = false;
        exitCode = code;
    }

    ContainerInfo info() {
        return new ContainerInfo(id, spec.name(), imageId, running, exitCode, false, spec.labels());
    }
}
