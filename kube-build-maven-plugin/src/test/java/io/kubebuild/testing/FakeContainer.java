package io.kubebuild.testing;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A container of the {@link FakeEngine}, guarded by the engine's lock. */
public final class FakeContainer {

    private static final int CHOSEN_PORT = 49153;

    private final String id;
    private final ContainerSpec spec;
    private final String imageId;
    private final FakeFileSystem files = new FakeFileSystem();
    private final List<String> log = new ArrayList<>();
    private boolean running;
    private int exitCode;
    private boolean oomKilled;

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

    /** What the engine will say of its end. */
    public void runOutOfMemory() {
        oomKilled = true;
    }

    String id() {
        return id;
    }

    String lastLines(int count) {
        return String.join("\n", log.subList(Math.max(0, log.size() - count), log.size()));
    }

    /** Extracts a tar below a directory that has to be there. */
    void extract(String directory, byte[] tar) throws IOException {
        require(directory);
        files.extract(directory, new ByteArrayInputStream(tar));
    }

    /** A path that has to be there, as a tar. */
    InputStream archive(String path) throws IOException {
        require(path);
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        files.archive(path, tar);
        return new ByteArrayInputStream(tar.toByteArray());
    }

    private void require(String path) {
        if (files.find(path).isEmpty()) {
            throw new EngineException(
                    Kind.NOT_FOUND, "Could not find the file " + path + " in container " + spec.name(), null);
        }
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
        return new ContainerInfo(id, spec.name(), imageId, running, exitCode, oomKilled, spec.labels(), ports());
    }

    private Map<Integer, Integer> ports() {
        return spec.host()
                .port()
                .filter(port -> running)
                .map(port -> Map.of(port.inside(), port.outside() == 0 ? CHOSEN_PORT : port.outside()))
                .orElse(Map.of());
    }
}
