package io.kubebuild.testing;

import io.kubebuild.docker.ContainerInfo;
import io.kubebuild.docker.ContainerSpec;
import io.kubebuild.docker.Engine;
import io.kubebuild.docker.EngineException;
import io.kubebuild.docker.EngineException.Kind;
import io.kubebuild.docker.EngineInfo;
import io.kubebuild.docker.ImageBuild;
import io.kubebuild.docker.ImageInfo;
import io.kubebuild.docker.RegistryCredentials;
import io.kubebuild.fingerprint.Fingerprint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A Docker engine in memory, held to the same contract as the real one ({@code EngineContract}).
 *
 * <p>What processes do is scripted: {@link #onStart} for a container's main process, {@link #onExec} for what is run in it.
 * By default main processes run until they are killed, and commands print nothing and end with 0.
 */
public final class FakeEngine implements Engine {

    private static final int KILLED = 137;

    private final Map<String, FakeContainer> containers = new LinkedHashMap<>();
    private final FakeImages images = new FakeImages();
    private final Set<String> registry = new LinkedHashSet<>();
    private final List<String> calls = new ArrayList<>();
    private final List<ImageBuild> builds = new ArrayList<>();
    private Function<FakeContainer, OptionalInt> main = container -> OptionalInt.empty();
    private Script script = (container, spec, output) -> 0;
    private int made;

    /** What a command does in a container. */
    @FunctionalInterface
    public interface Script {
        /** Returns the exit code. */
        int run(FakeContainer container, ExecSpec spec, Consumer<String> output) throws InterruptedException;
    }

    /** Scripts main processes: an exit code for one that ends at once, empty for one that runs until it is killed. */
    public synchronized FakeEngine onStart(Function<FakeContainer, OptionalInt> value) {
        main = value;
        return this;
    }

    /** Scripts commands. */
    public synchronized FakeEngine onExec(Script value) {
        script = value;
        return this;
    }

    /** Adds an image for linux/amd64 and returns its id. */
    public synchronized String addImage(String reference, Map<String, String> labels) {
        made++;
        String id = images.add("amd64", labels, List.of("PATH=/usr/bin:/bin"), "image " + made);
        images.name(id, reference);
        return id;
    }

    /** Makes an image available for pulling. */
    public synchronized FakeEngine addRemoteImage(String reference) {
        registry.add(reference);
        return this;
    }

    /** Calls that changed something, in order: {@code "create NAME"}, {@code "exec NAME ARGV…"}, {@code "pull REFERENCE"} … */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Builds that were asked for, in order. */
    public synchronized List<ImageBuild> builds() {
        return List.copyOf(builds);
    }

    /** The container behind a name or id, to look into its files. */
    public synchronized FakeContainer inside(String nameOrId) {
        return lookUp(nameOrId)
                .orElseThrow(() -> new EngineException(Kind.NOT_FOUND, "No such container: " + nameOrId, null));
    }

    @Override
    public EngineInfo info() {
        return new EngineInfo(
                "unix:///fake/docker.sock",
                "test",
                "FAKE",
                "20.10.24",
                "1.41",
                "linux",
                "amd64",
                4,
                8L << 30,
                "/var/lib/docker",
                List.of());
    }

    @Override
    public synchronized Optional<ImageInfo> image(String reference) {
        return images.find(reference);
    }

    @Override
    public synchronized List<String> imageTags(String repository) {
        return images.tags(repository);
    }

    @Override
    public synchronized void pull(
            String reference,
            Optional<String> platform,
            Optional<RegistryCredentials> credentials,
            Consumer<String> progress) {
        calls.add("pull " + reference);
        if (!registry.contains(reference)) {
            throw new EngineException(Kind.NOT_FOUND, "pulling " + reference + ": manifest unknown", null);
        }
        addImage(reference, Map.of());
        progress.accept("Pull complete");
    }

    @Override
    public synchronized void tag(String reference, String newReference) {
        calls.add("tag " + reference + " " + newReference);
        images.name(images.id(reference).orElseThrow(() -> FakeImages.absent(reference)), newReference);
    }

    @Override
    public synchronized void removeImage(String reference) {
        calls.add("removeImage " + reference);
        images.remove(reference);
    }

    @Override
    public synchronized String build(ImageBuild build, Consumer<String> output) {
        calls.add("build " + String.join(" ", build.tags()));
        builds.add(build);
        made++;
        output.accept("Step 1/1 : FROM fake");
        String id = images.add("amd64", build.labels(), List.of(), "build " + made);
        build.tags().forEach(tag -> images.name(id, tag));
        return id;
    }

    @Override
    public synchronized InputStream save(List<String> references) throws IOException {
        return images.save(references);
    }

    @Override
    public synchronized void load(Path archive) {
        calls.add("load " + archive.getFileName());
        try {
            images.load(archive);
        } catch (IOException e) {
            throw new EngineException(Kind.OTHER, "loading " + archive + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized String create(ContainerSpec spec) {
        calls.add("create " + spec.name());
        String image = images.id(spec.image()).orElseThrow(() -> FakeImages.absent(spec.image()));
        if (lookUp(spec.name()).isPresent()) {
            throw new EngineException(Kind.CONFLICT, "The name " + spec.name() + " is already in use", null);
        }
        made++;
        FakeContainer container = new FakeContainer(Fingerprint.sha256("container " + made), spec, image);
        spec.volumes().forEach(path -> container.files().mount(path, new FakeFileSystem()));
        for (String other : spec.volumesFrom()) {
            inside(other).files().mounts().forEach(container.files()::mount);
        }
        containers.put(container.id(), container);
        return container.id();
    }

    @Override
    public synchronized void start(String container) {
        FakeContainer found = inside(container);
        calls.add("start " + found.spec().name());
        found.begin();
        main.apply(found).ifPresent(found::end);
        notifyAll();
    }

    @Override
    public synchronized int await(String container) throws InterruptedException {
        FakeContainer found = inside(container);
        while (found.running()) {
            wait();
        }
        return found.info().exitCode();
    }

    @Override
    public synchronized Optional<ContainerInfo> container(String nameOrId) {
        return lookUp(nameOrId).map(FakeContainer::info);
    }

    @Override
    public synchronized List<ContainerInfo> containers(String namePrefix) {
        return containers.values().stream()
                .filter(container -> container.spec().name().startsWith(namePrefix))
                .map(FakeContainer::info)
                .toList();
    }

    @Override
    public synchronized String logs(String container, int lastLines) {
        List<String> log = inside(container).log();
        return String.join("\n", log.subList(Math.max(0, log.size() - lastLines), log.size()));
    }

    @Override
    public synchronized void kill(String container) {
        lookUp(container).filter(FakeContainer::running).ifPresent(found -> {
            calls.add("kill " + found.spec().name());
            found.end(KILLED);
            notifyAll();
        });
    }

    @Override
    public synchronized void remove(String container) {
        kill(container);
        lookUp(container).ifPresent(found -> {
            calls.add("remove " + found.spec().name());
            containers.remove(found.id());
        });
    }

    @Override
    public void copyInto(String container, String directory, TarWriter tar) throws IOException {
        // Written before the lock is taken: the writer may look at this engine.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tar.write(bytes);
        synchronized (this) {
            FakeContainer found = inside(container);
            calls.add("copyInto " + found.spec().name() + " " + directory);
            require(found, directory);
            found.files().extract(directory, new ByteArrayInputStream(bytes.toByteArray()));
        }
    }

    @Override
    public synchronized InputStream copyOutOf(String container, String path) throws IOException {
        FakeContainer found = inside(container);
        require(found, path);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        found.files().archive(path, bytes);
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    @Override
    public synchronized Optional<String> mark(String container, String path) {
        return container(container).isEmpty()
                ? Optional.empty()
                : inside(container).files().mark(path);
    }

    @Override
    public int exec(String container, ExecSpec spec, Consumer<String> output) throws InterruptedException {
        FakeContainer found;
        Script current;
        synchronized (this) {
            found = inside(container);
            if (!found.running()) {
                throw new EngineException(Kind.CONFLICT, "Container " + container + " is not running", null);
            }
            calls.add("exec " + found.spec().name() + " " + String.join(" ", spec.command()));
            current = script;
        }
        return current.run(found, spec, output);
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    private Optional<FakeContainer> lookUp(String nameOrId) {
        return containers.values().stream()
                .filter(container -> container.id().equals(nameOrId)
                        || container.spec().name().equals(nameOrId))
                .findFirst();
    }

    private static void require(FakeContainer container, String path) {
        if (container.files().find(path).isEmpty()) {
            throw new EngineException(
                    Kind.NOT_FOUND,
                    "Could not find the file " + path + " in container "
                            + container.spec().name(),
                    null);
        }
    }
}
