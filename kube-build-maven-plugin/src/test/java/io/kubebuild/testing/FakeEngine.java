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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
    private static final String ARCHITECTURE = "amd64";
    private static final List<String> ENVIRONMENT = List.of("PATH=/usr/bin:/bin");

    private final FakeContainers containers = new FakeContainers();
    private final FakeImages images = new FakeImages();
    private final FakeRegistry registry = new FakeRegistry();
    private final List<String> calls = new ArrayList<>();
    private final List<ExecSpec> execs = new ArrayList<>();
    private final List<ImageBuild> builds = new ArrayList<>();
    private final Deque<EngineException> failures = new ArrayDeque<>();
    private List<String> securityOptions = List.of();
    private boolean limitsProcesses = true;
    private boolean stopped;
    private Optional<String> buildFailure = Optional.empty();
    private Function<FakeContainer, OptionalInt> main = container -> OptionalInt.empty();
    private Script script = (container, spec, output) -> 0;

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

    /** The next call that is kept in {@link #calls} fails and has no effect. */
    public synchronized FakeEngine failNext(Kind kind, String text) {
        failures.add(new EngineException(kind, text, null));
        return this;
    }

    /** From now on nobody answers, but for those who wait for a container that has ended. */
    public synchronized FakeEngine stop() {
        stopped = true;
        return this;
    }

    /** Builds print their first step and then fail. */
    public synchronized FakeEngine failBuilds(String text) {
        buildFailure = Optional.of(text);
        return this;
    }

    /** What {@link #info} says of security, as {@code name=rootless}. */
    public synchronized FakeEngine securityOptions(String... options) {
        securityOptions = List.of(options);
        return this;
    }

    /** Makes it an engine without the control group for processes, as rootless ones on older systems are. */
    public synchronized FakeEngine withoutLimits() {
        limitsProcesses = false;
        return this;
    }

    /** Makes it an engine on another machine: it sees no directory of this one. */
    public synchronized FakeEngine elsewhere() {
        containers.moveElsewhere();
        return this;
    }

    /** Adds an image for linux/amd64 and returns its id. */
    public synchronized String addImage(String reference, Map<String, String> labels) {
        return addImage(reference, ARCHITECTURE, labels);
    }

    /** Adds an image for linux and that architecture and returns its id. */
    public synchronized String addImage(String reference, String architecture) {
        return addImage(reference, architecture, Map.of());
    }

    private String addImage(String reference, String architecture, Map<String, String> labels) {
        String id = images.make(architecture, labels, ENVIRONMENT);
        images.name(id, reference);
        return id;
    }

    /** Makes an image for linux/amd64 available for pulling and returns the id that it will have, whenever it is pulled. */
    public synchronized String addRemoteImage(String reference) {
        return addRemoteImage(reference, ARCHITECTURE);
    }

    /** Makes an image for linux and that architecture available for pulling, whatever platform is asked for. */
    public synchronized String addRemoteImage(String reference, String architecture) {
        byte[] config = FakeImages.configOf(architecture, Map.of(), ENVIRONMENT, "remote image " + reference);
        registry.add(reference, config);
        return FakeImages.idOf(config);
    }

    /** Refuses the next pulls of a reference, one for each text. */
    public synchronized FakeEngine refuse(String reference, Kind kind, String... texts) {
        registry.refuse(reference, kind, texts);
        return this;
    }

    /** Adds a container that runs, as somebody else may have left it, and returns its id. */
    public synchronized String addContainer(ContainerSpec spec) {
        FakeContainer container = containers.add(spec, imageOf(spec));
        container.begin();
        return container.id();
    }

    /** Ends the main process of a container, as if by itself. */
    public synchronized void end(String container, int exitCode) {
        inside(container).end(exitCode);
        notifyAll();
    }

    /**
     * Calls in order, as far as they did more than look for images and containers: {@code "create NAME"}, {@code "exec NAME
     * ARGV…"}, {@code "pull REFERENCE"} …
     */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    /** Commands that were run in containers, in order. */
    public synchronized List<ExecSpec> execs() {
        return List.copyOf(execs);
    }

    /** Builds that were asked for, in order. */
    public synchronized List<ImageBuild> builds() {
        return List.copyOf(builds);
    }

    /** The credentials that came with each pull of a reference, in order. */
    public synchronized List<Optional<RegistryCredentials>> shown(String reference) {
        return registry.shown(reference);
    }

    /** Every name of an image, with the image's id. */
    public synchronized Map<String, String> imageNames() {
        return images.names();
    }

    /** The container behind a name or id, to look into its files. */
    public synchronized FakeContainer inside(String nameOrId) {
        return containers.get(nameOrId);
    }

    @Override
    public synchronized EngineInfo info() {
        return new EngineInfo(
                "unix:///fake/docker.sock",
                "test",
                "FAKE",
                "20.10.24",
                "1.41",
                "linux",
                ARCHITECTURE,
                4,
                8L << 30,
                "/var/lib/docker",
                limitsProcesses,
                limitsProcesses,
                securityOptions);
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
        called("pull " + reference);
        images.name(images.add(registry.pull(reference, credentials)), reference);
        progress.accept("Pull complete");
    }

    @Override
    public synchronized void tag(String reference, String newReference) {
        called("tag " + reference + " " + newReference);
        if (newReference.contains("@")) {
            throw new EngineException(Kind.OTHER, "refusing to create a tag with a digest reference", null);
        }
        images.name(images.id(reference).orElseThrow(() -> FakeImages.absent(reference)), newReference);
    }

    @Override
    public synchronized void removeImage(String reference) {
        called("removeImage " + reference);
        images.remove(reference);
    }

    @Override
    public synchronized String build(ImageBuild build, Consumer<String> output) {
        String tags = String.join(" ", build.tags());
        called("build " + tags);
        builds.add(build);
        output.accept("Step 1/1 : FROM fake");
        buildFailure.ifPresent(text -> {
            throw new EngineException(Kind.OTHER, "building image " + tags + ": " + text, null);
        });
        String id = images.make(ARCHITECTURE, build.labels(), List.of());
        build.tags().forEach(tag -> images.name(id, tag));
        return id;
    }

    @Override
    public synchronized InputStream save(List<String> references) throws IOException {
        called("save " + String.join(" ", references));
        return images.save(references);
    }

    @Override
    public synchronized void load(Path archive) {
        called("load " + archive.getFileName());
        try {
            images.load(archive);
        } catch (IOException e) {
            throw new EngineException(Kind.OTHER, "loading " + archive + ": " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized String create(ContainerSpec spec) {
        called("create " + spec.name());
        return containers.add(spec, imageOf(spec)).id();
    }

    @Override
    public synchronized void start(String container) {
        FakeContainer found = inside(container);
        called("start " + found.spec().name());
        // Where the script throws, the container never ran.
        OptionalInt exitCode = main.apply(found);
        found.begin();
        exitCode.ifPresent(found::end);
        notifyAll();
    }

    @Override
    public synchronized int await(String container) throws InterruptedException {
        FakeContainer found = inside(container);
        if (!stopped) {
            called("await " + found.spec().name());
        }
        while (found.running()) {
            wait();
        }
        return found.info().exitCode();
    }

    @Override
    public synchronized Optional<ContainerInfo> container(String nameOrId) {
        requireRunning();
        return containers.find(nameOrId).map(FakeContainer::info);
    }

    @Override
    public synchronized List<ContainerInfo> containers(String namePrefix) {
        return containers.list(namePrefix);
    }

    @Override
    public synchronized String logs(String container, int lastLines) {
        requireRunning();
        return inside(container).lastLines(lastLines);
    }

    @Override
    public synchronized void kill(String container) {
        containers.find(container).filter(FakeContainer::running).ifPresent(found -> {
            called("kill " + found.spec().name());
            end(container, KILLED);
        });
    }

    @Override
    public synchronized void remove(String container) {
        containers.find(container).ifPresent(found -> {
            called("remove " + found.spec().name());
            if (found.running()) {
                end(container, KILLED);
            }
            containers.remove(found);
        });
    }

    @Override
    public void copyInto(String container, String directory, TarWriter tar) throws IOException {
        // Written before the lock is taken: the writer may look at this engine.
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tar.write(bytes);
        synchronized (this) {
            FakeContainer found = inside(container);
            called("copyInto " + found.spec().name() + " " + directory);
            found.extract(directory, bytes.toByteArray());
        }
    }

    @Override
    public synchronized InputStream copyOutOf(String container, String path) throws IOException {
        FakeContainer found = inside(container);
        called("copyOutOf " + found.spec().name() + " " + path);
        return found.archive(path);
    }

    @Override
    public synchronized Optional<String> mark(String container, String path) {
        return containers.find(container).flatMap(found -> {
            called("mark " + found.spec().name() + " " + path);
            return found.files().mark(path);
        });
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
            called("exec " + found.spec().name() + " " + String.join(" ", spec.command()));
            execs.add(spec);
            current = script;
        }
        return current.run(found, spec, output);
    }

    @Override
    public synchronized void close() {
        called("close");
    }

    private void requireRunning() {
        if (stopped) {
            throw new EngineException(Kind.UNREACHABLE, "connection refused", null);
        }
    }

    private void called(String call) {
        requireRunning();
        calls.add(call);
        if (!failures.isEmpty()) {
            throw failures.remove();
        }
    }

    private String imageOf(ContainerSpec spec) {
        return images.id(spec.image()).orElseThrow(() -> FakeImages.absent(spec.image()));
    }
}
