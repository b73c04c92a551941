package io.kubebuild.workspace.container;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An engine of containers that exist on paper only; every call is written down. */
final class FakeEngine implements Engine {

    final List<String> calls = new ArrayList<>();
    final Map<String, ContainerInfo> containers = new LinkedHashMap<>();
    final Map<String, ContainerSpec> specs = new LinkedHashMap<>();
    final List<ExecSpec> execs = new ArrayList<>();
    List<String> securityOptions = List.of();
    int nextExitCode;

    @Nullable
    EngineException failure;

    private int made;

    void put(String name, boolean running, int exitCode) {
        containers.put(name, new ContainerInfo("id-of-" + name, name, "image", running, exitCode, false, Map.of()));
    }

    private String nameOf(String nameOrId) {
        return containers.values().stream()
                .filter(c -> c.id().equals(nameOrId) || c.name().equals(nameOrId))
                .map(ContainerInfo::name)
                .findFirst()
                .orElse(nameOrId);
    }

    private void call(String what) {
        calls.add(what);
        EngineException due = failure;
        if (due != null) {
            failure = null;
            throw due;
        }
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo(
                "unix:///fake", "test", "E", "20.10", "1.41", "linux", "amd64", 4, 8L << 30, "/", securityOptions);
    }

    @Override
    public String create(ContainerSpec spec) {
        call("create " + spec.name());
        made++;
        specs.put(spec.name(), spec);
        containers.put(
                spec.name(),
                new ContainerInfo("new-" + made, spec.name(), spec.image(), false, 0, false, spec.labels()));
        return "new-" + made;
    }

    @Override
    public void start(String container) {
        String name = nameOf(container);
        call("start " + name);
        ContainerInfo c = containers.get(name);
        if (c == null) {
            throw new EngineException(EngineException.Kind.NOT_FOUND, "no " + name, null);
        }
        containers.put(name, new ContainerInfo(c.id(), name, c.image(), true, 0, false, c.labels()));
    }

    @Override
    public int await(String container) {
        call("await " + nameOf(container));
        return nextExitCode;
    }

    @Override
    public Optional<ContainerInfo> container(String nameOrId) {
        return Optional.ofNullable(containers.get(nameOf(nameOrId)));
    }

    @Override
    public void remove(String container) {
        String name = nameOf(container);
        call("remove " + name);
        containers.remove(name);
    }

    @Override
    public int exec(String container, ExecSpec spec, Consumer<String> output) {
        call("exec in " + nameOf(container));
        execs.add(spec);
        output.accept("a line");
        return nextExitCode;
    }

    @Override
    public String logs(String container, int lastLines) {
        return "chown: no such thing";
    }

    @Override
    public void copyInto(String container, String directory, TarWriter tar) {
        call("copy into " + directory);
    }

    @Override
    public Optional<String> mark(String container, String path) {
        call("mark " + path);
        return Optional.empty();
    }

    @Override
    public InputStream copyOutOf(String container, String path) {
        call("copy out of " + path);
        return InputStream.nullInputStream();
    }

    @Override
    public Optional<ImageInfo> image(String reference) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<String> imageTags(String repository) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void pull(
            String reference,
            Optional<String> platform,
            Optional<RegistryCredentials> credentials,
            Consumer<String> progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void tag(String reference, String newReference) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeImage(String reference) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String build(ImageBuild build, Consumer<String> output) {
        throw new UnsupportedOperationException();
    }

    @Override
    public InputStream save(List<String> references) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void load(Path archive) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<ContainerInfo> containers(String namePrefix) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void kill(String container) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        calls.add("close");
    }
}
